// The Date field of an answer: what the other side's clock says.

import CCCore
import Foundation

/// Compares this machine's clock with that of an answer.
public enum HTTPDate {
  /// Seconds that `now` (Unix milliseconds) is ahead of the answer's Date; nil where it has none.
  public static func skew(_ answer: HTTPAnswer, now: Int64) -> Int? {
    guard let text = answer.headers["date"], let date = unix(text) else { return nil }
    // The field counts whole seconds: half of one is nobody's fault.
    return Int(Int64(nearest: (Double(now) / 1000 - Double(date) - 0.5).rounded()))
  }

  /// The Unix seconds of `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
  public static func unix(_ text: String) -> Int64? {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(secondsFromGMT: 0)
    format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
    return format.date(from: text).map { Int64(nearest: $0.timeIntervalSince1970) }
  }
}
