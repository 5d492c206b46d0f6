// How long the end of the program may still take.

import CCCore
import CLinux
import Glibc

/// Counts from the signal that asked for the end: two seconds later the program is gone, in good order if it
/// can be, and by that signal if not (endwatch.c).
@MainActor enum LastMoment {
  /// When the program is ended in any case.
  nonisolated static let milliseconds: Int32 = 1_800
  /// What is kept back for the very last, the terminal.
  private static let reserve = 100 * Instant.millisecond
  private static var end: Int64?

  /// A signal asked for the end.
  static func begin(_ number: Int32) {
    guard end == nil else { return }
    end = SystemClock.now().uptime + Int64(milliseconds) * Instant.millisecond - reserve
    cc_end_begins(number)
  }

  /// How long an output that takes nothing is waited for, in milliseconds: less where a signal wants the
  /// end.
  static func patience(atMost wanted: Int32) -> Int32 {
    left(atMost: end == nil ? wanted : min(wanted, 300))
  }

  /// As long as was meant, or as long as there is, in milliseconds.
  static func left(atMost wanted: Int32) -> Int32 {
    guard let end else { return wanted }
    return min(wanted, Int32(clamping: max(0, end - SystemClock.now().uptime) / 1_000_000))
  }
}
