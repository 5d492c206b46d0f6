// How a scripted telephone system is reached.

import CCTestSupport
import CLinux
import Foundation

@testable import CCLineSIP

/// A way for messages, used by one thread at a time but for `send`.
protocol Wire: AnyObject, Sendable {
  /// What came, after a moment of waiting.
  func take() -> [String]
  /// Sends to whoever spoke last.
  func send(_ bytes: [UInt8])
  /// The port that was spoken from last; nil where that is no datagram's.
  var peerPort: UInt16? { get }
}

/// Whole messages out of a stream.
struct MessageStream {
  private var bytes: [UInt8] = []

  /// Takes what came; the messages that are whole now.
  mutating func feed(_ more: some Sequence<UInt8>) -> [String] {
    bytes += more
    var messages: [String] = []
    while true {
      while let first = bytes.first, first == 13 || first == 10 { bytes.removeFirst() }
      guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return messages }
      let head = String(decoding: bytes[..<end.upperBound], as: UTF8.self)
      let length = Int(SIPText.header(["content-length", "l"], in: head) ?? "0") ?? 0
      guard bytes.count >= end.upperBound + length else { return messages }
      messages.append(String(decoding: bytes[..<(end.upperBound + length)], as: UTF8.self))
      bytes.removeFirst(end.upperBound + length)
    }
  }
}

/// UDP.
final class DatagramWire: Wire, @unchecked Sendable {
  private let descriptor: Int32
  private let peer = Mutexed(UInt16(0))
  var peerPort: UInt16? { peer.with { $0 } }

  init(_ port: UInt16) throws {
    descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    guard Ports.withLoopback(port, { bind(descriptor, $0, $1) }) == 0 else {
      throw NotInTime("bind to \(port)")
    }
  }

  func take() -> [String] {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&entry, 1, 2) > 0 else { return [] }
    var messages: [String] = []
    while let (bytes, from) = Ports.receive(descriptor) {
      peer.with { $0 = UInt16(bigEndian: from.sin_port) }
      messages.append(String(decoding: bytes, as: UTF8.self))
    }
    return messages
  }

  func send(_ bytes: [UInt8]) {
    let port = peer.with { $0 }
    _ = Ports.withLoopback(port) { sendto(descriptor, bytes, bytes.count, 0, $0, $1) }
  }

  deinit { close(descriptor) }
}

/// TCP: the newest connection is the one that is spoken on.
final class StreamWire: Wire, @unchecked Sendable {
  private let listener: Int32
  private let peers = Mutexed<[Int32]>([])
  private var streams: [Int32: MessageStream] = [:]
  let peerPort: UInt16? = nil

  init(_ port: UInt16) throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var one: Int32 = 1
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, 4)
    guard Ports.withLoopback(port, { bind(listener, $0, $1) }) == 0, listen(listener, 8) == 0 else {
      throw NotInTime("bind to \(port)")
    }
    _ = fcntl(listener, F_SETFL, O_NONBLOCK)
  }

  func take() -> [String] {
    let open = peers.with { $0 }
    var entries = ([listener] + open).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    guard poll(&entries, nfds_t(entries.count), 2) > 0 else { return [] }
    let newcomer = accept(listener, nil, nil)
    if newcomer >= 0 {
      _ = fcntl(newcomer, F_SETFL, O_NONBLOCK)
      peers.with { $0.append(newcomer) }
      streams[newcomer] = MessageStream()
    }
    var messages: [String] = []
    for peer in open {
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let count = recv(peer, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      if count > 0 {
        messages += streams[peer]?.feed(buffer[..<count]) ?? []
      } else if count == 0 || errno != EAGAIN {
        peers.with { $0.removeAll { $0 == peer } }
        streams[peer] = nil
        close(peer)
      }
    }
    return messages
  }

  func send(_ bytes: [UInt8]) {
    if let peer = peers.with({ $0.last }) { Ports.send(bytes, on: peer) }
  }

  deinit {
    for peer in peers.with({ $0 }) {
      var option = linger(l_onoff: 1, l_linger: 0)
      setsockopt(peer, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
      close(peer)
    }
    close(listener)
  }
}

/// TLS: openssl's own server before a pair of pipes, one connection after another.
final class TLSWire: Wire, @unchecked Sendable {
  private let front: TLSFront
  private var stream = MessageStream()
  let peerPort: UInt16? = nil

  init(_ port: UInt16, _ pair: Certificates.Pair?) async throws {
    guard let pair else { throw NotInTime("a certificate") }
    let front = try TLSFront(port, pair)
    self.front = front
    try await eventually("openssl listens") { Ports.listens(tcp: port) }
  }

  func take() -> [String] {
    var entry = pollfd(fd: front.output, events: Int16(POLLIN), revents: 0)
    guard poll(&entry, 1, 2) > 0 else { return [] }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = read(front.output, &buffer, buffer.count)
    guard count > 0 else {
      usleep(2_000)
      return []
    }
    return stream.feed(buffer[..<count])
  }

  func send(_ bytes: [UInt8]) { front.send(bytes) }
}

/// openssl's server at a port: plain text on a pair of pipes.
final class TLSFront: @unchecked Sendable {
  let port: UInt16
  /// What it has read; never waits.
  let output: Int32
  private let input: Int32
  private let server: TestChild
  private let folder: TestFolder

  /// Starts one.
  init(_ port: UInt16, _ pair: Certificates.Pair) throws {
    self.port = port
    folder = try TestFolder()
    var (into, out) = ([Int32](repeating: -1, count: 2), [Int32](repeating: -1, count: 2))
    guard pipe2(&into, O_CLOEXEC) == 0, pipe2(&out, O_CLOEXEC) == 0 else { throw NotInTime("pipe") }
    server = try TestChild(
      "/usr/bin/openssl",
      [
        "s_server", "-quiet", "-accept", "127.0.0.1:\(port)", "-cert", pair.certificate, "-key",
        pair.key,
      ], in: folder.url.path, input: into[0], output: out[1])
    close(into[0])
    close(out[1])
    (input, output) = (into[1], out[0])
    // What is said to one that has ended is lost.
    signal(SIGPIPE, SIG_IGN)
    _ = fcntl(output, F_SETFL, O_NONBLOCK)
  }

  /// Waits here, on this thread, until it listens; false where it does not.
  func isListening(within seconds: Double = 10) -> Bool {
    let end = Date.now + seconds
    while !Ports.listens(tcp: port) {
      guard server.isRunning, Date.now < end else { return false }
      poll(nil, 0, 5)
    }
    return true
  }

  /// Sends all of it.
  func send(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  deinit {
    kill(server.pid, SIGKILL)
    close(input)
    close(output)
  }
}
