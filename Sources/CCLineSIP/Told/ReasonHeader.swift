// `Reason` headers: why a request came, or why an answer is what it is (RFC 3326).

import CCCore

/// One value of a `Reason` header: `Q.850;cause=16;text="Terminated";location=U`.
///
/// Total: any text gives values or none, and nothing in it is trusted.
struct ReasonHeader: Hashable {
  /// `SIP` or `Q.850`, or whatever a telephone system writes, in capitals.
  var scheme: String
  /// The cause; nil if there is none that is a number.
  var cause: Int?
  /// The words, as they came; empty if there are none.
  var text = ""
  /// Who gave the cause, in capitals (RFC 8606): `U` the user, `LN` the local network.
  var location = ""

  /// Longer headers are not looked at.
  static let longest = 1_024
  /// More values are not looked at.
  static let most = 8

  /// The values of all headers of a message, in their order.
  static func read(_ headers: [String]) -> [ReasonHeader] {
    let values = headers.flatMap { header in
      header.utf8.count <= longest ? HeaderText.split(HeaderText.unfolded(header), at: ",") : []
    }
    return values.prefix(most).compactMap(ReasonHeader.init)
  }

  /// Reads one value; nil if it names nothing.
  init?(_ value: String) {
    let parts = HeaderText.split(value, at: ";")
    guard let first = parts.first else { return nil }
    scheme = HeaderText.trimmed(first).uppercased()
    guard !scheme.isEmpty else { return nil }
    for part in parts.dropFirst() {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2 else { continue }
      let value = HeaderText.unquoted(pair[1])
      switch HeaderText.trimmed(pair[0]).lowercased() {
      case "cause": cause = Int(value).flatMap { (0...999).contains($0) ? $0 : nil }
      case "text": text = value
      case "location": location = value.uppercased()
      default: break
      }
    }
  }

  /// A cause of ITU-T Q.850, 1 to 127; nil where it is another's, or 0, which is none.
  var q850: Int? {
    guard scheme == "Q.850", let cause, (1...127).contains(cause) else { return nil }
    return cause
  }
}
