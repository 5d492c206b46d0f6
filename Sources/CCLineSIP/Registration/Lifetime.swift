// How long a registration lives, and when it is refreshed.

/// Seconds of a registration.
///
/// What a registrar grants is clamped: one that grants nothing would otherwise draw thousands of
/// requests a second.
enum Lifetime {
  /// What is asked for.
  ///
  /// Short enough that a quiet TCP connection is not closed as idle (900 s).
  static let asked = 600
  /// Less than this is taken as this.
  static let shortest = 30
  /// More than this is taken as this: a day.
  static let longest = 86_400

  /// What the registrar grants: the parameter of our own contact, else the header, else what was
  /// asked.
  ///
  /// Other contacts are other telephones of the same account.
  static func granted(contacts: [String], own: String, expires: String, asked: Int) -> Int {
    let ours =
      contacts.first { SIPText.uri(of: $0) == own } ?? (contacts.count == 1 ? contacts[0] : "")
    return parameter(ours) ?? Int(expires.filter { $0 != " " }) ?? asked
  }

  /// When to refresh what was granted, in milliseconds: at nine tenths, and before the connection counts
  /// as idle.
  static func refresh(_ granted: Int) -> Int {
    let clamped = min(max(granted, shortest), longest)
    return min(clamped * 900, asked * 900)
  }

  /// `;expires=` of a contact, outside its brackets.
  private static func parameter(_ contact: String) -> Int? {
    let outside = contact.lastIndex(of: ">").map { contact[$0...] } ?? contact[...]
    for part in outside.split(separator: ";").dropFirst(outside.hasPrefix(">") ? 0 : 1) {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, pair[0].lowercased().filter({ $0 != " " }) == "expires" else {
        continue
      }
      return Int(pair[1].filter { $0 != " " })
    }
    return nil
  }
}
