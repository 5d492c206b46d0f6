// Where a bus is: `mqtt://HOST[:PORT][,HOST[:PORT]...]`, or mqtts.

import CCCore

/// The brokers of one bus, in the order in which they are tried.
public struct BusAddress: Hashable, Sendable, CustomStringConvertible {
  /// One broker.
  public struct Host: Hashable, Sendable, CustomStringConvertible {
    /// A name or an address; IPv6 without brackets.
    public var name: String
    /// The TCP port.
    public var port: UInt16

    /// `broker:1883`, `[::1]:8883`.
    public var description: String {
      name.contains(":") ? "[\(name)]:\(port)" : "\(name):\(port)"
    }
  }

  /// Why a text is no address, in one sentence that quotes no secret.
  public struct Refusal: Error, Hashable, Sendable {
    /// The sentence.
    public let sentence: String
  }

  /// The most brokers of one bus.
  public static let most = 16

  /// At least one, in the order given.
  public let hosts: [Host]
  /// Whether TLS is spoken, with the broker's certificate and host name checked.
  public let isSecure: Bool

  /// Reads an address; the port is 1883, or 8883 with TLS, where none is given.
  ///
  /// - Throws: `Refusal`.
  public init(_ text: String) throws(Refusal) {
    let rest: Substring
    if text.hasPrefix("mqtts://") {
      isSecure = true
      rest = text.dropFirst("mqtts://".count)
    } else if text.hasPrefix("mqtt://") {
      isSecure = false
      rest = text.dropFirst("mqtt://".count)
    } else {
      throw Refusal(sentence: "a bus is mqtt://HOST or mqtts://HOST (several: HOST,HOST).")
    }
    guard !rest.contains("@") else {
      throw Refusal(
        sentence: "a bus address holds no user: set bus.user and bus.passwordFile instead.")
    }
    let list = rest.hasSuffix("/") ? rest.dropLast() : rest
    let usual: UInt16 = isSecure ? 8883 : 1883
    var hosts: [Host] = []
    for part in list.split(separator: ",", omittingEmptySubsequences: false) {
      hosts.append(try Self.host(part, usual: usual))
    }
    guard hosts.count <= Self.most else {
      throw Refusal(sentence: "a bus has at most \(Self.most) brokers.")
    }
    self.hosts = hosts
  }

  /// Whether every broker is on this machine, so that nothing travels.
  public var isThisMachine: Bool { hosts.allSatisfy { ThisMachine.isNamed($0.name) } }

  /// As it is written.
  public var description: String {
    (isSecure ? "mqtts://" : "mqtt://") + hosts.map(\.description).joined(separator: ",")
  }

  private static func host(_ text: Substring, usual: UInt16) throws(Refusal) -> Host {
    let name: Substring
    let tail: Substring
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else {
        throw Refusal(sentence: "a bus address has a [ without its ].")
      }
      name = text[text.index(after: text.startIndex)..<end]
      tail = text[text.index(after: end)...]
      guard name.contains(":"), name.utf8.allSatisfy(isOfIPv6) else {
        throw Refusal(sentence: "in a bus address, [ ] hold an IPv6 address, as in [::1].")
      }
    } else {
      let colon = text.firstIndex(of: ":") ?? text.endIndex
      name = text[..<colon]
      tail = text[colon...]
      guard !tail.dropFirst().contains(":") else {
        throw Refusal(sentence: "in a bus address, an IPv6 address stands in [ ], as in [::1].")
      }
      guard !name.isEmpty else { throw Refusal(sentence: "a bus address lacks a host.") }
      guard name.utf8.count <= 253, name.utf8.allSatisfy(isOfName) else {
        throw Refusal(sentence: "\(SafeText(name, limit: 80)) is no host of a bus.")
      }
    }
    if tail.isEmpty { return Host(name: String(name), port: usual) }
    guard tail.hasPrefix(":"), let port = UInt16(tail.dropFirst()), port > 0,
      tail.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else {
      throw Refusal(sentence: "behind a host of a bus stands :PORT, from 1 to 65535.")
    }
    return Host(name: String(name), port: port)
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
    default: false
    }
  }

  private static func isOfIPv6(_ byte: UInt8) -> Bool {
    // Hexadecimal, colons, dots of a mapped address, % and the name of a zone.
    byte == 0x3A || byte == 0x25 || isOfName(byte)
  }
}
