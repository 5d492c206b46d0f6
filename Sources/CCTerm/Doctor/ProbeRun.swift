// A program that is asked one thing, and given so long to answer.

import Glibc

/// Runs a program to its end, to its deadline, or until what it has printed is enough.
enum ProbeRun {
  /// What came of it.
  struct Outcome: Hashable {
    /// Its exit code; nil where it was ended by us or by a signal.
    var code: Int32?
    /// What it printed, to stdout and stderr alike.
    var output: String
  }

  /// The most bytes that are read.
  static let limit = 1 << 20

  /// Runs a program; nil where it cannot be started.
  ///
  /// - Parameters:
  ///   - words: the program's path and its arguments.
  ///   - input: a descriptor that becomes its stdin; -1: nothing.
  ///   - seconds: how long it may take.
  ///   - temporary: its TMPDIR; nil: ours.
  ///   - isEnough: whether no more output is needed; then it is ended.
  @MainActor static func run(
    _ words: [String], input: Int32 = -1, seconds: Double, temporary: String? = nil,
    until isEnough: (String) -> Bool = { _ in false }
  ) -> Outcome? {
    guard let path = words.first,
      let program = try? PrintingProgram(
        path, words, input: input, withErrors: true, temporary: temporary)
    else { return nil }
    let (output, isOver) = read(program.output, seconds: seconds, until: isEnough)
    let (status, byItself) = program.end(after: isOver ? 500 : 0)
    return Outcome(
      code: byItself && status & 0x7F == 0 ? (status >> 8) & 0xFF : nil, output: output)
  }

  @MainActor private static func read(
    _ descriptor: Int32, seconds: Double, until isEnough: (String) -> Bool
  ) -> (String, isOver: Bool) {
    let deadline = SystemClock.now().uptime + Int64(seconds * 1e9)
    var bytes = [UInt8]()
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while bytes.count < limit {
      let left = (deadline - SystemClock.now().uptime + 999_999) / 1_000_000
      guard left > 0 else { break }
      var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&entry, 1, Int32(clamping: left)) > 0 else { continue }
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count > 0 {
        bytes += chunk[..<count]
        if isEnough(String(decoding: bytes, as: UTF8.self)) { break }
      } else if count == 0 {
        return (String(decoding: bytes, as: UTF8.self), true)
      }
    }
    return (String(decoding: bytes, as: UTF8.self), false)
  }
}
