// The connections of a scripted registrar, which a test can break one by one.

import CCTestSupport
import Foundation

@testable import CCLineSIP

/// Takes connections over UDP, TCP or TLS, cuts what comes into messages, and loses a connection as it is told;
/// read by one thread.
final class RegistrarWays: @unchecked Sendable {
  /// What a connection suffers.
  enum Loss: CaseIterable, Sendable { case reset, halfClosed, blackHole }

  private struct Way {
    /// The line's end.
    var line: Int32
    /// TLS: what openssl takes and gives of it, and its plain text.
    var secure: Int32 = -1
    var front: TLSFront?
    var stream = MessageStream()
    var isDeaf = false
    var isGone = false

    /// Where plain text is read.
    var plain: Int32 { front?.output ?? line }

    mutating func end() {
      guard !isGone else { return }
      isGone = true
      close(line)
      if secure >= 0 { close(secure) }
      front = nil
    }
  }

  private struct State {
    var ways: [Way] = []
    /// Where the last datagram came from.
    var peerPort: UInt16 = 0
  }

  let transport: String
  let port: UInt16
  private let listener: Int32
  private let pair: Certificates.Pair?
  private let state = Mutexed(State())

  init(_ transport: String, host: UInt8, port given: UInt16?, _ pair: Certificates.Pair?) throws {
    self.transport = transport
    self.pair = pair
    // Between the kernel's pick and the bind another program may have taken the port.
    for _ in 1...5 {
      let port = given ?? Ports.free()
      let descriptor = Self.listen(port, transport, host: host)
      guard descriptor >= 0 else { continue }
      (self.port, listener) = (port, descriptor)
      return
    }
    throw NotInTime("a port for a registrar")
  }

  private static func listen(_ port: UInt16, _ transport: String, host: UInt8) -> Int32 {
    let kind = transport == "udp" ? SOCK_DGRAM : SOCK_STREAM
    let flags = Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(AF_INET, Int32(kind.rawValue) | flags, 0)
    var one: Int32 = 1
    if transport != "udp" { setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, 4) }
    guard Ports.withLoopback(port, host: host, { bind(descriptor, $0, $1) }) == 0,
      transport == "udp" || Glibc.listen(descriptor, 16) == 0
    else {
      close(descriptor)
      return -1
    }
    return descriptor
  }

  deinit {
    state.with { state in for index in state.ways.indices { state.ways[index].end() } }
    close(listener)
  }

  /// How many connections there were.
  var count: Int { state.with { $0.ways.count } }

  /// Loses a connection; the newest one without a number.
  func lose(_ loss: Loss, way: Int?) {
    state.with { state in
      guard let index = way ?? state.ways.indices.last, !state.ways[index].isGone else { return }
      switch loss {
      case .reset:
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
          state.ways[index].line, SOL_SOCKET, SO_LINGER, &option,
          socklen_t(MemoryLayout<linger>.size))
        state.ways[index].end()
      case .halfClosed: shutdown(state.ways[index].line, Int32(SHUT_WR))
      case .blackHole: state.ways[index].isDeaf = true
      }
    }
  }

  /// Sends bytes on the newest connection, or on one.
  func send(_ bytes: [UInt8], way: Int?) {
    if transport == "udp" {
      let (port, bytes) = (state.with { $0.peerPort }, Array(bytes.prefix(65_507)))
      _ = Ports.withLoopback(port) { sendto(listener, bytes, bytes.count, 0, $0, $1) }
      return
    }
    let front = state.with { state -> TLSFront? in
      guard let index = way ?? state.ways.indices.last, !state.ways[index].isGone,
        !state.ways[index].isDeaf
      else { return nil }
      // Under the lock: a descriptor that is closed meanwhile is somebody else's.
      if state.ways[index].front == nil { Ports.send(bytes, on: state.ways[index].line) }
      return state.ways[index].front
    }
    front?.send(bytes)
  }

  /// What came, after a moment of waiting, and on which connection.
  func take() -> [(text: String, way: Int)] {
    if transport == "udp" { return takeDatagrams() }
    var entries = state.with { state in
      state.ways.flatMap { way in
        [way.line, way.secure, way.plain].map {
          pollfd(fd: way.isGone || way.isDeaf ? -1 : $0, events: Int16(POLLIN), revents: 0)
        }
      }
    }
    entries.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0))
    _ = poll(&entries, nfds_t(entries.count), 5)
    var found: [(String, Int)] = []
    for index in 0..<entries.count / 3 {
      if entries[3 * index..<3 * index + 3].contains(where: { $0.revents != 0 }) {
        found += read(index)
      }
    }
    if entries.last?.revents != 0 { accept() }
    return found
  }

  private func accept() {
    let descriptor = Glibc.accept(listener, nil, nil)
    guard descriptor >= 0 else { return }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var way = Way(line: descriptor)
    if let pair {
      guard let front = try? TLSFront(Ports.free(), pair), front.isListening() else {
        close(descriptor)
        return
      }
      way.front = front
      way.secure = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      _ = Ports.withLoopback(front.port) { connect(way.secure, $0, $1) }
    }
    state.with { $0.ways.append(way) }
  }

  private func read(_ index: Int) -> [(String, Int)] {
    state.with { state in
      guard !state.ways[index].isGone else { return [] }
      let way = state.ways[index]
      if way.front != nil {
        guard pass(way.line, way.secure), pass(way.secure, way.line) else {
          state.ways[index].end()
          return []
        }
      }
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let count =
        way.front == nil
        ? recv(way.plain, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        : Glibc.read(way.plain, &buffer, buffer.count)
      if count == 0 || count < 0 && errno != EAGAIN { state.ways[index].end() }
      guard count > 0 else { return [] }
      return state.ways[index].stream.feed(buffer[..<count]).map { ($0, index) }
    }
  }

  /// What came at one end goes to the other; false: it is closed.
  private func pass(_ from: Int32, _ to: Int32) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(from, &buffer, buffer.count, Int32(MSG_DONTWAIT))
    guard count > 0 else { return count < 0 && errno == EAGAIN }
    Ports.send(Array(buffer[..<count]), on: to)
    return true
  }

  private func takeDatagrams() -> [(String, Int)] {
    var entry = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
    guard poll(&entry, 1, 5) > 0 else { return [] }
    var found: [(String, Int)] = []
    while let (bytes, from) = Ports.receive(listener) {
      state.with { $0.peerPort = UInt16(bigEndian: from.sin_port) }
      let text = String(decoding: bytes, as: UTF8.self)
      if text.contains("\r\n\r\n") { found.append((text, 0)) }
    }
    return found
  }
}
