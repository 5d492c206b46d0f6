// What a line program under test has said, in its order.

import CCCore
import Foundation

/// Events in their order, and whoever waits for the next one.
public final class EventLog: Sendable {
  private struct State {
    var all: [LineEvent] = []
    var taken = 0
    var isClosed = false
  }
  private let state = Mutexed(State())

  /// An empty log.
  public init() {}

  /// Adds what a program writes, from now to the end of its output, on a thread of its own; `decode`: what a line
  /// of it says.
  ///
  /// A `readabilityHandler` is not always called for the end.
  public func read(
    from output: FileHandle, _ decode: @escaping @Sendable ([UInt8]) -> [LineEvent]
  ) {
    let thread = Thread { [self] in
      var pending: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = Foundation.read(output.fileDescriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return close() }
        pending += buffer[..<count]
        var lines = pending.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
          .map(Array.init)
        pending = lines.removeLast()
        for line in lines { for event in decode(line) { post(event) } }
      }
    }
    thread.start()
  }

  /// Adds an event.
  public func post(_ event: LineEvent) { state.with { $0.all.append(event) } }
  /// No more will come.
  public func close() { state.with { $0.isClosed = true } }
  /// Whether no more will come.
  public var isClosed: Bool { state.with { $0.isClosed } }
  /// All events until now, also those already taken.
  public var seen: [LineEvent] { state.with { $0.all } }

  /// The next event; nil at the end of the program.
  public func next(_ what: String, until deadline: Date) async throws -> LineEvent? {
    while true {
      let (event, isClosed): (LineEvent?, Bool) = state.with { state in
        guard state.taken < state.all.count else { return (nil, state.isClosed) }
        state.taken += 1
        return (state.all[state.taken - 1], false)
      }
      if let event { return event }
      if isClosed { return nil }
      guard Date() < deadline else { throw NotInTime("\(what); seen: \(seen)") }
      try await Task.sleep(for: .milliseconds(2))
    }
  }
}
