// Which keys mean the same, or decide over one another: the one place that knows.

/// What else a lock has to hold so that it holds at all.
///
/// A password that is locked is worth nothing where the user may name a command that prints another.
/// Whoever adds a key that can stand in another one's place adds it here.
enum KeyFamily {
  /// The keys that a locked key holds down with it, directly.
  private static let holds: [String: [String]] = [
    "sip.password": ["sip.passwordCommand"],
    "sip.passwordCommand": ["sip.password"],
    // A password of the SIP account counts before any token.
    "token.from": ["sip.password", "sip.passwordCommand"],
    // Another source would be asked instead.
    "token.url": ["token.from"],
    "token.command": ["token.from"],
    "token.file": ["token.from"],
    "token.user": ["token.headers.authorization"],
    "token.secret": ["token.secretFile", "token.headers.authorization"],
    "token.secretFile": ["token.secret", "token.headers.authorization"],
    "cloud.secret": ["cloud.secretFile"],
    "cloud.secretFile": ["cloud.secret"],
    "cloud.brand": ["cloud.api"],
    "sdk.brand": ["sdk.script"],
    "bus.passwordFile": ["bus.passwordCommand"],
    "bus.passwordCommand": ["bus.passwordFile"],
    // Emergency numbers pass every plan, and codes of a status are dialled although nobody has typed
    // them; in another country other numbers are one.
    "sip.dialPlan": ["sip.emergency", "seat.codes", "numbers.country"],
    // The system would be told in another way, or not at all.
    "seat.codes": ["seat.onChange"],
    "seat.command": ["seat.onChange"],
    // The floor shows this one first.
    "desk.account": ["bus.name"],
  ]

  /// The name that all spellings of a key share: header fields know no case.
  static func canonical(_ name: String) -> String {
    name.hasPrefix("token.headers.") ? name.lowercased() : name
  }

  /// Every key that is held where `name` is locked at `value`, itself not among them.
  static func held(with name: String, at value: String) -> Set<String> {
    var held: Set<String> = []
    var open = [canonical(name)]
    while let key = open.popLast() {
      var next = holds[key] ?? []
      // The part after the @ is the domain, and sip.domain counts before it.
      if key == "sip.account", value.contains("@") { next.append("sip.domain") }
      for other in next where other != name && held.insert(other).inserted { open.append(other) }
    }
    return held
  }
}
