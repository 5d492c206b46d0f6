// Why a call stopped ringing here, and why one that talked was ended.

import CCCore

/// The `Reason` headers of a CANCEL, or of a BYE, as what happened.
struct StopReason: Hashable {
  private let values: [ReasonHeader]

  /// `headers`: the values of `Reason`, as they came; none: nothing was said.
  init(_ headers: [String]) { values = ReasonHeader.read(headers) }

  /// How a call that rang came to its end, and why, in words.
  ///
  /// A telephone system that says nothing passes on that the caller hung up; one that says something we do
  /// not know, or a 0 as Asterisk does for every time-out and for a caller who left its queue, leaves it
  /// open.
  var ofRinging: (kind: EndKind, reason: Reason) {
    let cause = values.lazy.compactMap(\.q850).first
    let kinds = values.compactMap(Self.kind)
    // A colleague's answer is the reason of all others that stand beside it.
    let kind = kinds.contains(.answeredElsewhere) ? .answeredElsewhere : kinds.first
    switch kind ?? (values.isEmpty ? .callerGaveUp : .stoppedRinging) {
    case .answeredElsewhere:
      return (.answeredElsewhere, Reason("answered by a colleague", cause: cause))
    case .rangOut:
      return (.rangOut, Reason("it rang out here, the caller waits on", cause: cause))
    case .callerGaveUp:
      return (.callerGaveUp, Reason("the caller hung up", code: 487, cause: cause))
    default:
      let words: SafeText =
        values.contains(where: Self.isRefusedElsewhere)
        ? "it was refused at another telephone" : "it stopped ringing"
      return (.stoppedRinging, Reason(words, cause: cause))
    }
  }

  /// Why a call that talked was ended; nil: as people hang up.
  var ofTalk: Reason? {
    for value in values {
      if let words = SystemCause(value)?.ofTalk { return Reason(words) }
      guard let number = value.q850, let cause = ReleaseCause(number) else { continue }
      if cause.meaning == .networkFailed { return Reason(cause.words, cause: number) }
    }
    return nil
  }

  private static func kind(_ value: ReasonHeader) -> EndKind? {
    if let named = SystemCause(value)?.ofRinging { return named }
    let text = value.text.lowercased()
    if text.holds("elsewhere") {
      return isRefusedElsewhere(value) ? .stoppedRinging : .answeredElsewhere
    }
    if let number = value.q850 {
      switch number {
      // 127 is what Asterisk's Dial makes of the caller's own CANCEL.
      case 16, 127: return .callerGaveUp
      case 18, 19, 102: return .rangOut
      case 26: return .answeredElsewhere
      default: return .stoppedRinging
      }
    }
    guard value.scheme == "SIP", let cause = value.cause else { return nil }
    switch cause {
    case 200..<300: return .answeredElsewhere
    case 408: return .rangOut
    case 487: return .callerGaveUp
    default: return .stoppedRinging
    }
  }

  /// Another telephone of the same call was told to refuse it for all: 600 and 603 (RFC 3261 section 21.6).
  private static func isRefusedElsewhere(_ value: ReasonHeader) -> Bool {
    let text = value.text.lowercased()
    if value.scheme == "SIP", let cause = value.cause, (600..<700).contains(cause) { return true }
    return text.holds("elsewhere")
      && ["declin", "reject", "refus", "busy"].contains(where: text.holds)
  }
}
