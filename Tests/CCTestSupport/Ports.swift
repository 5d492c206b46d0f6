// Ports on loopback that are free for UDP and TCP, picked by the kernel.

import Foundation

/// Hands out port numbers; none twice in one run of the tests.
public enum Ports {
  private static let given = Mutexed<Set<UInt16>>([])

  /// A number that nobody is bound to on 127.0.0.1, neither for UDP nor for TCP.
  public static func free() -> UInt16 {
    while true {
      guard let port = pick(SOCK_DGRAM, 0), pick(SOCK_STREAM, port) != nil else { continue }
      if given.with({ $0.insert(port).inserted }) { return port }
    }
  }

  /// An even one, for sound: the next two belong to it.
  public static func freeEven() -> UInt16 {
    while true {
      let port = free()
      if port.isMultiple(of: 2), pick(SOCK_DGRAM, port + 1) != nil,
        pick(SOCK_DGRAM, port + 2) != nil,
        given.with({ $0.insert(port + 1).inserted && $0.insert(port + 2).inserted })
      {
        return port
      }
    }
  }

  /// Whether somebody is bound to the UDP port.
  ///
  /// Trying to bind it would take it away from a peer that is just starting; the kernel's table
  /// costs a millisecond to read, so all who ask share one look.
  public static func isTaken(udp port: UInt16) -> Bool {
    taken.with { look in
      if -look.at.timeIntervalSinceNow > 0.02 { look = (Date(), udpTable()) }
      return look.ports.contains(port)
    }
  }

  private static let taken = Mutexed<(at: Date, ports: Set<UInt16>)>((.distantPast, []))

  private static func udpTable() -> Set<UInt16> {
    // Foundation reads only the first page of a file that claims to be empty.
    let descriptor = open("/proc/net/udp", O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    var table: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = read(descriptor, &buffer, buffer.count), count > 0 {
      table += buffer[..<count]
    }
    let lines = String(decoding: table, as: UTF8.self).split(separator: "\n").dropFirst()
    return Set(
      lines.compactMap { line in
        line.split(separator: " ").dropFirst().first?.split(separator: ":").last
          .flatMap { UInt16($0, radix: 16) }
      })
  }

  /// Whether somebody listens on the TCP port.
  public static func answers(tcp port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    return withLoopback(port) { connect(descriptor, $0, $1) } == 0
  }

  /// Whether somebody listens on the TCP port, as the kernel's table says: nobody is connected to.
  public static func listens(tcp port: UInt16) -> Bool {
    let descriptor = open("/proc/net/tcp", O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    var table: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = read(descriptor, &buffer, buffer.count), count > 0 {
      table += buffer[..<count]
    }
    let place = ":" + String(format: "%04X", port)
    return String(decoding: table, as: UTF8.self).split(separator: "\n").contains { line in
      let fields = line.split(separator: " ")
      return fields.count > 3 && fields[1].hasSuffix(place) && fields[3] == "0A"
    }
  }

  private static func pick(_ type: __socket_type, _ port: UInt16) -> UInt16? {
    let descriptor = socket(AF_INET, Int32(type.rawValue), 0)
    defer { close(descriptor) }
    guard withLoopback(port, { bind(descriptor, $0, $1) }) == 0 else { return nil }
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let named = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(descriptor, $0, &length)
      }
    }
    return named == 0 ? UInt16(bigEndian: address.sin_port) : nil
  }

  /// Calls the body with the address 127.0.0.HOST:port.
  public static func withLoopback<T>(
    _ port: UInt16, host: UInt8 = 1, _ body: (UnsafePointer<sockaddr>, socklen_t) -> T
  ) -> T {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = (0x7F00_0000 | UInt32(host)).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}
