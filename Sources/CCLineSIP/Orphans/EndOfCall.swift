// What a message says about the end of a call that was ended from here.

import CLibre

/// What answers to a hang-up mean.
enum EndOfCall {
  /// Whether an answer comes from somebody on the way who could not reach the far end: then it has not heard.
  static func isUnreached(_ code: Int) -> Bool {
    switch code {
    case 408, 430, 500, 502, 503, 504: true
    default: false
    }
  }
}

extension CallRecord {
  /// What is known after a message.
  enum News: Hashable {
    /// As much as before.
    case none
    /// The far side knows that it is over.
    case over
    /// The far side answered before it heard of the end: now a BYE ends it.
    case answered(DialogRecord)
  }

  /// Requests that the call itself may have sent before.
  private static let room: UInt32 = 10_000

  /// Reads a message with this call's Call-ID.
  func news(in message: UnsafePointer<sip_msg>) -> News {
    let head = message.pointee
    let method = head.req ? head.met.text : head.cseq.met.text
    let isFinal = !head.req && message.code >= 200
    switch self {
    case .talking:
      // A challenge is no end: the BYE goes out once more, with credentials.
      if head.req { return method == "BYE" ? .over : .none }
      return isFinal && method == "BYE" && message.code != 401 && message.code != 407
        && !EndOfCall.isUnreached(message.code) ? .over : .none
    case .pending(let invite) where invite.side == .ours:
      guard isFinal, method == "INVITE", head.cseq.num == invite.sequence else { return .none }
      guard message.code < 300 else { return .over }
      guard var dialog = DialogRecord(answeredBy: message) else { return .none }
      dialog.sequence = invite.sequence &+ Self.room
      return DialogRecord(dialog.json) == nil ? .none : .answered(dialog)
    case .pending:
      // Their ACK to our refusal, or their CANCEL, which crossed it.
      return head.req && (method == "ACK" || method == "CANCEL") ? .over : .none
    }
  }
}
