// A TCP connection of the benchmark: messages out, messages in, never stuck on a far end that is slow.

import Glibc

/// A socket that does not block.
func streamSocket() -> Int32 {
  let flags = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
  return socket(AF_INET, Int32(flags), 0)
}

/// A registrar and a caller in one, on a TCP port that the kernel picks.
final class StreamRegistrar {
  let port: UInt16
  private let listener: Int32
  private var line: Int32 = -1
  private var inbox: [UInt8] = []
  private var buffer = [UInt8](repeating: 0, count: 65_536)
  /// What came last, as it came.
  private(set) var last = ""

  init() throws {
    listener = streamSocket()
    guard let port = bound(listener), listen(listener, 8) == 0 else {
      throw BenchError("no TCP port")
    }
    self.port = port
  }

  /// Serves until a message begins so, and returns when it came; nil if none does.
  func serve(until beginning: String, atMost limit: Int64) -> Int64? {
    let end = now() + limit
    while true {
      while let message = nextMessage() {
        last = message
        answer(message)
        if message.hasPrefix(beginning) { return now() }
      }
      let left = end - now()
      guard left > 0 else { return nil }
      receive(atMost: left)
    }
  }

  /// Sends a message whole, and takes in what comes meanwhile.
  func send(_ text: String) { send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { write(line, $0.baseAddress, $0.count) }
      if count > 0 {
        sent += count
      } else if errno == EAGAIN {
        var entry = pollfd(fd: line, events: Int16(POLLIN | POLLOUT), revents: 0)
        poll(&entry, 1, 1_000)
        take()
      } else {
        return
      }
    }
  }

  /// Takes in what came, and forgets it: answers to what nobody can read.
  ///
  /// Returns how many bytes.
  func drain() -> Int {
    take()
    defer { inbox.removeAll(keepingCapacity: true) }
    return inbox.count
  }

  private func receive(atMost limit: Int64) {
    var entries = [pollfd(fd: line < 0 ? listener : line, events: Int16(POLLIN), revents: 0)]
    guard poll(&entries, 1, Int32(limit / millisecond) + 1) > 0 else { return }
    if line < 0 {
      line = accept(listener, nil, nil)
      guard line >= 0 else { return }
      _ = fcntl(line, F_SETFL, O_NONBLOCK)
      // What is measured is the line, and not how the kernel gathers our small messages.
      var on: Int32 = 1
      setsockopt(
        line, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    } else {
      take()
    }
  }

  private func take() {
    while true {
      let count = read(line, &buffer, buffer.count)
      guard count > 0 else { return }
      inbox += buffer[..<count]
    }
  }

  /// Cuts the next whole message off what came.
  private func nextMessage() -> String? {
    while inbox.first == 13 || inbox.first == 10 { inbox.removeFirst() }
    let end: [UInt8] = [13, 10, 13, 10]
    guard
      let head = inbox.indices.first(where: {
        $0 + 4 <= inbox.count && inbox[$0..<$0 + 4] == end[...]
      })
    else { return nil }
    let text = String(decoding: inbox[..<head], as: UTF8.self)
    let length =
      text.split(separator: "\r\n").lazy
      .filter { $0.lowercased().hasPrefix("content-length:") }
      .compactMap { Int($0.dropFirst(15).filter(\.isNumber)) }.first ?? 0
    guard inbox.count >= head + 4 + length else { return nil }
    defer { inbox.removeFirst(head + 4 + length) }
    return String(decoding: inbox[..<(head + 4 + length)], as: UTF8.self)
  }

  private func answer(_ message: String) {
    guard message.hasPrefix("REGISTER ") || message.hasPrefix("OPTIONS ") else { return }
    send(Registrar.reply("200 OK", to: message, nil, port))
  }

  deinit {
    if line >= 0 { close(line) }
    close(listener)
  }
}
