// Ports on loopback that are free for UDP and TCP.

import Foundation

/// Hands out port numbers; none twice in one run of the tests.
///
/// They lie outside of what the kernel gives to connections (`ip_local_port_range`): a number of
/// that range is free when it is asked for, and the next connection of another test has it before
/// the peer that it was meant for has started.
public enum Ports {
  private static let given = Mutexed<Set<UInt16>>([])
  private static let range: Range<UInt16> = 20_000..<32_000

  /// A number that nobody is bound to on 127.0.0.1, neither for UDP nor for TCP.
  public static func free() -> UInt16 { free(count: 1) { _ in true } }

  /// An even one, for sound or for a cluster: the next two belong to it.
  public static func freeEven() -> UInt16 { free(count: 3) { $0.isMultiple(of: 2) } }

  private static func free(count: UInt16, where fits: (UInt16) -> Bool) -> UInt16 {
    while true {
      let first = UInt16.random(in: range)
      let ports = Set(first..<first + count)
      if fits(first),
        ports.allSatisfy({ canBeBound(SOCK_DGRAM, $0) && canBeBound(SOCK_STREAM, $0) }),
        given.with({ given in
          defer { given.formUnion(ports) }
          return given.isDisjoint(with: ports)
        })
      {
        return first
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
    let lines = text(of: "/proc/net/udp").split(separator: "\n").dropFirst()
    return Set(
      lines.compactMap { line in
        line.split(separator: " ").dropFirst().first?.split(separator: ":").last
          .flatMap { UInt16($0, radix: 16) }
      })
  }

  /// The next datagram, and who sent it; nil: none is there.
  public static func receive(_ descriptor: Int32) -> (bytes: [UInt8], peer: sockaddr_in)? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var peer = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let count = withUnsafeMutablePointer(to: &peer) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        recvfrom(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT), $0, &length)
      }
    }
    return count > 0 ? (Array(buffer[..<count]), peer) : nil
  }

  /// Sends all of it on a connection, waiting a second at a time for room.
  public static func send(_ bytes: [UInt8], on connection: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Foundation.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var room = pollfd(fd: connection, events: Int16(POLLOUT), revents: 0)
        poll(&room, 1, 1_000)
      } else {
        return
      }
    }
  }

  /// Whether somebody listens on the TCP port.
  public static func answers(tcp port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    return withLoopback(port) { connect(descriptor, $0, $1) } == 0
  }

  /// Whether somebody listens on the TCP port, as the kernel's table says: nobody is connected to.
  public static func listens(tcp port: UInt16) -> Bool {
    tcpTable().contains { $0.local == port && $0.state == "0A" }
  }

  /// Whether a connection stands from one TCP port to another, as the kernel's table says.
  public static func connects(tcp port: UInt16, to other: UInt16) -> Bool {
    tcpTable().contains { $0.local == port && $0.remote == other && $0.state == "01" }
  }

  private static func tcpTable() -> [(local: UInt16, remote: UInt16, state: Substring)] {
    text(of: "/proc/net/tcp").split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      guard fields.count > 3,
        let local = fields[1].split(separator: ":").last.flatMap({ UInt16($0, radix: 16) }),
        let remote = fields[2].split(separator: ":").last.flatMap({ UInt16($0, radix: 16) })
      else { return nil }
      return (local, remote, fields[3])
    }
  }

  /// Foundation reads only the first page of a file that claims to be empty.
  private static func text(of path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    var table: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = read(descriptor, &buffer, buffer.count), count > 0 {
      table += buffer[..<count]
    }
    return String(decoding: table, as: UTF8.self)
  }

  private static func canBeBound(_ type: __socket_type, _ port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(type.rawValue), 0)
    defer { close(descriptor) }
    return withLoopback(port) { bind(descriptor, $0, $1) } == 0
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
