// What came, on its way from the thread of the bus to the event loop: bounded, and cheap.

import CCCore
import Synchronization

/// Messages and events in their order, packed into one block of bytes that the reader takes whole.
///
/// Full, it makes the bus wait a moment for its reader (TCP holds back the broker meanwhile); a reader
/// that does not come gets the newest state of each topic instead of every one, and beyond that the
/// client asks the broker for everything once more. Nothing grows without bound.
final class BusMailbox: Sendable {
  /// What is taken out; the bytes are borrowed.
  enum Item {
    case event(BusEvent)
    case message(topic: UnsafeRawBufferPointer, payload: UnsafeRawBufferPointer, isRetained: Bool)

    /// A copy of it, to keep.
    var copy: BusEvent {
      switch self {
      case .event(let event): event
      case .message(let topic, let payload, let isRetained):
        .message(
          BusMessage(
            topic: String(decoding: topic, as: UTF8.self), payload: Array(payload),
            isRetained: isRetained))
      }
    }
  }

  /// The bounds.
  struct Limits: Sendable {
    /// Bytes of the block.
    var block = 1 << 20
    /// Bytes of newest states beside it.
    var newest = 8 << 20
    /// Events.
    var events = 256
    /// Milliseconds that the bus waits for its reader.
    var patience: Int32 = 100
  }

  private struct State {
    var block: [UInt8] = []
    var spare: [UInt8] = []
    var events: [BusEvent] = []
    /// Once the block is full: topic to record, in no order, since the newest of each counts.
    var newest: [[UInt8]: [UInt8]] = [:]
    var newestBytes = 0
    /// The reader did not come in time.
    var isStuck = false
    var hasLost = false
    var isEmpty: Bool { block.isEmpty && newest.isEmpty && !hasLost }
  }

  /// Bytes before the topic of a record: kind, flags, the topic's length (2), the payload's (4).
  private static let head = 8
  private static let messageKind: UInt8 = 0
  private static let eventKind: UInt8 = 1

  private let state = Mutex(State())
  private let full: Waker
  private let room: Waker
  private let limits: Limits

  init(_ limits: Limits = Limits()) throws(BusTrouble) {
    full = try Waker()
    room = try Waker()
    self.limits = limits
  }

  /// Readable when there is something to take.
  var descriptor: Int32 { full.descriptor }

  // MARK: The thread of the bus

  /// Adds an event.
  func post(_ event: BusEvent) {
    let wasEmpty = state.withLock { state in
      let wasEmpty = state.isEmpty
      if state.events.count >= limits.events {
        // A reader that is gone for so long has lost the thread: it is told so, and starts anew.
        Self.forget(&state)
      }
      state.events.append(event)
      Self.append(
        Self.eventKind, false, .init(start: nil, count: 0), .init(start: nil, count: 0),
        &state.block)
      return wasEmpty
    }
    if wasEmpty { full.wake() }
  }

  /// Adds a message; waits for its reader where the block is full.
  func post(topic: UnsafeRawBufferPointer, payload: UnsafeRawBufferPointer, isRetained: Bool) {
    let size = Self.head + topic.count + payload.count
    // nil: it waits.
    let wasEmpty: Bool? = state.withLock { state in
      guard state.block.count + size <= limits.block || state.isStuck else { return nil }
      return put(topic, payload, isRetained, size, &state)
    }
    if let wasEmpty {
      if wasEmpty { full.wake() }
      return
    }
    let end = BusClock.uptime() + Int64(limits.patience)
    while true {
      room.clear()
      let left = end - BusClock.uptime()
      // A wake-up may be one for an earlier room.
      guard left > 0, state.withLock({ $0.block.count + size > limits.block }) else { break }
      _ = room.wait(milliseconds: Int32(clamping: left))
    }
    let isFirst = state.withLock { state in
      if state.block.count + size > limits.block { state.isStuck = true }
      return put(topic, payload, isRetained, size, &state)
    }
    if isFirst { full.wake() }
  }

