// The line program, as far as the desk has been told of it.

/// The program behind the line.
///
///     none ─► running ─► ending ─► none
///               └──────────────────┘
///
/// Whether a program that starts is to register, and one that has ended is to be started again,
/// follows from the link alone (`Link.isWanted`).
enum LineProgram: Hashable, Sendable {
  /// It does not run.
  case none
  /// It runs. One that never says `hello` is up at its first event (design section 4).
  case running(saidHello: Bool)
  /// It was asked to end: what it still says of calls counts, what it says of its link does not.
  case ending

  var isRunning: Bool { if case .running = self { true } else { false } }
}

extension Link {
  /// Whether the desk is to be signed in: not after a refusal, an eviction or her own choice, until
  /// she asks.
  var isWanted: Bool {
    switch self {
    case .connecting, .up, .down: true
    case .stopped, .evicted, .off: false
    }
  }
}
