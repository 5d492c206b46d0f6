// The number that was dialled, and what the SDK makes of it.

import CCCore

/// Gives a report its number back.
///
/// The SDK documents `calledNumber` as a JavaScript number: its plus and its zeros are gone, and from
/// the seventeenth digit on it is rounded. Where it can be the number that was dialled, it is.
struct DialledNumber: Hashable {
  let phone: String

  /// Whether a reported number is this one, as far as a JavaScript number can tell.
  func matches(_ reported: String, exact: Bool) -> Bool {
    let (mine, theirs) = (Self.digits(phone), Self.digits(reported))
    if mine.isEmpty || theirs.isEmpty { return phone == reported }
    if mine == theirs { return true }
    guard !exact, mine.count == theirs.count, mine.count > 15 else { return false }
    return Double(String(decoding: mine, as: UTF8.self))
      == Double(String(decoding: theirs, as: UTF8.self))
  }

  /// The report with the number that was dialled, if it speaks of that.
  func restored(_ report: CallReport) -> CallReport {
    guard let number = report.number, matches(number.string, exact: report.exact) else {
      return report
    }
    var report = report
    report.number = SafeText(phone)
    report.exact = true
    return report
  }

  // A far side may count what is behind a * or # as part of the number, or not: only digits speak.
  private static func digits(_ text: String) -> [UInt8] {
    let digits = text.utf8.filter { (0x30...0x39).contains($0) }
    return Array(digits.drop { $0 == 0x30 })
  }
}
