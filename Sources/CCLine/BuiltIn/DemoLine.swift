// The demo line, in the desk itself.

import CCCore

/// A line that needs nothing: an invented exchange with invented people (`--line demo`).
///
/// The same seed gives the same chances. It keeps no seat: the desk does.
@MainActor public final class DemoLine: PhoneLine {
  private let seed: UInt64
  private var exchange: DemoExchange?

  /// A demo line, not started yet.
  public init(seed: UInt64 = 1) { self.seed = seed }

  /// Polled for reading; see `PhoneLine`.
  public var readDescriptor: Int32? { nil }
  /// Polled for writing while output waits; see `PhoneLine`.
  public var writeDescriptor: Int32? { nil }
  /// When `ready` wants to be called.
  public var deadline: Int64? { exchange?.deadline }
  /// Whether something is left to end.
  public var isRunning: Bool { exchange != nil }

  /// Starts the line, or starts it again at once.
  public func start(at now: Int64) -> [LineEvent] {
    let restarted = exchange != nil
    exchange = DemoExchange(seed: seed)
    let died = LineEvent.died(reason: "the demo is started again", retryIn: 0)
    return (restarted ? [died] : []) + [.started, DemoExchange.hello]
  }

  /// Sends a command.
  public func send(_ command: LineCommand, at now: Int64) -> [LineEvent] {
    guard exchange != nil else {
      return command.id.map { [.result(id: $0, ok: false, error: "the demo does not run")] } ?? []
    }
    return exchange?.handle(command, at: now) ?? []
  }

  /// Reads what came and does what the time asks for.
  public func ready(at now: Int64) -> [LineEvent] { exchange?.tick(at: now) ?? [] }

  /// Writes what waits.
  public func writable(at now: Int64) {}

  /// Ends the line.
  public func stop(at now: Int64) { exchange = nil }
}
