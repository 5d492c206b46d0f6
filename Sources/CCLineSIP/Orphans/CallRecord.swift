// What is written down of a call, whether it talks or nobody has answered it.

import CCJSON

/// One call, as the file holds it.
enum CallRecord: Hashable {
  /// It talks: a BYE ends it.
  case talking(DialogRecord)
  /// Nobody has answered it yet: a CANCEL ends ours, a refusal theirs.
  case pending(PendingInvite)

  /// What it is known by.
  var callID: String {
    switch self {
    case .talking(let dialog): dialog.callID
    case .pending(let invite): invite.callID
    }
  }

  /// For the file.
  var json: JSONValue {
    switch self {
    case .talking(let dialog): dialog.json
    case .pending(let invite): invite.json
    }
  }

  /// Reads one; nil if something is missing, or could break a header.
  init?(_ json: JSONValue) {
    if json["side"] != nil {
      guard let invite = PendingInvite(json) else { return nil }
      self = .pending(invite)
    } else {
      guard let dialog = DialogRecord(json) else { return nil }
      self = .talking(dialog)
    }
  }
}
