// The line's part of the configuration, as `register` brings it.

import CCCore
import CCJSON

/// Where to sign in, as whom, and how sound is made.
///
/// The keys are those of `sip.` in the configuration.
struct Settings: Hashable {
  /// What carries the signalling.
  enum Transport: String, Hashable {
    case tcp, udp, tls

    /// The port where the settings name none.
    var usualPort: UInt16 { self == .tls ? 5061 : 5060 }
    /// What follows our address in a Contact.
    var parameter: String { self == .udp ? "" : ";transport=\(rawValue)" }
    /// Whether messages of any length arrive whole.
    var isStream: Bool { self != .udp }
  }

  /// Where sound comes from and goes to.
  enum Audio: Hashable {
    /// Silence is sent, and what arrives is dropped.
    case none
    /// A WAV file is played over and over, and what arrives is written into another.
    case file(input: String?, output: String?)
    /// The devices of the sound server.
    case pulse(DeviceChoice)
    /// The devices of ALSA.
    case alsa(DeviceChoice)
    /// The sound server where one answers, else ALSA where it has a device, else silence.
    case auto(DeviceChoice)
  }

  /// The registrars, in the order in which they are asked; never none.
  var registrars: [HostPort]
  var domain: String
  var user: String
  var password: Secret
  var transport: Transport
  /// The authorities that may sign the registrar's certificate, as a PEM file; nil: the system's.
  var caFile: String?
  var audio: Audio
  /// How the sound of calls travels.
  var media = MediaRules()
  var infoHeader: InfoHeader?
  /// The only realm that may ask for the password; nil: that of the registrar's first challenge.
  var realm: String?
  /// How long the first sign of an answer may take, in milliseconds.
  var firstAnswer: Int
  /// How long it may ring, in milliseconds.
  var ringing: Int
  /// How calls are taken, refused and dialled.
  var rules: CallRules
  /// Who may call beside the registrars.
  var trusted: [Trusted] = []
  /// How often a quiet registrar is asked whether it is there, in seconds.
  var keepalive: Int

  var refusal: Int { rules.refusal.code }
  var tones: CallRules.Tones { rules.tones }
  var followTransfers: Bool { rules.followTransfers }

  /// The account as it is shown: `1001@pbx.example`.
  var account: String { "\(user)@\(domain)" }

  /// What tells the calls of this account from those of others, in files that outlive a line.
  var bookName: String {
    ([account] + registrars.map { "\($0.host) \($0.port ?? 0)" }).joined(separator: " ")
  }
  /// How what travels is protected, for the header.
  var protection: SafeText {
    guard transport == .tls else { return "clear" }
    return media.protection == .required ? "TLS, SRTP" : "TLS"
  }
  /// The account's address.
  var address: String { "sip:\(SIPText.escapedUser(user))@\(domain)" }

  /// A setting that cannot be used, in one sentence.
  struct Unusable: Error, Hashable {
    var sentence: String
  }

  /// Reads the `config` object of `register`, and its token, which is the password.
  ///
  /// A line that is driven by hand may find the password in the object.
  init(_ config: JSONValue?, token: Secret?) throws(Unusable) {
    let reader = SettingsReader(config)
    guard let registrar = try reader.text("registrar") else {
      throw Unusable(sentence: "sip.registrar is not set: the host that calls go through.")
    }
    let registrars = registrar.split(whereSeparator: { $0 == "," || $0 == " " })
      .map { HostPort(String($0)) }
    guard let first = registrars.first, let hostPort = first, !registrars.contains(nil),
      registrars.count <= 8
    else {
      throw Unusable(sentence: "sip.registrar is no host or host:port, nor a list of them.")
    }
    guard let account = try reader.text("account") else {
      throw Unusable(sentence: "sip.account is not set: user, or user@domain.")
    }
    let written = SIPAccount(account)
    let (user, ownDomain) = (written.user, written.domain)
    guard !user.isEmpty, user.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F })
    else { throw Unusable(sentence: "sip.account is no user or user@domain.") }
    let domain = try reader.text("domain") ?? ownDomain ?? hostPort.bracketedHost
    guard HostPort(domain)?.port == nil, HostPort(domain) != nil else {
      throw Unusable(sentence: "sip.domain is no host name.")
    }
    guard let password = try reader.password(token) else {
      throw Unusable(sentence: "no password: set sip.passwordCommand or sip.password.")
    }
    self.registrars = registrars.compactMap { $0 }
    self.domain = domain
    self.user = user
    self.password = password
    self.transport = try reader.transport()
    self.caFile = try reader.text("caFile")
    guard caFile == nil || transport == .tls else {
      throw Unusable(sentence: "sip.caFile is for sip.transport: tls, and that is not set.")
    }
    self.media.protection = try reader.protection(over: transport)
    self.media.codecs = try reader.codecs()
    self.media.tellsLevels = try reader.flag("levels")
    self.audio = try reader.audio()
    self.infoHeader = try reader.infoHeader()
    self.realm = try reader.text("realm")
    self.firstAnswer = try reader.seconds("firstAnswerSeconds", default: 5, in: 1...60) * 1000
    self.ringing = try reader.seconds("ringSeconds", default: 60, in: 1...600) * 1000
    self.rules = try CallRules(reader)
    self.keepalive = try reader.seconds("keepaliveSeconds", default: 20, in: 1...600)
    self.trusted = try reader.trusted()
  }
}

/// Reads single settings and says what is wrong with them.
struct SettingsReader {
  let config: JSONValue?

  init(_ config: JSONValue?) { self.config = config }

