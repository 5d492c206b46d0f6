// The words for how a call from outside came to its end before anybody here answered it.

import CCCore

/// One place for all who say it: panel, Recent, message row, plain mode.
public enum EndWords {
  /// `answered by a colleague`; nil where the line does not know how it ended.
  public static func text(_ kind: EndKind?) -> String? {
    switch kind {
    case .answeredElsewhere: "answered by a colleague"
    case .callerGaveUp: "the caller hung up"
    case .rangOut: "it rang out here and went on"
    case .stoppedRinging: "it stopped ringing"
    case .notTaken: "could not be taken"
    case .unanswered, .rejected, nil: nil
    }
  }

  /// The word for the state of such a call, in capitals as every state is.
  static func state(_ kind: EndKind?) -> String {
    switch kind {
    case .answeredElsewhere: "TAKEN BY A COLLEAGUE"
    case .stoppedRinging: "STOPPED RINGING"
    case .notTaken: "NOT TAKEN"
    case .callerGaveUp, .rangOut, .unanswered, .rejected, nil: "MISSED"
    }
  }

  /// The last step of its way, as in `ringing 6 s › missed`.
  static func step(_ kind: EndKind?) -> String {
    switch kind {
    case .answeredElsewhere: "taken by a colleague"
    case .stoppedRinging: "stopped"
    case .notTaken: "not taken"
    case .callerGaveUp, .rangOut, .unanswered, .rejected, nil: "missed"
    }
  }

  /// Why a call was not established: the line's reason, or else what its kind says.
  static func why(_ end: Call.End) -> String {
    let reason = end.reason?.text ?? ""
    return reason.isEmpty ? text(end.kind) ?? "" : reason
  }
}
