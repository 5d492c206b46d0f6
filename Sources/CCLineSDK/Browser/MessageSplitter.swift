// Bytes to messages, within bounds.

/// Cuts the browser's stream at its NUL bytes; a message over the limit is skipped and counted.
struct MessageSplitter {
  private let limit: Int
  private var pending: [UInt8] = []
  private var isSkipping = false
  /// How many messages were too long.
  private(set) var skipped = 0

  init(limit: Int = DevToolsMessage.longest) { self.limit = limit }

  /// Takes bytes; calls back for each message that they complete.
  mutating func feed(_ bytes: ArraySlice<UInt8>, _ take: (ArraySlice<UInt8>) -> Void) {
    var rest = bytes
    while let end = rest.firstIndex(of: 0) {
      let tail = rest[..<end]
      rest = rest[(end + 1)...]
      if isSkipping {
        isSkipping = false
      } else if pending.isEmpty, tail.count <= limit {
        take(tail)
      } else if pending.count + tail.count > limit {
        skipped += 1
      } else {
        take(pending + tail)
      }
      pending.removeAll(keepingCapacity: pending.capacity <= 1 << 18)
    }
    if isSkipping { return }
    guard pending.count + rest.count <= limit else {
      isSkipping = true
      skipped += 1
      pending = []
      return
    }
    pending += rest
  }
}
