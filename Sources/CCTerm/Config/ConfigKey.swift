// The one table of what can be configured.

import CCCore

/// One key of the configuration.
struct ConfigKey: Hashable, Sendable {
  /// What its value must be.
  enum Kind: Hashable, Sendable {
    /// Any text without control characters.
    case text
    /// A whole number of this range.
    case number(ClosedRange<Int>)
    /// `yes` or `no` (`true`, `false`).
    case flag
    /// One of these words.
    case choice([String])
    /// A country's two letters or its country code; empty: none.
    case country
    /// A text that is never printed, and that only a file for the user alone may hold.
    case secret
  }

  /// Dotted: `sip.registrar`.
  let name: String
  /// What its value must be.
  let kind: Kind
  /// The value where none is set; empty: none.
  let usual: String
  /// One line of help.
  let help: String

  var isSecret: Bool { kind == .secret }

  /// Whether it names a file: a relative one in a configuration file lies beside that.
  var isPath: Bool { name.hasSuffix("File") || name == "token.file" }

  /// The value in its one spelling (`yes` for `true`), or what is wrong with it, in half a sentence.
  func checked(_ value: String) -> Result<String, Wrong> {
    switch kind {
    case .text, .secret:
      guard value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
        return .failure(Wrong("takes no control characters"))
      }
      return .success(value)
    case .number(let range):
      guard let number = Int(value), range.contains(number) else {
        return .failure(
          Wrong("is a whole number from \(range.lowerBound) to \(range.upperBound)"))
      }
      return .success(String(number))
    case .flag:
      switch value.lowercased() {
      case "yes", "true", "on": return .success("yes")
      case "no", "false", "off": return .success("no")
      default: return .failure(Wrong("is yes or no"))
      }
    case .country:
      guard value.isEmpty || Country(value) != nil else {
        return .failure(Wrong("is a country's two letters or its code, as in GB or 44"))
      }
      return .success(value)
    case .choice(let words):
      guard words.contains(value) else {
        return .failure(Wrong("is one of \(words.joined(separator: ", "))"))
      }
      return .success(value)
    }
  }

  /// What a value must be and is not.
  struct Wrong: Error, Hashable {
    let words: String
    init(_ words: String) { self.words = words }
  }
}

