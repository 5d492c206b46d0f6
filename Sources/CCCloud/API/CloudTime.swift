// Times as the vendor writes them.

import Foundation

/// `yyyy-MM-dd HH:mm:ss`; the zone is only stated for one push, as UTC+8 (contract section 7.2).
enum CloudTime {
  static func text(_ unix: Int64) -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(secondsFromGMT: 8 * 3600)
    format.dateFormat = "yyyy-MM-dd HH:mm:ss"
    return format.string(from: Date(timeIntervalSince1970: Double(unix) / 1000))
  }
}
