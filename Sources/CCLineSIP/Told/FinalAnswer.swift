// Why a dial came to nothing: the answer's status, its `Reason`, `Warning` and `Retry-After`, in words.

import CCCore
import CLibre

/// A final answer of 300 and above to an INVITE of ours, as far as it tells why.
struct FinalAnswer: Hashable {
  var code: Int
  /// The phrase behind the code, as it came.
  var phrase = ""
  /// The headers of these names, as they came.
  var reasons: [String] = []
  var warnings: [String] = []
  var retryAfter: String?

  /// Why, in words, and whether it counts as refused or as not answered where the code alone would say
  /// otherwise.
  ///
  /// The cause of the telephone network counts before the status: Asterisk says 603 for every end that it
  /// has no status for, and nobody has declined then. A cause that says only that the call was cleared
  /// counts beside a 603 alone.
  var verdict: (reason: Reason, kind: EndKind?) {
    let values = ReasonHeader.read(reasons)
    let byCode = Reasons.answer(code: code, phrase: phrase)
    for value in values {
      if let named = SystemCause(value)?.ofDial {
        return (dressed(named.words, nil), named.kind)
      }
      guard let number = value.q850, let cause = ReleaseCause(number),
        !cause.isVague || code == 603
      else { continue }
      return (dressed(words(cause, value.location), number), cause.kind)
    }
    return (dressed(byCode.words, values.lazy.compactMap(\.q850).first), nil)
  }

  /// A refusal that did not come from whoever was called (RFC 8606) is the network's.
  private func words(_ cause: ReleaseCause, _ location: String) -> SafeText {
    guard cause.meaning == .refused, cause.cause == 21, !location.isEmpty, location != "U" else {
      return cause.advice
    }
    return "the network refuses the call"
  }

  private func dressed(_ words: SafeText, _ cause: Int?) -> Reason {
    let warning = warnings.compactMap { Self.text(ofWarning: $0) }.first { $0 != words.string }
    let again = retryAfter.flatMap(Self.wait)
    let parts = [
      words.string, warning.map { ": \($0)" }, again.map { "; try again in \($0)" },
    ]
    return Reason(
      SafeText(parts.compactMap { $0 }.joined(), limit: 160), code: code, cause: cause)
  }

  /// The words of a `Warning`: `304 pbx "Media type not available"` (RFC 3261 section 20.43).
  static func text(ofWarning header: String) -> String? {
    guard header.utf8.count <= ReasonHeader.longest else { return nil }
    for value in HeaderText.split(HeaderText.unfolded(header), at: ",").prefix(4) {
      let parts = HeaderText.trimmed(value).split(separator: " ", maxSplits: 2)
      guard parts.count == 3, parts[0].count == 3,
        parts[0].utf8.allSatisfy({ (48...57).contains($0) })
      else { continue }
      let text = SafeText(HeaderText.unquoted(parts[2]), limit: 80).string
      if !text.isEmpty { return text }
    }
    return nil
  }

  /// How long `Retry-After` asks one to wait: `18000;duration=3600`, `120 (in a meeting)` (RFC 3261
  /// section 20.33); nil if it says nothing.
  static func wait(_ header: String) -> String? {
    let digits = HeaderText.trimmed(header).prefix { $0.isASCII && $0.isNumber }
    guard digits.count <= 9, let seconds = Int(digits), seconds > 0 else { return nil }
    switch seconds {
    case ..<120: return "\(seconds) s"
    case ..<7200: return "\(seconds / 60) minutes"
    default: return "\(seconds / 3600) hours"
    }
  }
}

extension FinalAnswer {
  /// What a final answer says.
  init(_ message: UnsafePointer<sip_msg>) {
    self.init(
      code: message.code, phrase: message.phrase, reasons: message.named("Reason"),
      warnings: message.named("Warning"), retryAfter: message.named("Retry-After").first)
  }
}
