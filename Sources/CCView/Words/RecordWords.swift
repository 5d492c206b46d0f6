// The words for a call that is over.

import CCCore

/// One word or two, or the reason, for how a call came out.
public enum RecordWords {
  /// `answered`, `busy here (486)`.
  public static func result(_ record: Record) -> String {
    switch record.result {
    case .unanswered, .rejected, .refused:
      if let reason = record.reason, !reason.text.isEmpty { return reason.text }
    case .notTaken:
      let what = "\(record.count > 1 ? "\(record.count) " : "")could not be taken"
      guard let why = record.reason?.text, !why.isEmpty else { return what }
      return "\(what): \(record.count > 1 ? "last " : "")\(why)"
    case .answered, .transferred, .cancelled, .missed, .declined, .turnedAway, .answeredElsewhere,
      .lineLost:
      break
    }
    return word(record)
  }

  /// Whether the words need more room than one or two: nothing was talked, and they tell why.
  static func isSentence(_ record: Record) -> Bool {
    switch record.result {
    case .notTaken, .answeredElsewhere: true
    default: false
    }
  }

  private static func word(_ record: Record) -> String {
    switch record.result {
    case .answered where record.isConsultation: "consultation"
    case .answered where record.isCutOff: "cut off"
    case .transferred where record.isConsultation: "consultation"
    case .answered: "answered"
    case .transferred: "transferred"
    case .unanswered: "no answer"
    case .rejected: "refused"
    case .refused: "not dialled"
    case .cancelled: "cancelled"
    case .missed: record.kind == .stoppedRinging ? "stopped ringing" : "missed"
    case .answeredElsewhere: "answered by a colleague"
    case .notTaken: "could not be taken"
    case .declined: "rejected"
    case .turnedAway: record.count > 1 ? "\(record.count) turned away" : "turned away"
    case .lineLost: "line lost"
    }
  }
}
