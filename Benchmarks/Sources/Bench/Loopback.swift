// Addresses of this machine, and ports that the kernel picks.

import Glibc

/// An address of this machine.
func loopback(_ port: UInt16, host: UInt8 = 1) -> sockaddr_in {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = (0x7F00_0000 | in_addr_t(host)).bigEndian
  address.sin_port = port.bigEndian
  return address
}

/// Hands an address to a call of the system.
func with(_ address: sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
  var address = address
  return withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
}

/// Binds a socket to a port that the kernel picks; nil: it cannot be bound.
func bound(_ descriptor: Int32) -> UInt16? {
  guard with(loopback(0), { bind(descriptor, $0, $1) }) == 0 else { return nil }
  var address = sockaddr_in()
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let isKnown = withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      getsockname(descriptor, $0, &length) == 0
    }
  }
  return isKnown ? UInt16(bigEndian: address.sin_port) : nil
}