extension ConfigKey {
  /// Every key there is.
  static let all: [ConfigKey] = [
    key("line", .text, "demo", "the phone line: demo, sip, replay:FILE or exec:COMMAND"),
    key("desk.account", .text, "", "the agent's name, until the line says one"),
    key(
      "numbers.country", .country, "",
      "whose numbers these are, as in GB or 44: callers are told apart by it, numbers grouped"),
    key("seat.wrapUp", .number(0...3600), "30", "seconds of post-call that the desk keeps"),
    key("seat.ringAnyway", .flag, "no", "calls ring in break and post-call too"),
    key(
      "seat.onChange", .choice(["none", "dial", "command"]), "none",
      "how the telephone system is told of a status"),
    key("seat.codes", .text, "break=*45 idle=*46", "for dial: the feature code of a status"),
    key("seat.command", .text, "", "for command: a command; the status is its last word"),
    key(
      "quit.hangUp", .flag, "yes",
      "hang up before the desk ends or its terminal is gone; no: a line of your own decides, "
        + "sip and sdk cannot"),
    key(
      "sip.registrar", .text, "",
      "host or host:port that calls go through; several, in order, with commas"),
    key("sip.domain", .text, "", "the part after the @; the registrar's host by default"),
    key("sip.account", .text, "", "user, or user@domain"),
    key("sip.password", .secret, "", "the password; sip.passwordCommand is better"),
    key("sip.passwordCommand", .text, "", "a command that prints the password"),
    key("sip.transport", .choice(["tcp", "udp", "tls"]), "tcp", "what carries the signalling"),
    key("sip.caFile", .text, "", "the authority that signs the registrar's certificate (PEM)"),
    key(
      "sip.srtp", .choice(["auto", "required", "offered", "off"]), "auto",
      "encrypted sound; auto: offered where sip.transport is tls"),
    key("sip.codecs", .text, "opus,pcmu,pcma", "what may be spoken, the best first"),
    key(
      "sip.audio", .text, "auto",
      "auto, pulse (the sound server), alsa, none, or file:IN,OUT (WAV files)"),
    key("sip.microphone", .text, "", "the microphone's name, or a part; none: the usual one"),
    key("sip.loudspeaker", .text, "", "the same for what is heard"),
    key("sip.ringer", .text, "", "the same for what rings; none: the loudspeaker"),
    key("sip.levels", .flag, "yes", "show how loud both are while a call is talking"),
    key("sip.echoCancel", .flag, "no", "ask the sound server for its echo canceller"),
    key("sip.infoHeader", .text, "", "the header that carries the info; none: it stays here"),
    key("sip.realm", .text, "", "the only realm that is given the password"),
    key("sip.firstAnswerSeconds", .number(1...60), "5", "seconds for the first sign of an answer"),
    key(
      "sip.keepaliveSeconds", .number(1...600), "20",
      "seconds until a registrar that says nothing is asked whether it is there"),
    key(
      "sip.trusted", .text, "",
      "who may call beside the registrars: addresses, host names, networks (10.0.0.0/8)"),
    key("sip.ringSeconds", .number(1...600), "60", "seconds that a call may ring"),
    key("sip.callWaiting", .flag, "no", "a second call rings; else its caller hears busy"),
    key("sip.reject", .choice(["busy", "decline"]), "busy", "what a refused caller hears"),
    key(
      "sip.autoAnswerSeconds", .number(0...60), "0", "take a call by itself after so long; 0: no"),
    key(
      "sip.answerWhenAsked", .flag, "no",
      "take a call by itself where the telephone system asks for it"),
    key("sip.dtmf", .choice(["rfc4733", "info"]), "rfc4733", "how tones are sent in a call"),
    key(
      "sip.dialPlan", .text, "",
      "rules that rewrite or refuse numbers, the first that fits counts: "
        + "0900X. -> refuse; 0|Z. -> +49"),
    key("sip.emergency", .text, "112 911 999", "numbers that are asked about once"),
    key("sip.followTransfers", .flag, "no", "let a far end hand a call of ours on"),
    key(
      "sdk.brand", .choice(["itniotech", "laaffic"]), "itniotech", "whose SDK: its script's host"),
    key("sdk.script", .text, "", "the SDK's script: a URL, or file:PATH served under it; by brand"),
    key("sdk.origin", .text, "https://softphone.invalid", "the https origin that the page has"),
    key("sdk.browser", .text, "", "the browser; the first Chromium or Chrome in PATH by default"),
    key("sdk.window", .choice(["app", "headless"]), "app", "a window of its own, or none"),
    key("sdk.noSandbox", .flag, "no", "give up the browser's sandbox: only to run as root, unwise"),
    key("sdk.scriptSeconds", .number(1...120), "20", "seconds for the script to come"),
    key("sdk.registerSeconds", .number(1...120), "15", "seconds from register to the first status"),
    key("sdk.options.noWorkMode", .flag, "", "register's noWorkMode: without the SDK's workbench"),
    key("sdk.options.isRemark", .flag, "", "register's isRemark: show notes"),
    key("sdk.options.isInformation", .flag, "", "register's isInformation: show the callee's data"),
    key("sdk.options.lang", .choice(["en", "es"]), "", "register's lang"),
    key(
      "token.from", .choice(["none", "url", "command", "file"]), "none", "where a token comes from"),
    key("token.url", .text, "", "the address that hands out the token, https://"),
    key("token.method", .choice(["POST", "GET"]), "POST", "how it is asked"),
    key("token.body", .secret, "", "what is sent to it; it may hold a secret, and is one"),
    key("token.user", .text, "", "the user that it is asked as (HTTP Basic)"),
    key("token.secret", .secret, "", "that user's secret; token.secretFile is as good"),
    key("token.secretFile", .text, "", "a file, mode 0600, that holds that secret"),
    key("token.path", .text, "", "where the token is in the answer, as in data.token"),
    key("token.expiresPath", .text, "", "where its life in seconds is in the answer"),
    key("token.timeout", .number(1...60), "10", "seconds until the answer must be there"),
    key("token.command", .text, "", "a command that prints the token"),
    key("token.file", .text, "", "a file, mode 0600, that holds the token"),
    key(
      "cloud.brand", .choice(["itniotech", "laaffic", "onbuka"]), "itniotech",
      "whose API ccterm cloud asks"),
    key("cloud.api", .text, "", "where that API stands; the brand's host by default"),
    key("cloud.key", .text, "", "the API key; never on an agent's machine"),
    key("cloud.secret", .secret, "", "what belongs to it; cloud.secretFile is as good"),
    key("cloud.secretFile", .text, "", "a file, mode 0600, that holds it"),
    key("cloud.timeout", .number(1...60), "10", "seconds until the API's answer must be there"),
    key("cloud.expires", .number(60...28_800), "3600", "seconds that an issued credential lives"),
    key("cloud.agentsFile", .text, "", "the agents of the token service; /etc/ccterm/token-agents"),
    key("cloud.port", .number(1...65_535), "8787", "the token service's port on 127.0.0.1"),
    key("cloud.team", .text, "cloud", "the team that ccterm cloud feed puts the vendor's seats in"),
    key("cloud.pollSeconds", .number(5...3600), "15", "seconds between two lists of seats"),
    key("bus.url", .text, "", "where the floor is told: mqtts://HOST[,HOST], or mqtt://"),
    key("bus.team", .text, "", "the agent's team on the floor: A-Z a-z 0-9 _ -"),
    key("bus.agent", .text, "", "the agent's name within the team: A-Z a-z 0-9 _ -"),
    key("bus.name", .text, "", "the name that the floor shows; desk.account by default"),
    key("bus.user", .text, "", "the user at the broker; with a password TEAM/AGENT by default"),
    key("bus.passwordFile", .text, "", "a file, mode 0600, that holds the broker's password"),
    key("bus.passwordCommand", .text, "", "a command that prints the broker's password"),
    key("bus.caFile", .text, "", "certificates that the broker's is checked with; the system's"),
    key("bus.keepalive", .number(5...60), "20", "seconds between two signs of life to the broker"),
    key(
      "bus.obey.message", obeying, "ask",
      "a supervisor's message: the agent confirms it, it is only shown, or it is refused"),
    key(
      "bus.obey.seat", obeying, "ask",
      "a status that a supervisor asks for: the agent decides, it is taken, or it is refused"),
    key(
      "bus.obey.signOff", obeying, "ask", "a supervisor's wish that the agent signs off: as above"),
    key("bus.shareNumbers", .flag, "no", "let the floor see the numbers of calls"),
    key(
      "floor.break", .number(0...86_400), "1800",
      "seconds of break after which an agent moves to the top; 0: never"),
    key("floor.postCall", .number(0...86_400), "300", "the same for post-call"),
    key("floor.idle", .number(0...86_400), "900", "the same for idle"),
    key("floor.held", .number(0...86_400), "120", "the same for a call on hold"),
    key("floor.ringing", .number(0...86_400), "20", "the same for a call that rings"),
    key("time.zone", .text, "", "as in Europe/Madrid: times and midnight; the system's"),
    key("screen.colour", .choice(["auto", "256", "8", "mono"]), "auto", "how many colours"),
    key("screen.ascii", .choice(["auto", "yes", "no"]), "auto", "signs and frames in ASCII"),
    key("screen.bell", .flag, "yes", "ring the terminal's bell"),
  ]

