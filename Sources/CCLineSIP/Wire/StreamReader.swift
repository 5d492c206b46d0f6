// Messages out of a stream of bytes (RFC 3261 section 18.3), whatever else is in it.

/// Cuts a connection's bytes into messages.
///
/// One that cannot be read costs itself alone: where its end can be found it is passed over, and where it
/// cannot, the next first line that is surely one begins anew. What waits is bounded: a head, a body, and
/// what came last.
struct StreamReader {
  typealias Bytes = MessageHead.Bytes

  /// Takes a piece; false: it is of no use.
  typealias Taker = (Piece) -> Bool

  /// What was found.
  enum Piece {
    /// A whole message: its head, the whole, its body.
    case message(MessageHead, Bytes, body: Bytes)
    /// Two empty lines: the far end asks whether we are there (RFC 5626 section 3.5.1).
    case ping
    /// Something that is no message, and why; `head`: what can be repeated of it.
    case unreadable(MessageHead?, Fault)
    /// Where something ends could not be found: what comes next may be misread.
    case endIsLost
  }

  /// The longest head, and the longest body, in bytes.
  static let longestHead = 65_536
  static let longestBody = 65_535
  /// A line that is longer is no first line.
  static let longestLine = 8_192
  /// How long a message may take to come whole until its length is doubted, in milliseconds.
  static let patience: UInt64 = 1_000

  enum State {
    /// Where a message may begin.
    case boundary
    /// In a head; `isGood`: its first line is one. `next`: where its next line begins.
    case head(isGood: Bool, next: Int)
    /// The head is whole, the body is not.
    case body(end: Int, length: Int, isGood: Bool)
  }

  var state = State.boundary
  var buffer: [UInt8] = []
  /// Where in the buffer what is being read begins.
  var start = 0
  /// Up to where line ends were looked for, or first lines in a body.
  var looked = 0
  var lines = 0
  /// When what is being read began, in milliseconds.
  var began: UInt64 = 0
  var saidEndIsLost = false
  /// The body of the message before: where it was shorter than it said, the next one begins in it.
  var bodyBefore: [UInt8] = []
  /// Where in it; nil: nowhere.
  var resume: Int?

  /// When a look at the clock is wanted; nil: nothing waits.
  var wakes: UInt64? {
    if case .boundary = state, start == buffer.count { return nil }
    return saidEndIsLost ? nil : began &+ Self.patience
  }

  /// The bytes that wait.
  var waiting: Int { buffer.count - start }

  /// Takes what came.
  mutating func feed(
    _ chunk: UnsafeBufferPointer<UInt8>, at now: UInt64, _ take: Taker
  ) {
    // No telephone system goes on with half a line by sending a whole first line.
    if waiting > 0, isInMiddleOfLine, StartLine.isSure(atStartOf: chunk[...]) {
      _ = take(.unreadable(nil, .unfinished))
      begin(at: buffer.count)
    }
    if waiting == 0 { began = now }
    buffer += chunk
    read(now, take)
  }

  /// Looks at the clock: whether what waits has waited too long.
  mutating func tick(_ now: UInt64, _ take: Taker) {
    guard let wakes, now >= wakes else { return }
    read(now, take)
    guard waiting > 0, !saidEndIsLost, now &- began >= Self.patience else { return }
    saidEndIsLost = true
    _ = take(.endIsLost)
  }

  private mutating func read(_ now: UInt64, _ take: Taker) {
    readOn(now, take)
    while let place = resume {
      resume = nil
      buffer = Array(bodyBefore[place...] + buffer[start...])
      bodyBefore = []
      begin(at: 0)
      _ = take(.unreadable(nil, .tooShort))
      _ = take(.endIsLost)
      readOn(now, take)
    }
  }

  private mutating func readOn(_ now: UInt64, _ take: Taker) {
    // The pieces lie in the bytes as they are now.
    let bytes = buffer
    bytes.withUnsafeBufferPointer { all in
      lines = 0
      let first = start
      while step(all[...], now, take) { if start != first { began = now } }
    }
    if start == buffer.count {
      buffer.removeAll(keepingCapacity: buffer.capacity <= Self.longestLine * 2)
      (start, looked) = (0, 0)
    } else if start > 0 {
      buffer.removeFirst(start)
      shift(by: start)
    }
  }

  private mutating func shift(by count: Int) {
    start -= count
    looked = max(0, looked - count)
    switch state {
    case .boundary: break
    case .head(let isGood, let next): state = .head(isGood: isGood, next: next - count)
    case .body(let end, let length, let isGood):
      state = .body(end: end - count, length: length, isGood: isGood)
    }
  }

  private var isInMiddleOfLine: Bool {
    if case .body(let end, _, _) = state, end == buffer.count { return false }
    return buffer.last != 0x0A
  }

  mutating func begin(at place: Int) {
    state = .boundary
    start = place
    looked = place
    saidEndIsLost = false
  }

  /// One step; false: more bytes are needed.
  private mutating func step(_ all: Bytes, _ now: UInt64, _ take: Taker) -> Bool {
    switch state {
    case .boundary: firstLine(all, take)
    case .head(let isGood, let next): headLine(all, isGood, next, take)
    case .body(let end, let length, let isGood): body(all, end, length, isGood, now, take)
    }
  }
}
