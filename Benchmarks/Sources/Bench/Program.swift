// One program under measure, on a pseudo-terminal or on pipes.

import CSpawn
import Glibc

/// A running program, and the descriptors that lead to it.
final class Program {
  let pid: pid_t
  /// When it was started.
  let started: Int64
  /// Where its output is read.
  let output: Int32
  /// Where its input is written; the same on a terminal.
  let input: Int32
  /// How many bytes it wrote so far.
  private(set) var bytes = 0
  /// When each read of its output ended (a frame is one write, and we read at once).
  private(set) var reads = [Int64]()
  /// When the last read ended.
  var lastRead: Int64? { reads.last }
  private var buffer = [UInt8](repeating: 0, count: 65_536)

  private init(pid: pid_t, started: Int64, output: Int32, input: Int32) {
    (self.pid, self.started, self.output, self.input) = (pid, started, output, input)
  }

  /// Starts a program on a terminal of 80x24.
  static func onTerminal(
    _ command: [String], environment: [String] = [], raw: Bool = false
  ) throws -> Program {
    var (master, slave): (Int32, Int32) = (-1, -1)
    guard bench_pty(&master, &slave, 80, 24, raw ? 1 : 0) == 0 else {
      throw BenchError("no pseudo-terminal")
    }
    defer { close(slave) }
    let start = now()
    let pid = try spawn(command, environment, [slave, slave, slave], terminal: true)
    return Program(pid: pid, started: start, output: master, input: master)
  }

  /// Starts a program on pipes; what it says on stderr is dropped.
  static func onPipes(_ command: [String], environment: [String] = []) throws -> Program {
    var (to, from) = ([Int32](repeating: -1, count: 2), [Int32](repeating: -1, count: 2))
    guard pipe(&to) == 0, pipe(&from) == 0 else { throw BenchError("no pipe") }
    let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
    for end in [to[1], from[0]] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { for end in [to[0], from[1], null] { close(end) } }
    let start = now()
    let pid = try spawn(command, environment, [to[0], from[1], null], terminal: false)
    _ = fcntl(from[0], F_SETFL, O_NONBLOCK)
    return Program(pid: pid, started: start, output: from[0], input: to[1])
  }

  private static func spawn(
    _ command: [String], _ environment: [String], _ descriptors: [Int32], terminal: Bool
  ) throws -> pid_t {
    let path = command[0].contains("/") ? command[0] : try found(command[0])
    let settings =
      ["TERM=xterm-256color", "LANG=C.UTF-8", "TZ=UTC", "PATH=/usr/local/bin:/usr/bin:/bin"]
      + environment
    var (arguments, variables) = (command.map { strdup($0) }, settings.map { strdup($0) })
    defer { (arguments + variables).forEach { free($0) } }
    arguments.append(nil)
    variables.append(nil)
    let pid = bench_spawn(path, &arguments, &variables, descriptors, terminal ? 1 : 0)
    guard pid > 0 else { throw BenchError("cannot start \(path)") }
    return pid
  }

  private static func found(_ name: String) throws -> String {
    for folder in ["/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin"]
    where access("\(folder)/\(name)", X_OK) == 0 {
      return "\(folder)/\(name)"
    }
    throw BenchError("\(name) is not installed")
  }

  /// Types or sends.
  func send(_ text: String) {
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
      if count > 0 { sent += count } else if errno != EINTR && errno != EAGAIN { return }
    }
  }

  /// Waits until output comes that satisfies, and returns when it came; nil if it does not.
  func wait(
    atMost limit: Int64 = 5 * second, for isWanted: (ArraySlice<UInt8>) -> Bool = { _ in true }
  ) -> Int64? {
    let end = now() + limit
    while true {
      let left = end - now()
      guard left > 0 else { return nil }
      guard let chunk = read(atMost: left), let came = reads.last, !chunk.isEmpty else {
        return nil
      }
      if isWanted(chunk) { return came }
    }
  }

  /// Waits until this glyph comes, and returns when it came.
  func wait(forGlyph glyph: String, atMost limit: Int64 = 5 * second) -> Int64? {
    let bytes = Array(glyph.utf8)
    return wait(atMost: limit) { $0.contains(bytes) }
  }

  /// Waits until this text has come, and returns when its end came: however it was cut on the way.
  func wait(forText text: String, atMost limit: Int64 = 5 * second) -> Int64? {
    let bytes = Array(text.utf8)
    var seen = [UInt8]()
    return wait(atMost: limit) { chunk in
      seen += chunk
      return seen[...].contains(bytes)
    }
  }

  /// Reads away all output until none has come for so long.
  func settle(quiet: Int64 = 30 * millisecond, atMost limit: Int64 = 5 * second) {
    let end = now() + limit
    while now() < end, let chunk = read(atMost: quiet), !chunk.isEmpty {}
  }

  /// Reads all output for exactly so long.
  func listen(for duration: Int64) {
    let end = now() + duration
    while true {
      let left = end - now()
      guard left > 0 else { return }
      if read(atMost: left)?.isEmpty == true { pause(left) }
    }
  }

  /// What came since the last time, without waiting.
  func taken() -> [UInt8] {
    var all: [UInt8] = []
    var entry = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
    while poll(&entry, 1, 0) > 0, let chunk = read(atMost: millisecond), !chunk.isEmpty {
      all += chunk
    }
    return all
  }

  /// One read, within a time; nil when nothing came, empty at the end.
  private func read(atMost limit: Int64) -> ArraySlice<UInt8>? {
    var entry = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
    guard poll(&entry, 1, Int32(max(1, limit / millisecond))) > 0 else { return nil }
    let count = Glibc.read(output, &buffer, buffer.count)
    guard count > 0 else { return [] }
    reads.append(now())
    bytes += count
    return buffer[..<count]
  }

  /// Ends it, by its pid, and reaps it.
  func stop() {
    kill(-pid, SIGTERM)
    let end = now() + second
    while waitpid(pid, nil, WNOHANG) == 0 {
      if now() > end { kill(-pid, SIGKILL) }
      _ = read(atMost: 5 * millisecond)
      pause(millisecond)
    }
    close(output)
    if input != output { close(input) }
  }
}

extension ArraySlice<UInt8> {
  /// Whether these bytes stand in it, one after the other.
  func contains(_ other: [UInt8]) -> Bool {
    guard let first = other.first, count >= other.count else { return false }
    return indices.contains { at in
      self[at] == first && self[at...].starts(with: other)
    }
  }
}
