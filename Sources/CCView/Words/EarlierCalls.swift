// What was with a number before, today.

import CCCore

/// How often a caller was here today, and when last.
public enum EarlierCalls {
  /// `2 calls today, last 13:37`; nil where there was none.
  public static func words(of call: Call, _ desk: Desk, _ zone: Zone, at now: Instant) -> String? {
    let today = zone.day(now.unix)
    let calls = desk.recentLines.filter {
      desk.settings.numbering.isSameCaller(
        $0.number.string, call.number.string, among: desk.recent.lazy.map(\.number.string))
        && zone.day($0.began.unix) == today
    }
    guard let last = calls.first else { return nil }
    return "\(Spoken.count(calls.count, "call")) today, last \(zone.minute(last.began.unix))"
  }
}
