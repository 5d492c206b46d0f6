// What is said of a call that went away beside another one.

import CCCore

/// A sentence for the message row: the panel goes on with the other call, and shows nothing of it.
enum GoneWords {
  /// `María López hung up.`, `1020: busy here (486).`; nil where the agent knows, since she did it.
  static func sentence(_ call: Call, _ end: Call.End, _ desk: Desk) -> (
    level: NoticeLevel, words: SafeText
  )? {
    switch end.by {
    case .agent, .desk, .transferred, .unseen: return nil
    case .far, .lineLost, .inferred: break
    }
    if end.talked != nil {
      if let why = end.cut?.text { return (.warning, SafeText("\(desk.party(of: call)): \(why).")) }
      let what = end.by == .far ? "hung up" : "is gone"
      return (.warning, SafeText("\(desk.party(of: call)) \(what)."))
    }
    if call.direction == .in { return missed(desk.party(of: call), end) }
    let why = end.reason?.text ?? OutcomeWords.text(end.outcome)
    return (.warning, SafeText("\(desk.party(of: call)): \(why)."))
  }

  private static func missed(_ who: SafeText, _ end: Call.End) -> (NoticeLevel, SafeText) {
    switch end.kind {
    case .answeredElsewhere: (.info, SafeText("\(who): answered by a colleague."))
    case .stoppedRinging: (.info, SafeText("\(who) stopped ringing."))
    case .notTaken: (.warning, SafeText("\(who) could not be taken: \(EndWords.why(end))."))
    case .callerGaveUp, .rangOut, .unanswered, .rejected, nil: (.info, SafeText("Missed: \(who)."))
    }
  }
}
