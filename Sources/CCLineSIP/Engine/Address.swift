// Numeric network addresses.

import CLibre
import Glibc

extension sa {
  /// The address without its port: `192.0.2.1`, `[2001:db8::1]`.
  var host: String {
    var copy = self
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    guard sa_ntop(&copy, &text, Int32(text.count)) == 0 else { return "" }
    let name = String(decoding: text.prefix(while: { $0 != 0 }).map(UInt8.init), as: UTF8.self)
    return name.contains(":") ? "[\(name)]" : name
  }

  /// The port.
  var port: UInt16 {
    var copy = self
    return sa_port(&copy)
  }

  /// Host and port.
  var hostPort: String { "\(host):\(port)" }

  /// The URI under which a user is reached here.
  func contact(_ user: String, over transport: Settings.Transport) -> String {
    "sip:\(SIPText.escapedUser(user))@\(hostPort)\(transport.parameter)"
  }

  /// The same address with another port.
  func with(port: UInt16) -> sa {
    var copy = self
    sa_set_port(&copy, port)
    return copy
  }

  /// Whether both are the same host; the ports do not matter.
  func isSameHost(as other: sa) -> Bool {
    var one = self
    var two = other
    return sa_cmp(&one, &two, Int32(SA_ADDR.rawValue))
  }

  /// Whether it is this machine's own loopback.
  var isLoopback: Bool {
    var copy = self
    return sa_is_loopback(&copy)
  }

  /// Whether it is `0.0.0.0` or `::`.
  var isAny: Bool {
    var copy = self
    return sa_is_any(&copy)
  }

  /// Whether it stands for many, or for none: multicast and broadcast.
  var isForMany: Bool {
    var copy = self
    if sa_af(&copy) == AF_INET {
      let value = sa_in(&copy)
      return value >> 28 == 0xE || value == 0xFFFF_FFFF
    }
    var bytes = [UInt8](repeating: 0, count: 16)
    sa_in6(&copy, &bytes)
    return bytes[0] == 0xFF
  }

  /// The local address from which packets to `destination` leave, with port 0.
  ///
  /// Nothing is sent.
  static func local(toward destination: sa) -> sa? {
    var destination = destination
    let family = sa_af(&destination)
    let descriptor = socket(family, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let length = destination.len
    let connected = withUnsafePointer(to: &destination.u.sa) { connect(descriptor, $0, length) }
    guard connected == 0 else { return nil }
    var found = sa()
    sa_init(&found, family)
    var size = socklen_t(MemoryLayout.size(ofValue: found.u))
    let named = withUnsafeMutablePointer(to: &found.u) { union in
      union.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    guard named == 0 else { return nil }
    return found.with(port: 0)
  }
}
