// The words for how a dial attempt came out.

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
}
