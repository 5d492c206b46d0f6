// The first line of a SIP message, and where one begins in bytes that make no sense.

/// What the first line of a message says (RFC 3261 sections 7.1 and 7.2).
enum StartLine: Hashable {
  /// `METHOD URI SIP/2.0`.
  case request(method: String)
  /// The same in a version that is not spoken.
  case foreignVersion
  /// `SIP/2.0 CODE REASON`; the reason may be missing, as some write it.
  case status(code: Int, hasReason: Bool)
  /// `SIP/2.0` and what is no code of three digits from 100 to 699.
  case badStatus

  /// Reads a line without its end; nil if it is no first line.
  init?(_ line: Slice<UnsafeBufferPointer<UInt8>>) {
    if line.starts(with: Self.version) {
      let rest = line.dropFirst(Self.version.count)
      guard rest.first == Self.space else { return nil }
      let code = rest.dropFirst().prefix { $0 != Self.space }
      let reason = rest.dropFirst(1 + code.count)
      guard code.count == 3, code.allSatisfy(Self.isDigit) else {
        self = .badStatus
        return
      }
      let number = code.reduce(0) { $0 * 10 + Int($1 & 15) }
      guard (100..<700).contains(number) else {
        self = .badStatus
        return
      }
      self = .status(code: number, hasReason: !reason.isEmpty)
      return
    }
    let method = line.prefix(while: Self.isToken)
    guard !method.isEmpty, method.count <= Self.longestMethod else { return nil }
    let afterMethod = line.dropFirst(method.count)
    guard afterMethod.first == Self.space else { return nil }
    let uri = afterMethod.dropFirst().prefix { $0 > Self.space && $0 != 0x7F }
    guard uri.contains(UInt8(ascii: ":")) else { return nil }
    let afterURI = afterMethod.dropFirst(1 + uri.count)
    guard afterURI.first == Self.space else { return nil }
    let version = afterURI.dropFirst()
    guard version.elementsEqual(Self.version) else {
      // `SIP/` and something else: it knows SIP, and not ours.
      guard version.starts(with: Self.version.prefix(4)),
        version.allSatisfy({ $0 > Self.space && $0 < 0x7F })
      else { return nil }
      self = .foreignVersion
      return
    }
    self = .request(method: String(decoding: method, as: UTF8.self))
  }

  /// Whether a message surely begins here: what follows garbage has to be sure.
  var isSure: Bool {
    switch self {
    case .request(let method): Self.methods.contains(method)
    case .status: true
    case .foreignVersion, .badStatus: false
    }
  }

  /// Where a sure first line begins inside a line that is none; nil: nowhere.
  ///
  /// Garbage without a line end is glued to what comes next. In a header that can be read, words behind a
  /// space are its own, where its values hold words.
  static func glued(in line: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
    let name = line.prefix { $0 != UInt8(ascii: ":") }
    let isHeader = name.count < line.count && !name.isEmpty && name.allSatisfy(isToken)
    let value = line[name.endIndex...].dropFirst().drop { $0 == space || $0 == 0x09 }.startIndex
    var index = line.startIndex + 1
    while index < line.endIndex {
      defer { index += 1 }
      let byte = line[index]
      guard byte == UInt8(ascii: "S") || (byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")),
        line.endIndex - index >= shortest
      else { continue }
      let isBehindSpace = line[index - 1] == space || line[index - 1] == 0x09
      guard !isBehindSpace || !isHeader || isNoWord(of: name, isFirst: index == value) else {
        continue
      }
      let rest = line[index...]
      // Cheap looks first: most of garbage is turned away by them.
      guard rest.starts(with: version) || startsWithMethod(rest) else { continue }
      if let start = StartLine(rest), start.isSure { return index }
    }
    return nil
  }

  private static func isNoWord(
    of name: Slice<UnsafeBufferPointer<UInt8>>, isFirst: Bool
  ) -> Bool {
    let name = String(decoding: name, as: UTF8.self).lowercased()
    return wordless.contains(name) || isFirst && addresses.contains(name)
  }

  /// Headers whose values hold no words (RFC 3261 section 25.1): a first line in one is the next message's.
  static let wordless: Set<String> = [
    "via", "v", "call-id", "i", "cseq", "max-forwards", "content-length", "l", "expires",
  ]
  /// Headers whose values begin with an address: words stand in its name, behind a quote.
  static let addresses: Set<String> = [
    "from", "f", "to", "t", "contact", "m", "route", "record-route",
  ]

  private static func startsWithMethod(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    methodBytes.contains { bytes.starts(with: $0) }
  }

  /// What telephones ask of each other.
  static let methods: Set<String> = [
    "INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REGISTER", "INFO", "UPDATE", "PRACK", "REFER",
    "NOTIFY", "SUBSCRIBE", "MESSAGE", "PUBLISH",
  ]
  private static let methodBytes = methods.map { Array("\($0) ".utf8) }
  private static let version = Array("SIP/2.0".utf8)
  private static let space = UInt8(ascii: " ")
  private static let longestMethod = 64
  /// The shortest first line: `SIP/2.0 200`.
  private static let shortest = 11

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
  }

  /// RFC 3261's `token`.
  static func isToken(_ byte: UInt8) -> Bool {
    if isLetter(byte) || isDigit(byte) { return true }
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "%"),
      UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "`"),
      UInt8(ascii: "'"), UInt8(ascii: "~"):
      return true
    default: return false
    }
  }
}
