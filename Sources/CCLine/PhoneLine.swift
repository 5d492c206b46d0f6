// What the event loop drives, whatever is behind it: a child, the demo, a recording.
import CCCore

/// A phone line as the event loop sees it.
///
/// All moments are nanoseconds since the machine was started. Nothing here blocks. The loop polls the two
/// descriptors, calls `ready` when the first is readable or the deadline has come, `writable` when the
/// second is writable, and hands the events to the desk.
@MainActor public protocol PhoneLine: AnyObject {
  /// Readable when `ready` has something to do; nil where there is nothing to poll.
  var readDescriptor: Int32? { get }
  /// Not nil only while output waits: poll it for writing, then call `writable`.
  var writeDescriptor: Int32? { get }
  /// When `ready` wants to be called even without input.
  var deadline: Int64? { get }
  /// Whether something is left that must end before the program does; false once a `stop` is complete.
  var isRunning: Bool { get }

  /// Starts the line, or starts it again at once, whatever it does now.
  func start(at now: Int64) -> [LineEvent]
  /// Sends a command; what cannot be sent comes back as a failed `result`.
  func send(_ command: LineCommand, at now: Int64) -> [LineEvent]
  /// Reads at most about 64 KiB, so that keys come between, and does what the time asks for.
  func ready(at now: Int64) -> [LineEvent]
  /// Writes what waits.
  func writable(at now: Int64)
  /// Ends the line: `quit`, a second of grace, then its whole process group is killed.
  ///
  /// Returns at once; `ready` does the rest until `isRunning` is false. No event tells of the end: it
  /// was asked for.
  func stop(at now: Int64)
  /// The machine has slept, and the line with it: what it owes an answer has its whole time again.
  func woke(at now: Int64)
}

extension PhoneLine {
  /// Where nothing else sleeps there is nothing to forgive.
  public func woke(at now: Int64) {}

  /// Stops a line and drives it until nothing of it is left; for the end of the program.
  ///
  /// Takes little more than the second of grace; gives up after `patience` nanoseconds on what not
  /// even the kernel can end.
  public func finish(patience: Int64 = 5 * Instant.second) {
    stop(at: Clock.now())
    let end = Clock.now() + patience
    while isRunning {
      let now = Clock.now()
      if now >= end { return }
      let wait = min(deadline ?? end, end) - now
      Poll.wait(read: readDescriptor, write: writeDescriptor, nanoseconds: max(0, wait))
      if writeDescriptor != nil { writable(at: Clock.now()) }
      _ = ready(at: Clock.now())
    }
  }
}
