// Whether a name is this machine's own, so that a secret to it does not travel.

/// The one rule of what is local, for every place that sends a secret without TLS.
public enum ThisMachine {
  /// `localhost`, an IPv4 address of 127.0.0.0/8 in its four decimal numbers, or `::1`, which may stand
  /// in brackets.
  ///
  /// A name that only begins like one (`127.evil.example`, `localhost.evil.example`) is looked up
  /// somewhere, and so are the short and octal forms of an address by some; they are none.
  public static func isNamed(_ host: some StringProtocol) -> Bool {
    let bytes = Array(host.lowercased().utf8)
    let isBracketed = bytes.first == UInt8(ascii: "[") && bytes.last == UInt8(ascii: "]")
    let name = isBracketed ? Array(bytes.dropFirst().dropLast()) : bytes
    if name == Array("::1".utf8) || name == Array("0:0:0:0:0:0:0:1".utf8) { return true }
    return !isBracketed && (name == Array("localhost".utf8) || isLoopback4(name))
  }

  private static func isLoopback4(_ name: [UInt8]) -> Bool {
    let parts = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0].elementsEqual("127".utf8) && parts.allSatisfy(isNumber)
  }

  /// A decimal number up to 255, without a zero in front.
  private static func isNumber(_ part: ArraySlice<UInt8>) -> Bool {
    guard (1...3).contains(part.count), part.allSatisfy({ (0x30...0x39).contains($0) }),
      part.count == 1 || part.first != UInt8(ascii: "0")
    else { return false }
    return part.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 255
  }
}
