// Calls from outside.

import CCCore
import CLibre

/// Turns inbound calls away: this line cannot take them yet, and says so instead of ringing at nobody.
///
/// The answer leaves no transaction behind: twenty thousand INVITEs cost no memory.
struct Inbound {
  /// How many were turned away and not yet told of.
  private var untold = 0
  private var toldAt: UInt64?

  /// At most one line in the log in so many milliseconds.
  private static let pause: UInt64 = 10_000

  /// Answers an INVITE with 480; a sentence for the log, at most one every ten seconds.
  mutating func turnAway(_ request: UnsafePointer<sip_msg>, on stack: Stack) -> SafeText? {
    _ = cc_reply(stack.handle, request, 480, "Temporarily Unavailable", nil)
    untold += 1
    let now = Timer.now
    if let toldAt, now - toldAt < Self.pause { return nil }
    defer {
      untold = 0
      toldAt = now
    }
    let caller = SafeText(request.pointee.from.uri.user.text, limit: 40)
    return untold == 1
      ? SafeText("turned away a call from \(caller): this line takes no calls yet (480)")
      : SafeText("turned away \(untold) calls, the last from \(caller) (480)")
  }
}