  /// Puts a message where there is room for it; whether the box was empty before.
  private func put(
    _ topic: UnsafeRawBufferPointer, _ payload: UnsafeRawBufferPointer, _ isRetained: Bool,
    _ size: Int, _ state: inout State
  ) -> Bool {
    let wasEmpty = state.isEmpty
    if state.newest.isEmpty, state.block.count + size <= limits.block {
      Self.append(Self.messageKind, isRetained, topic, payload, &state.block)
      return wasEmpty
    }
    let isState = Self.isState(topic)
    let key = Array(topic)
    let known = state.newest[key]?.count ?? 0
    guard isState, state.newestBytes - known + size <= limits.newest else {
      state.hasLost = true
      return wasEmpty
    }
    var record: [UInt8] = []
    record.reserveCapacity(size)
    Self.append(Self.messageKind, isRetained, topic, payload, &record)
    state.newest[key] = record
    state.newestBytes += size - known
    return wasEmpty
  }

  /// Only of a seat or a call does the newest say all; a command is none like the other.
  private static func isState(_ topic: UnsafeRawBufferPointer) -> Bool {
    topic.suffix(5).elementsEqual("/seat".utf8) || topic.suffix(5).elementsEqual("/call".utf8)
  }

  private static func forget(_ state: inout State) {
    state.block.removeAll(keepingCapacity: true)
    state.events.removeAll(keepingCapacity: true)
    state.newest.removeAll()
    state.newestBytes = 0
    state.hasLost = true
  }

  private static func append(
    _ kind: UInt8, _ flag: Bool, _ topic: UnsafeRawBufferPointer,
    _ payload: UnsafeRawBufferPointer, _ block: inout [UInt8]
  ) {
    block.append(kind)
    block.append(flag ? 1 : 0)
    withUnsafeBytes(of: UInt16(truncatingIfNeeded: topic.count)) { block.append(contentsOf: $0) }
    withUnsafeBytes(of: UInt32(truncatingIfNeeded: payload.count)) { block.append(contentsOf: $0) }
    block.append(contentsOf: topic)
    block.append(contentsOf: payload)
  }

  // MARK: The event loop

  /// Takes everything out, in its order; whether something was lost for want of room.
  func take(_ body: (Item) -> Void) -> Bool {
    full.clear()
    let (block, events, newest, hasLost) = state.withLock { state in
      let taken = (state.block, state.events, state.newest, state.hasLost)
      state.block = state.spare
      state.spare = []
      state.events = []
      state.newest = [:]
      state.newestBytes = 0
      state.hasLost = false
      state.isStuck = false
      return taken
    }
    room.wake()
    var next = 0
    Self.walk(block) { kind, flag, topic, payload in
      if kind == Self.eventKind {
        body(.event(events[next]))
        next += 1
      } else {
        body(.message(topic: topic, payload: payload, isRetained: flag))
      }
    }
    for record in newest.values {
      Self.walk(record) { body(.message(topic: $2, payload: $3, isRetained: $1)) }
    }
    giveBack(block)
    return hasLost
  }

  /// A block that did not grow large is used again.
  private func giveBack(_ block: consuming [UInt8]) {
    guard block.capacity <= limits.block / 4 else { return }
    block.removeAll(keepingCapacity: true)
    let spare = block
    state.withLock { $0.spare = spare }
  }

  private static func walk(
    _ block: [UInt8],
    _ body: (UInt8, Bool, UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Void
  ) {
    block.withUnsafeBytes { bytes in
      var at = 0
      while at + head <= bytes.count {
        let topic = Int(bytes.loadUnaligned(fromByteOffset: at + 2, as: UInt16.self))
        let payload = Int(bytes.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self))
        let start = at + head
        body(
          bytes[at], bytes[at + 1] == 1, .init(rebasing: bytes[start..<start + topic]),
          .init(rebasing: bytes[start + topic..<start + topic + payload]))
        at = start + topic + payload
      }
    }
  }
}
