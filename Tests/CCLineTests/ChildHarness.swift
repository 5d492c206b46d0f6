// A child line under test: fake programs, and a loop that waits for what they do.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLine

/// Drives one `ChildLine` as the event loop would.
@MainActor final class ChildHarness {
  let line: ChildLine
  private(set) var events: [LineEvent] = []
  private(set) var slices: [Int] = []
  private(set) var complaints: () -> [String]
  private let folder: URL

  /// A line that runs a script: its first line names the interpreter.
  init(
    _ script: String, mode: Int = 0o700, successor: [String] = [],
    timing edit: (inout ChildKeeper.Timing) -> Void = { _ in }
  ) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appending(path: "line").path
    try Self.write(script, to: path)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    var timing = ChildKeeper.Timing()
    timing.firstWait = 20 * Instant.millisecond
    timing.grace = 300 * Instant.millisecond
    edit(&timing)
    final class Log { var lines: [String] = [] }
    let log = Log()
    complaints = { log.lines }
    line = ChildLine(arguments: [path], successor: successor, timing: timing, seed: 1) {
      log.lines.append($0.string)
    }
  }

  /// Writes the script from a process of its own.
  ///
  /// A test that starts a program just now would hold a descriptor of ours for a moment, and a file
  /// that somebody holds for writing cannot be executed ("text file busy").
  private static func write(_ script: String, to path: String) throws {
    let input = Pipe()
    let writer = try TestChild(
      "/bin/sh", ["-c", "cat > \"$1\"", "sh", path], in: "/",
      input: input.fileHandleForReading.fileDescriptor)
    try input.fileHandleForWriting.write(contentsOf: Data(script.utf8))
    try input.fileHandleForWriting.close()
    try #require(writer.ends())
  }

  isolated deinit {
    line.finish()
    try? FileManager.default.removeItem(at: folder)
  }

  func start() { events += line.start(at: Clock.now()) }

  func send(_ command: LineCommand) { events += line.send(command, at: Clock.now()) }

  /// Runs the loop until something holds; fails after a minute: a busy machine is no failure.
  func wait(
    _ what: Comment? = nil, seconds: Int64 = 60, location: SourceLocation = #_sourceLocation,
    until done: () -> Bool
  ) {
    let end = Clock.now() + seconds * Instant.second
    while !done() {
      let now = Clock.now()
      guard now < end else {
        Issue.record(
          what ?? "it never happened; events: \(events.suffix(5))", sourceLocation: location)
        return
      }
      let until = min(line.deadline ?? end, end, now + 50 * Instant.millisecond)
      Poll.wait(
        read: line.readDescriptor, write: line.writeDescriptor, nanoseconds: max(0, until - now))
      if line.writeDescriptor != nil { line.writable(at: Clock.now()) }
      let slice = line.ready(at: Clock.now())
      slices.append(slice.count)
      events += slice
    }
  }

  func waitFor(_ event: LineEvent, location: SourceLocation = #_sourceLocation) {
    wait("\(event) never came; events: \(events.suffix(5))", location: location) {
      events.contains(event)
    }
  }

  /// The reasons of all deaths so far.
  var deaths: [String] {
    events.compactMap { if case .died(let reason, _) = $0 { reason.string } else { nil } }
  }

  /// The words of the `log` messages so far.
  var logs: [String] {
    events.compactMap { if case .log(_, let words) = $0 { words.string } else { nil } }
  }

  func waitForDeath(_ count: Int = 1, location: SourceLocation = #_sourceLocation) {
    wait(location: location) { deaths.count >= count }
  }
}