  /// A text; nil if absent or empty.
  ///
  /// A text never holds a control character: it would reach a header.
  func text(_ key: String) throws(Settings.Unusable) -> String? {
    guard let value = config?[key], value != .null else { return nil }
    // An account or a password that is all digits may come as a number.
    guard let text = value.string ?? value.int.map(String.init) else {
      throw Settings.Unusable(sentence: "sip.\(key) is no text.")
    }
    guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
      throw Settings.Unusable(sentence: "sip.\(key) holds a control character.")
    }
    return text.isEmpty ? nil : text
  }

  /// Yes or no; no where it is not set.
  func flag(_ key: String) throws(Settings.Unusable) -> Bool {
    guard let value = config?[key], value != .null else { return false }
    switch value {
    case .bool(let flag): return flag
    case .string("yes"), .string("true"): return true
    case .string("no"), .string("false"), .string(""): return false
    default: throw Settings.Unusable(sentence: "sip.\(key) is yes or no.")
    }
  }

  /// One of a few words; `name`: the setting's own, where it is not `sip.` and the key.
  func choice<Word: RawRepresentable<String>>(
    _ key: String, _ usual: Word, as name: String? = nil
  ) throws(Settings.Unusable) -> Word {
    guard let text = try text(key) else { return usual }
    guard let word = Word(rawValue: text) else {
      throw Settings.Unusable(
        sentence: "\(name ?? "sip.\(key)") cannot be \u{201C}\(SafeText(text, limit: 20))\u{201D}.")
    }
    return word
  }

  func password(_ token: Secret?) throws(Settings.Unusable) -> Secret? {
    if let token, !token.revealed.isEmpty { return token }
    return try text("password").map { Secret($0) }
  }

  func transport() throws(Settings.Unusable) -> Settings.Transport {
    guard let name = try text("transport") else { return .tcp }
    guard let transport = Settings.Transport(rawValue: name) else {
      throw Settings.Unusable(sentence: "sip.transport is tls, tcp or udp.")
    }
    return transport
  }

  /// Keys travel in the signalling: without TLS everybody on the way would have them.
  func protection(
    over transport: Settings.Transport
  ) throws(Settings.Unusable) -> MediaRules.Protection {
    guard let name = try text("srtp"), name != "auto" else {
      return transport == .tls ? .offered : .off
    }
    guard let protection = MediaRules.Protection(rawValue: name) else {
      throw Settings.Unusable(sentence: "sip.srtp is auto, required, offered or off.")
    }
    guard protection == .off || transport == .tls else {
      throw Settings.Unusable(
        sentence: "sip.srtp needs sip.transport: tls, or its keys could be read on the way.")
    }
    return protection
  }

  /// Names separated by commas or blanks, the best first.
  func codecs() throws(Settings.Unusable) -> [Codec] {
    guard let text = try text("codecs") else { return MediaRules().codecs }
    let codecs = text.split { $0 == "," || $0 == " " }.map { Codec(name: String($0)) }
    let known = codecs.compactMap { $0 }
    guard !known.isEmpty, known.count == codecs.count, Set(known).count == known.count else {
      throw Settings.Unusable(sentence: "sip.codecs is a list of opus, pcmu and pcma.")
    }
    return known
  }

  func audio() throws(Settings.Unusable) -> Settings.Audio {
    let name = try text("audio") ?? "auto"
    let choice = DeviceChoice(
      microphone: try text("microphone") ?? "", loudspeaker: try text("loudspeaker") ?? "",
      ringer: try text("ringer") ?? "", cancelsEcho: try flag("echoCancel"))
    switch name {
    case "none": return .none
    case "auto": return .auto(choice)
    case "pulse": return .pulse(choice)
    case "alsa":
      guard !choice.cancelsEcho else {
        throw Settings.Unusable(
          sentence: "sip.echoCancel is the sound server's: ALSA has no echo canceller. "
            + "Set sip.audio: pulse, or sip.echoCancel: no.")
      }
      return .alsa(choice)
    default: break
    }
    guard name.hasPrefix("file:") else {
      throw Settings.Unusable(sentence: "sip.audio is auto, pulse, alsa, none or file:IN,OUT.")
    }
    let parts = name.dropFirst(5).split(
      separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
    func path(_ index: Int) -> String? {
      parts.indices.contains(index) && !parts[index].isEmpty ? String(parts[index]) : nil
    }
    return .file(input: path(0), output: path(1))
  }

  func infoHeader() throws(Settings.Unusable) -> InfoHeader? {
    guard let name = try text("infoHeader") else { return nil }
    guard let header = InfoHeader(name) else {
      throw Settings.Unusable(
        sentence: "sip.infoHeader is no header of its own: a name such as X-CC-Info.")
    }
    return header
  }

  func seconds(
    _ key: String, default usual: Int, in range: ClosedRange<Int>
  ) throws(Settings.Unusable) -> Int {
    guard let value = config?[key], value != .null else { return usual }
    guard let seconds = value.int ?? value.string.flatMap({ Int($0) }), range.contains(seconds)
    else {
      throw Settings.Unusable(
        sentence:
          "sip.\(key) is a number of seconds from \(range.lowerBound) to \(range.upperBound).")
    }
    return seconds
  }
}

extension Settings {
  /// What `ccterm config check` says of a configuration.
  static func faults(in config: JSONValue?) -> [SafeText] {
    do throws(Unusable) {
      // Whether there is a password is not asked here: it comes from its source when it is needed.
      return try Settings(config, token: Secret("-")).rules.warnings
    } catch {
      return [SafeText(error.sentence)]
    }
  }
}
