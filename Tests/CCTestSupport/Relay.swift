// A way between two ends that loses and delays.

import Foundation

/// Two UDP ports on loopback: what comes in at one goes out at the other, unless it is lost.
///
/// Each end is whoever spoke to its port last.
public final class Relay: @unchecked Sendable {
  /// What the way is like; decided from a fixed seed.
  public struct Way: Sendable {
    /// How many of a hundred packets are lost.
    public var loss = 0
    /// The most that one is delayed, in milliseconds; packets may overtake each other.
    public var jitter = 0
    /// Makes one.
    public init(loss: Int = 0, jitter: Int = 0) { (self.loss, self.jitter) = (loss, jitter) }
  }

  /// The two ports.
  public let ports: (UInt16, UInt16)
  private let sockets: [Int32]
  private let way: Way
  private let counts = Mutexed((passed: 0, lost: 0))
  private let isOver = Mutexed(false)

  private struct Waiting {
    var at: Double
    var bytes: [UInt8]
    var side: Int
  }

  /// Starts one.
  public init(_ way: Way) throws {
    self.way = way
    let chosen = (Ports.freeEven(), Ports.freeEven())
    ports = chosen
    sockets = try [chosen.0, chosen.1].map { port in
      let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
      guard Ports.withLoopback(port, { bind(descriptor, $0, $1) }) == 0 else {
        throw NotInTime("the relay's port")
      }
      return descriptor
    }
    let thread = Thread { [self] in run() }
    thread.start()
  }

  /// How many packets went through, and how many were lost.
  public var passed: (passed: Int, lost: Int) { counts.with { $0 } }

  /// Ends it.
  public func stop() { isOver.with { $0 = true } }

  private func run() {
    var random = Random(seed: 11)
    var ends: [sockaddr_in?] = [nil, nil]
    var waiting: [Waiting] = []
    var buffer = [UInt8](repeating: 0, count: 2048)
    while !isOver.with({ $0 }) {
      var polls = sockets.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      poll(&polls, 2, waiting.isEmpty ? 50 : 1)
      let now = Date().timeIntervalSinceReferenceDate
      for side in 0...1 {
        while true {
          var from = sockaddr_in()
          var length = socklen_t(MemoryLayout<sockaddr_in>.size)
          let count = withUnsafeMutablePointer(to: &from) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
              recvfrom(sockets[side], &buffer, buffer.count, Int32(MSG_DONTWAIT), $0, &length)
            }
          }
          guard count > 0 else { break }
          ends[side] = from
          guard Int.random(in: 0..<100, using: &random) >= way.loss else {
            counts.with { $0.lost += 1 }
            continue
          }
          let delay = way.jitter == 0 ? 0 : Double(Int.random(in: 0...way.jitter, using: &random))
          waiting.append(
            Waiting(at: now + delay / 1000, bytes: Array(buffer[..<count]), side: 1 - side))
        }
      }
      for packet in waiting where packet.at <= now {
        guard var end = ends[packet.side] else { continue }
        counts.with { $0.passed += 1 }
        _ = withUnsafeMutablePointer(to: &end) { pointer in
          pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            sendto(
              sockets[packet.side], packet.bytes, packet.bytes.count, 0, $0,
              socklen_t(MemoryLayout<sockaddr_in>.size))
          }
        }
      }
      waiting.removeAll { $0.at <= now }
    }
    for socket in sockets { close(socket) }
  }
}
