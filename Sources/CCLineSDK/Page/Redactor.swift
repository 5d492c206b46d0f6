// The token, taken out of whatever the page says.

import CCCore

/// Washes a page's words, and blackens the token in them: an SDK may well print it.
struct Redactor: Hashable {
  private var secrets: [Secret] = []

  /// Learns a token; its parts are secrets too (`Bearer TOKEN:ACCOUNT:UUID`), if they are long.
  mutating func learn(_ token: Secret) {
    let whole = token.revealed
    let parts = whole.split { $0 == " " || $0 == ":" }.map(String.init)
    let account = TokenAccount.account(of: token)
    secrets = ([whole] + parts).filter { $0.utf8.count >= 8 && $0 != account }
      .map { Secret($0) }
  }

  /// At most so many characters of the words, washed.
  func clean(_ words: String, limit: Int = 160) -> SafeText {
    var words = words
    for secret in secrets { words = Self.replace(secret.revealed, in: words) }
    let firstLine = words.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    return SafeText(firstLine.count > limit ? firstLine.prefix(limit) + "..." : firstLine)
  }

  private static func replace(_ secret: String, in words: String) -> String {
    var (result, rest) = ("", words[...])
    while let range = rest.firstRange(of: secret) {
      result += rest[..<range.lowerBound] + "(set)"
      rest = rest[range.upperBound...]
    }
    return result + rest
  }
}

/// The account that a token names.
enum TokenAccount {
  /// `ACCOUNT` of `Bearer TOKEN:ACCOUNT:UUID`, the shape of the documented sample; nil for any other.
  static func account(of token: Secret) -> String? {
    let parts = token.revealed.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, (1...64).contains(parts[1].utf8.count),
      parts[1].utf8.allSatisfy({ byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      })
    else { return nil }
    return String(parts[1])
  }
}