  /// The maps that take keys of any name, and what each of their values is.
  static let openMaps: [(prefix: String, kind: Kind)] = [
    // What the SDK's `register` may learn to take one day.
    ("sdk.options.", .text),
    // A header field may carry the backend's own kind of password.
    ("token.headers.", .secret),
    // Accounts of the vendor that do not fit into a topic, and so may hold anything.
    ("cloud.topics.", .text),
  ]

  private static let table = Dictionary(
    all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  /// Whether it is a key of the table, and none of an open map.
  static func isInTable(_ name: String) -> Bool { table[name] != nil }

  /// The key of a name.
  static func named(_ name: String) -> ConfigKey? {
    if let known = table[name] { return known }
    guard let map = openMaps.first(where: { name.hasPrefix($0.prefix) }) else { return nil }
    let rest = name.dropFirst(map.prefix.count).utf8
    // An account is the vendor's business, in whatever script: only controls and blanks are none.
    let isName =
      map.prefix == "cloud.topics."
      ? name.unicodeScalars.allSatisfy { $0.value > 0x20 && !(0x7F...0xA0).contains($0.value) }
      : rest.allSatisfy(isWordByte)
    guard (1...256).contains(rest.count), isName else { return nil }
    return ConfigKey(
      name: name, kind: map.kind, usual: "", help: "a further field of \(map.prefix.dropLast())")
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// What is done with a supervisor's orders.
  private static let obeying = Kind.choice(OrderPolicy.Rule.allCases.map(\.rawValue))

  private static func key(_ name: String, _ kind: Kind, _ usual: String, _ help: String)
    -> ConfigKey
  {
    ConfigKey(name: name, kind: kind, usual: usual, help: help)
  }
}
