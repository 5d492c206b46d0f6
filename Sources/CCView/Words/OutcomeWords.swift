// The words for how an attempt or a call came out.

import CCCore

/// One word or two for an outcome.
public enum OutcomeWords {
  /// `no answer`, `line lost`.
  public static func text(_ outcome: Outcome) -> String {
    switch outcome {
    case .answered: "answered"
    case .rejected: "refused"
    case .unanswered: "no answer"
    case .refused: "not dialled"
    case .lineLost: "line lost"
    case .cancelled: "cancelled"
    }
  }

  /// The same for a record.
  public static func text(_ result: Record.Result) -> String {
    switch result {
    case .answered: "answered"
    case .unanswered: "no answer"
    case .rejected: "refused"
    case .refused: "not dialled"
    case .cancelled: "cancelled"
    case .missed: "missed"
    case .turnedAway: "turned away"
    case .lineLost: "line lost"
    }
  }
}
