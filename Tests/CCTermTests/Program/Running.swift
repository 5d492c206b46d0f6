// The built program at work, with pipes for its ends.

import CCTestSupport
import Foundation

/// A run of `ccterm`; it is killed with the value.
final class Running {
  private let child: TestChild
  private let input = Pipe()
  private let output = Pipe()
  private let errors = Pipe()
  private var partial: [UInt8] = []
  private var isAtEnd = false

  init(_ arguments: [String], in sandbox: Sandbox) throws {
    child = try TestChild(
      Products.path("ccterm"), arguments, in: FileManager.default.currentDirectoryPath,
      environment: sandbox.environment, input: input.fileHandleForReading.fileDescriptor,
      output: output.fileHandleForWriting.fileDescriptor,
      error: errors.fileHandleForWriting.fileDescriptor)
    try output.fileHandleForWriting.close()
    try errors.fileHandleForWriting.close()
    try input.fileHandleForReading.close()
  }

  var pid: Int32 { child.pid }

  /// The complete lines of stdout so far.
  private(set) var lines: [String] = []

  /// The lines as JSON; read when they are asked for.
  var messages: [[String: Any]] {
    for line in lines[parsed...] {
      let message = try? JSONSerialization.jsonObject(with: Data(line.utf8))
      if let message = message as? [String: Any] { known.append(message) }
    }
    parsed = lines.count
    return known
  }

  private var known: [[String: Any]] = []
  private var parsed = 0

  func send(_ line: String) {
    signal(SIGPIPE, SIG_IGN)
    try? input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
  }

  func closeInput() { try? input.fileHandleForWriting.close() }

  /// Reads until a condition holds; false if that took longer.
  func wait(seconds: Double = 30, until holds: () -> Bool) -> Bool {
    let end = Date.now + seconds
    while !holds() {
      guard Date.now < end, !isAtEnd else { return holds() }
      pump()
    }
    return true
  }

  /// Reads until a line of JSON has these values.
  func wait(seconds: Double = 30, for fields: [String: String]) -> Bool {
    wait(seconds: seconds) { has(fields) }
  }

  /// Whether a line of JSON has these values.
  func has(_ fields: [String: String]) -> Bool { messages.contains { Self.matches($0, fields) } }

  static func matches(_ message: [String: Any], _ fields: [String: String]) -> Bool {
    fields.allSatisfy { message[$0.key].map { "\($0)" } == $0.value }
  }

  /// Waits for its end; its exit code, and what it said on stderr.
  func end(seconds: Double = 30) -> (code: Int32?, errors: String) {
    let end = Date.now + seconds
    while !isAtEnd, Date.now < end { pump() }
    guard child.ends(within: end.timeIntervalSinceNow), let code = child.exitCode else {
      return (nil, "it does not end: \(state)")
    }
    let words = (try? errors.fileHandleForReading.readToEnd()) ?? Data()
    return (max(-1, code), String(decoding: words, as: UTF8.self))
  }

  /// What the kernel says of it, and of those that it started.
  private var state: String {
    ([pid] + Processes.descendants(of: pid)).map { pid in
      func read(_ name: String) -> String {
        (try? String(contentsOfFile: "/proc/\(pid)/\(name)", encoding: .utf8)) ?? "-"
      }
      let status = read("status").split(separator: "\n")
      let lines = status.filter {
        $0.hasPrefix("State") || $0.hasPrefix("Name") || $0.hasPrefix("PPid")
      }
      return "\(pid) \(lines.joined(separator: " ")) in \(read("wchan"))"
    }.joined(separator: "; ")
  }

  private func pump() {
    let descriptor = output.fileHandleForReading.fileDescriptor
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&entry, 1, 20) > 0 else { return }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = read(descriptor, &buffer, buffer.count)
    guard count > 0 else {
      isAtEnd = true
      return
    }
    var rest = buffer[..<count]
    while let end = rest.firstIndex(of: 0x0A) {
      lines.append(String(decoding: partial + rest[..<end], as: UTF8.self))
      partial.removeAll(keepingCapacity: true)
      rest = rest[(end + 1)...]
    }
    partial += rest
  }

  /// Runs the program to its end without input.
  static func once(
    _ arguments: [String], in sandbox: Sandbox
  ) throws -> (code: Int32?, out: [String], errors: String) {
    let run = try Running(arguments, in: sandbox)
    run.closeInput()
    let (code, errors) = run.end()
    return (code, run.lines, errors)
  }
}
