// How much is measured: the whole, a quick look, or the long run; and which rows.

import Glibc

/// What to measure and how often.
struct Plan {
  /// Folder of the release build.
  var binaries: String
  /// Names of the chosen measures; empty is all.
  var chosen = Set<String>()
  var rounds = 5
  var presses = 150
  var starts = 8
  var events = 40
  var calls = 6
  /// Calls one after another.
  var manyCalls = 10_000
  /// Seconds of rest after them.
  var afterCalls: Int64 = 36
  var restSeconds: Int64 = 20
  /// Agents of the large floor on a bus.
  var crowd = 100_000
  /// Connections of strangers.
  var strangers = 1_000
  /// Seconds of a flood of messages.
  var floodSeconds = 4
  /// Seconds after its start at which the desk's memory is read.
  var memoryAfter: Int64 = 25
  /// Whether a missed goal makes the exit code 1.
  var isStrict = false

  static let names = [
    "keys", "start", "event", "flood", "rest", "floor", "bus", "invite", "line", "sdk", "sound",
    "inbound", "ring", "unreadable", "strangers", "calls",
  ]

  static let usage = """
    usage: ccterm-bench [--quick] [--strict] [FOLDER] [\(names.joined(separator: "|")) ...]

    FOLDER holds the release build (or CCTERM_BIN; .build/release). --quick: one small round.
    --strict: exit 1 on a missed goal. BENCH_LONG=1: a minute of rest, memory after five minutes.
    """

  /// Reads the command line and the environment; nil if it makes no sense.
  init?(_ arguments: some Sequence<String>) {
    binaries = getenv("CCTERM_BIN").map { String(cString: $0) } ?? ".build/release"
    var isQuick = false
    for argument in arguments {
      switch argument {
      case "--quick": isQuick = true
      case "--strict": isStrict = true
      case "--help", "-h": return nil
      case _ where Self.names.contains(argument): chosen.insert(argument)
      case _ where argument.contains("/"): binaries = argument
      default: return nil
      }
    }
    if isQuick {
      (manyCalls, afterCalls) = (500, 1)
      (rounds, presses, starts, events, calls, restSeconds, memoryAfter) = (1, 30, 3, 10, 3, 3, 6)
      floodSeconds = 2
    } else if getenv("BENCH_LONG") != nil {
      (restSeconds, memoryAfter) = (60, 300)
    }
  }

  func includes(_ name: String) -> Bool { chosen.isEmpty || chosen.contains(name) }
}
