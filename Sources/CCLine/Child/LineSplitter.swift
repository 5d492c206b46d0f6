// Bytes to lines, within bounds.

import Glibc

/// Cuts a stream into lines without ever holding more than one line's limit.
///
/// A line over the limit is reported once, its rest is skipped, and the next line is read again.
struct LineSplitter {
  /// What a slice of the stream gave.
  enum Piece {
    /// A line without its line end.
    case line(UnsafeBufferPointer<UInt8>)
    /// A line longer than the limit.
    case tooLong
  }

  let limit: Int
  private var pending: [UInt8] = []
  private var skipping = false

  init(limit: Int = 65_536) { self.limit = limit }

  /// Takes bytes; calls back for each line that they complete.
  mutating func feed(_ bytes: UnsafeRawBufferPointer, _ take: (Piece) -> Void) {
    var rest = bytes.bindMemory(to: UInt8.self)[...]
    while let start = rest.startIndexPointer {
      guard let end = memchr(start, 0x0A, rest.count) else { break }
      let count = UnsafeRawPointer(end) - UnsafeRawPointer(start)
      finish(UnsafeBufferPointer(start: start, count: count), take)
      rest = rest.dropFirst(count + 1)
    }
    if skipping { return }
    if pending.count + rest.count > limit {
      skipping = true
      pending = []
      take(.tooLong)
    } else {
      pending.append(contentsOf: rest)
    }
  }

  /// The stream is over: what stands there without a line end is a line too.
  mutating func end(_ take: (Piece) -> Void) {
    if !pending.isEmpty { pending.withUnsafeBufferPointer { take(.line($0)) } }
    pending = []
    skipping = false
  }

  private mutating func finish(
    _ tail: UnsafeBufferPointer<UInt8>, _ take: (Piece) -> Void
  ) {
    if skipping {
      skipping = false
    } else if pending.count + tail.count > limit {
      pending = []
      take(.tooLong)
    } else if pending.isEmpty {
      take(.line(tail))
    } else {
      pending.append(contentsOf: tail)
      pending.withUnsafeBufferPointer { take(.line($0)) }
      pending.removeAll(keepingCapacity: true)
    }
  }
}

extension Slice<UnsafeBufferPointer<UInt8>> {
  fileprivate var startIndexPointer: UnsafePointer<UInt8>? {
    isEmpty ? nil : base.baseAddress.map { $0 + startIndex }
  }
}
