// A line that plays a record.

import CCCore
import CCJSON
import CLinux
import Glibc

/// Plays the line's messages of a record, at their moments or faster (`--line replay:FILE`).
///
/// Answers `register`, and refuses every other command by name: nobody is at the other end. Results
/// that were recorded answered another desk's commands and are not played. At the end of the file the
/// line is over.
@MainActor public final class ReplayLine: PhoneLine {
  private let text: [UInt8]
  private let speed: Double
  private var place = 0
  private var began: Int64?
  private var isOver = false
  private var isDead = false
  private var next: (due: Int64, events: [LineEvent])?

  /// A recording given as bytes.
  ///
  /// `speed` 2 plays it in half the time.
  public init(bytes: [UInt8], speed: Double = 1) {
    text = bytes
    self.speed = speed > 0 ? speed : 1
  }

  /// The longest recording that is played, in bytes: four times what `--record` keeps.
  public static let longest = 256 << 20

  /// A recording in a file; nil, with errno set, if it cannot be read, is none (EINVAL), or has more than
  /// `longest` bytes (EFBIG).
  public convenience init?(path: String, speed: Double = 1) {
    let file = cc_open_file(path)
    guard file >= 0 else {
      errno = file == cc_no_file ? EINVAL : -file
      return nil
    }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = read(file, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { return nil }
      if count == 0 { break }
      bytes += buffer[..<count]
      guard bytes.count <= Self.longest else {
        errno = EFBIG
        return nil
      }
    }
    self.init(bytes: bytes, speed: speed)
  }

  /// Polled for reading; see `PhoneLine`.
  public var readDescriptor: Int32? { nil }
  /// Polled for writing while output waits; see `PhoneLine`.
  public var writeDescriptor: Int32? { nil }
  /// When `ready` wants to be called.
  public var deadline: Int64? { began == nil ? nil : next?.due }
  /// Whether something is left to end.
  public var isRunning: Bool { began != nil }

  /// Starts the line, or starts it again at once.
  public func start(at now: Int64) -> [LineEvent] {
    let died = LineEvent.died(reason: "the recording is played again", retryIn: 0)
    let before: [LineEvent] = began == nil ? [] : [died]
    began = now
    place = 0
    isOver = false
    isDead = false
    step(from: now)
    return before + [.started]
  }

  /// Sends a command.
  public func send(_ command: LineCommand, at now: Int64) -> [LineEvent] {
    switch command {
    case .register(let id, _) where began != nil, .ping(let id) where began != nil:
      [.result(id: id, ok: true, error: "")]
    default:
      command.id.map { [.result(id: $0, ok: false, error: "a recording is played")] } ?? []
    }
  }

  /// Reads what came and does what the time asks for.
  public func ready(at now: Int64) -> [LineEvent] {
    var events: [LineEvent] = []
    let first = place
    // As with a child, a flood comes in slices.
    while began != nil, let next, next.due <= now, place - first <= 65_536 {
      events += next.events
      step(from: next.due)
    }
    return events
  }

  /// Writes what waits.
  public func writable(at now: Int64) {}

  /// Ends the line.
  public func stop(at now: Int64) {
    began = nil
    next = nil
  }

  // To the next message of the line; at the end of the file, to the end of the line.
  private func step(from moment: Int64) {
    next = nil
    guard let began, !isOver else { return }
    while place < text.count {
      let end = text[place...].firstIndex(of: 0x0A) ?? text.count
      let line = text[place..<end]
      place = min(end + 1, text.count)
      let (message, wrong) = LineCodec.object(line)
      guard let message else {
        if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) { continue }
        return next = (moment, [.anomaly(wrong ?? .badJSON)])
      }
      var events = events(of: message)
      if !events.isEmpty, let wrong { events.append(.anomaly(wrong)) }
      if events.isEmpty { continue }
      let due = message["t"]?.double.map { began.plus(Int64(nearest: max(0, $0) * 1e6 / speed)) }
      return next = (max(moment, due ?? moment), events)
    }
    isOver = true
    next = (moment, [.died(reason: "the recording is over", retryIn: nil)])
  }

  private func events(of message: JSONValue) -> [LineEvent] {
    if message["dir"]?.string == "desk" { return [] }
    switch message["type"]?.string {
    case "result": return []
    case "started":
      // The first start is our own.
      defer { isDead = false }
      return isDead ? [.started] : []
    case "died":
      isDead = true
      let retryIn = message["retryIn"]?.double.map { Int64(nearest: max(0, $0) * 1e9) }
      return [.died(reason: LineCodec.text(message["reason"]) ?? "", retryIn: retryIn)]
    default: return LineCodec.events(of: message)
    }
  }
}
