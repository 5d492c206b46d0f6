// What registers when a desk opens, whatever it is called on the screen.

import CCCore
import CCLine
import Glibc

/// The accounts that a desk holds while it runs: no two desks of a user may share one.
///
/// A SIP account is a user and a domain, or a registrar where no domain is written, in whatever form they
/// are written; with several registrars it is one for each. What the SDK registers is a token, so it goes by where that comes from.
/// A line of one's own goes by `desk.account`, and without that by its command and its token.
struct DeskIdentity: Hashable, Sendable {
  /// How it is told to a person.
  var shown: String
  /// What is compared; it names the lock's file, so what may be secret stands in it as a hash.
  var key: String

  /// Those of a line; none: nobody minds a second desk.
  static func all(_ choice: LineChoice, _ configuration: Configuration) -> [DeskIdentity] {
    if case .demo = choice { return [] }
    if case .replay = choice { return [] }
    switch choice.settingsName {
    case "sip"?:
      let sip = sip(configuration)
      if !sip.isEmpty { return sip }
      return [DeskIdentity(shown: "sip", key: "sip")]
    case "sdk"?:
      return [
        DeskIdentity(shown: shown("sdk", configuration), key: "sdk \(hash(token(configuration)))")
      ]
    default:
      let line = command(choice)
      // A line of one's own says no account before it runs: the name in the configuration is the only
      // one that there is.
      let key =
        configuration.text("desk.account").map { "exec \($0)" }
        ?? "\(line) \(hash(token(configuration)))"
      return [DeskIdentity(shown: shown(line, configuration), key: key)]
    }
  }

  /// FNV-1a, 64 bits, in hexadecimal digits.
  static func hash(_ text: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return String(hash, radix: 16)
  }

  // MARK: SIP

  /// An address of record is one account wherever it is registered.
  ///
  /// So where a domain is written, it and the user are all that is compared. Without one the registrar is the domain, its port with it.
  private static func sip(_ configuration: Configuration) -> [DeskIdentity] {
    guard let text = configuration.text("sip.account") else { return [] }
    let registrars = (configuration.text("sip.registrar") ?? "").split { $0 == "," || $0 == " " }
      .map { Self.host(String($0)) }
    guard let first = registrars.first else { return [] }
    let account = SIPAccount(text)
    let domain = (configuration.text("sip.domain") ?? account.domain).map(Self.host)
    let shown = "sip \(account.user)@\(domain?.written ?? first.written)"
    return Set(registrars.map { "sip \(account.user)@\(Self.place(of: $0, domain))" }).sorted()
      .map { DeskIdentity(shown: shown, key: $0) }
  }

  /// What stands behind the user: the domain, or the registrar where that is the domain.
  private static func place(of registrar: Place, _ domain: Place?) -> String {
    let own = registrar.name + (registrar.port.map { ":\($0)" } ?? "")
    guard let domain, domain.name != registrar.name else { return own }
    // Every machine has a domain of that name.
    return domain.name == thisMachine ? "\(domain.name) at \(own)" : domain.name
  }

  private struct Place: Hashable {
    /// In small letters, without brackets and a last dot.
    var written: String
    /// The one name of all its spellings.
    var name: String
    /// Nil for those that SIP has where none is written, with TLS and without.
    var port: Int?
  }

  /// A host as all its spellings have it: small letters, no brackets, no last dot, no usual port, one form
  /// of an address.
  private static func host(_ text: String) -> Place {
    var rest = text.lowercased()[...]
    for scheme in ["sips:", "sip:"] where rest.hasPrefix(scheme) {
      rest = rest.dropFirst(scheme.count)
    }
    var port: Int?
    if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
      let tail = rest[rest.index(after: end)...]
      if tail.hasPrefix(":") { port = Int(tail.dropFirst()) }
      rest = rest[rest.index(after: rest.startIndex)..<end]
    } else if let colon = rest.firstIndex(of: ":"), !rest[rest.index(after: colon)...].contains(":")
    {
      port = Int(rest[rest.index(after: colon)...])
      rest = rest[..<colon]
    }
    while rest.hasSuffix("."), rest.count > 1 { rest = rest.dropLast() }
    if port == 5060 || port == 5061 { port = nil }
    return Place(written: String(rest), name: name(String(rest)), port: port)
  }

  private static let thisMachine = "localhost"

  /// What `/etc/hosts` calls this machine (RFC 6761 section 6.3, Debian, Fedora).
  private static let names: Set<String> = [
    thisMachine, "localhost.localdomain", "localhost4", "localhost4.localdomain4", "localhost6",
    "localhost6.localdomain6", "ip6-localhost", "ip6-loopback",
  ]
  /// The addresses of those names, and the one that is nobody's and leads here.
  private static let addresses: Set<String> = ["127.0.0.1", "::1", "0.0.0.0", "::"]

  /// The one name of a host: an address as the system writes it, whatever form was used (`127.1`,
  /// `0x7f.1`, inet_aton(3)); an IPv4 address that is written as IPv6 (RFC 4291 section 2.5.5.2) is that
  /// one.
  private static func name(_ text: String) -> String {
    let name = address(text) ?? text
    return names.contains(name) || name.hasSuffix(".\(thisMachine)") || addresses.contains(name)
      ? thisMachine : name
  }

  private static func address(_ text: String) -> String? {
    var four = in_addr()
    if inet_aton(text, &four) != 0 { return address(&four, AF_INET) }
    var six = in6_addr()
    guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
    let bytes = withUnsafeBytes(of: six) { Array($0) }
    if bytes[..<10].allSatisfy({ $0 == 0 }), bytes[10...11] == [0xFF, 0xFF] {
      return bytes[12...].map(String.init).joined(separator: ".")
    }
    return address(&six, AF_INET6)
  }

  private static func address<T>(_ number: inout T, _ family: Int32) -> String? {
    var name = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    guard inet_ntop(family, &number, &name, socklen_t(name.count)) != nil else { return nil }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  // MARK: What is not SIP

  /// Where the token comes from: another source, user or body is another account.
  private static func token(_ configuration: Configuration) -> String {
    let from = configuration.text("token.from") ?? "none"
    let names: [String] =
      switch from {
      case "url": ["token.url", "token.user", "token.body"]
      case "command": ["token.command"]
      case "file": ["token.file"]
      default: []
      }
    let headers =
      from == "url"
      ? configuration.keys.map(\.name).filter { $0.hasPrefix("token.headers.") } : []
    let parts = (names + headers).map { "\($0)=\(configuration.text($0) ?? "")" }
    return ([from] + parts).joined(separator: "\u{1F}")
  }

  /// A command as the program that it runs, and its words.
  private static func command(_ choice: LineChoice) -> String {
    switch choice {
    case .program(let name): return name
    case .exec(let text):
      guard case .success(let words) = CommandWords.split(text), let first = words.first else {
        return text
      }
      let real = first.contains("/") ? realpath(first, nil) : nil
      defer { free(real) }
      let program = real.map { String(cString: $0) } ?? first
      return "exec " + ([program] + words.dropFirst()).joined(separator: "\u{1F}")
    case .demo, .replay: return ""
    }
  }

  /// The agent's name is what a person knows it by; the command, where she has none.
  private static func shown(_ line: String, _ configuration: Configuration) -> String {
    let words = line.split(separator: "\u{1F}").joined(separator: " ")
    guard let account = configuration.text("desk.account") else { return words }
    return "\(words.prefix { $0 != " " }) \(account)"
  }
}
