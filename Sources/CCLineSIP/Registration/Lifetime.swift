// How long a registration lives, and when it is refreshed.

/// Seconds of a registration.
///
/// What a registrar grants is clamped: one that grants nothing would otherwise draw thousands of
/// requests a second.
enum Lifetime {
  /// What is asked for.
  ///
  /// Short enough that a quiet TCP connection is not closed as idle (900 s).
  static let asked = 600
  /// Nothing at all is taken as this, and less is worth a warning.
  static let shortest = 30
  /// It is never asked for again sooner than this.
  static let soonest = 2
  /// More than this is taken as this: a day.
  static let longest = 86_400

  /// What the registrar grants: the parameter of our own contact, else the header, else what was
  /// asked.
  ///
  /// Other contacts are other telephones of the same account. Where none is ours as it was sent, the
  /// registrar has rewritten it: of those that may be, the shortest counts.
  static func granted(contacts: [String], own: String, expires: String, asked: Int) -> Int {
    let header = seconds(expires)
    let ours = contacts.filter { ContactURI.isSame(SIPText.uri(of: $0), own) }
    let user = ContactURI(own)?.user
    let rewritten = contacts.filter { ContactURI(SIPText.uri(of: $0))?.user == user }
    let candidates = ours.isEmpty ? (rewritten.isEmpty ? contacts : rewritten) : ours
    return candidates.map { parameter($0) ?? header ?? asked }.min() ?? header ?? asked
  }

  /// When to refresh what was granted, in milliseconds: at nine tenths, and before the connection counts
  /// as idle.
  static func refresh(_ granted: Int) -> Int {
    let clamped = granted <= 0 ? shortest : min(max(granted, soonest), longest)
    return min(clamped * 900, asked * 900)
  }

  private static func seconds(_ text: String) -> Int? {
    let digits = text.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }
    return Int(digits).map { min(max(0, $0), Int(UInt32.max)) }
  }

  /// `;expires=` of a contact, outside its brackets.
  private static func parameter(_ contact: String) -> Int? {
    NameAddress(contact)?.parameters["expires"].flatMap(seconds)
  }
}
