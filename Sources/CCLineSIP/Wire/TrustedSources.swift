// Whose requests are listened to.

import CLibre
import Glibc

/// Addresses and networks whose messages count: the registrars', those that their names stand for, the
/// proxies on the way (Path, Service-Route), and those in `sip.trusted`.
struct TrustedSources {
  /// Addresses; the ports do not matter.
  private(set) var hosts: [sa] = []
  /// Networks, by their first address and the bits that count.
  private(set) var networks: [(first: sa, bits: Int)] = []

  /// So many are remembered.
  static let most = 64

  /// Adds an address.
  mutating func add(_ host: sa) {
    guard !contains(host), hosts.count < Self.most else { return }
    hosts.append(host.with(port: 0))
  }

  /// Adds a network.
  mutating func add(_ network: Network) {
    guard networks.count < Self.most else { return }
    networks.append((network.first, network.bits))
  }

  /// Whether what comes from an address is listened to.
  func contains(_ peer: sa) -> Bool {
    hosts.contains { $0.isSameHost(as: peer) }
      || networks.contains { Network(first: $0.first, bits: $0.bits).contains(peer) }
  }

  /// `10.0.0.0/8`, `2001:db8::/32`.
  struct Network {
    var first: sa
    var bits: Int

    init(first: sa, bits: Int) {
      self.first = first
      self.bits = bits
    }

    /// Reads one; nil if it is none.
    init?(_ text: String) {
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 2, let bits = Int(parts[1]), bits >= 0, parts[1].first?.isNumber == true
      else { return nil }
      let host = parts[0].filter { $0 != "[" && $0 != "]" }
      var first = sa()
      guard sa_set_str(&first, host, 0) == 0, bits <= first.bytes.count * 8 else { return nil }
      self.init(first: first, bits: bits)
    }

    func contains(_ peer: sa) -> Bool {
      let (mine, theirs) = (first.bytes, peer.bytes)
      guard mine.count == theirs.count else { return false }
      let whole = bits / 8
      guard mine.prefix(whole) == theirs.prefix(whole) else { return false }
      let rest = bits % 8
      guard rest > 0 else { return true }
      let mask = UInt8(truncatingIfNeeded: 0xFF << (8 - rest))
      return mine[whole] & mask == theirs[whole] & mask
    }
  }
}

extension sa {
  /// The address as bytes, the first one first; an IPv4 address inside IPv6 is one of IPv4.
  var bytes: [UInt8] {
    var copy = self
    switch sa_af(&copy) {
    case AF_INET:
      let value = sa_in(&copy)
      return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    case AF_INET6:
      var bytes = [UInt8](repeating: 0, count: 16)
      sa_in6(&copy, &bytes)
      let isMapped =
        bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
      return isMapped ? Array(bytes[12...]) : bytes
    default: return []
    }
  }
}
