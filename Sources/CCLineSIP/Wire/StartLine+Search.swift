// Finding where a message begins among bytes that make no sense.

extension StartLine {
  typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

  /// A line that is longer is no first line.
  static let longest = 8_192

  /// Whether bytes begin with a whole line that is surely a first one.
  static func isSure(atStartOf bytes: Bytes) -> Bool {
    let line = bytes.prefix(longest).prefix { $0 != 0x0A }
    guard line.count < bytes.count else { return false }
    return StartLine(withoutReturn(line))?.isSure == true
  }

  /// Where the first line that is surely one begins; nil: nowhere.
  static func first(in bytes: Bytes) -> Int? {
    var scan = LineScan(bytes)
    while let line = scan.next() {
      if StartLine(line)?.isSure == true { return line.startIndex }
      if let glued = glued(in: line) { return glued }
    }
    return nil
  }

  /// Where the last line begins, which may not be whole.
  static func lastLine(in bytes: Bytes) -> Int {
    bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? bytes.startIndex
  }

  /// A line that ended with a line feed, without the carriage return before it.
  static func withoutReturn(_ line: Bytes) -> Bytes {
    line.last == 0x0D ? line.dropLast() : line
  }
}
