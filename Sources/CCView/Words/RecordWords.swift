// The words for a call that is over.

import CCCore

/// One word or two, or the reason, for how a call came out.
public enum RecordWords {
  /// `answered`, `busy here (486)`.
  public static func result(_ record: Record) -> String {
    switch record.result {
    case .unanswered, .rejected, .refused:
      if let reason = record.reason, !reason.text.isEmpty { return reason.text }
    case .answered, .transferred, .cancelled, .missed, .declined, .turnedAway, .lineLost: break
    }
    return word(record)
  }

  private static func word(_ record: Record) -> String {
    switch record.result {
    case .answered where record.isConsultation: "consultation"
    case .transferred where record.isConsultation: "consultation"
    case .answered: "answered"
    case .transferred: "transferred"
    case .unanswered: "no answer"
    case .rejected: "refused"
    case .refused: "not dialled"
    case .cancelled: "cancelled"
    case .missed: "missed"
    case .declined: "rejected"
    case .turnedAway: "turned away"
    case .lineLost: "line lost"
    }
  }
}
