// Lines of commands from stdin, bounded.

import Glibc

/// Reads lines from a descriptor; none is longer than the limit.
struct InputLines {
  /// What one read brought.
  enum Item: Hashable {
    case line([UInt8])
    /// A line beyond the limit, dropped.
    case tooLong
    /// There will be nothing more.
    case end
  }

  /// The most bytes of a line.
  static let limit = 65_536

  private var partial: [UInt8] = []
  private var isSkipping = false
  private var hasEnded = false

  /// Reads once from a readable descriptor.
  mutating func read(_ descriptor: Int32) -> [Item] {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = Glibc.read(descriptor, &chunk, chunk.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return [] }
    return count > 0 ? feed(chunk[..<count]) : end()
  }

  /// Takes bytes.
  mutating func feed(_ bytes: ArraySlice<UInt8>) -> [Item] {
    var items: [Item] = []
    var rest = bytes
    while let newline = rest.firstIndex(of: 0x0A) {
      items += take(rest[..<newline], isComplete: true)
      rest = rest[(newline + 1)...]
    }
    items += take(rest, isComplete: false)
    return items
  }

  /// Takes the end; a line without its end is one too.
  mutating func end() -> [Item] {
    guard !hasEnded else { return [] }
    hasEnded = true
    let last = partial.isEmpty ? [] : take([], isComplete: true)
    return last + [.end]
  }

  private mutating func take(_ piece: ArraySlice<UInt8>, isComplete: Bool) -> [Item] {
    var items: [Item] = []
    if !isSkipping {
      partial += piece
      if partial.count > Self.limit {
        partial = []
        isSkipping = true
        items.append(.tooLong)
      }
    }
    guard isComplete else { return items }
    if !isSkipping {
      if partial.last == 0x0D { partial.removeLast() }
      items.append(.line(partial))
    }
    partial = []
    isSkipping = false
    return items
  }
}
