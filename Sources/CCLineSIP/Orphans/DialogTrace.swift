// The record of one call, written down while the call lives.

import CLibre

/// Follows a call from its INVITE to its end, so that the next line can end it should this one die.
final class DialogTrace {
  /// The file, if there is one.
  weak var book: DialogBook?
  /// The dialog, as soon as it is known.
  private(set) var dialog: DialogRecord?
  private var written: CallRecord?
  /// The Call-ID of our INVITE.
  private var callID = ""
  /// Our INVITEs of late, those inside the call among them.
  private var asked: [(callID: String, number: UInt32)] = []

  /// Requests that a call may still send before its BYE has a lower number.
  private static let room: UInt32 = 10_000

  /// An inbound call: everything is in its INVITE, and in the tag that libre will answer with.
  func began(by request: UnsafePointer<sip_msg>) { dialog = DialogRecord(invitedBy: request) }

  /// Our INVITE goes out, or our first answer to theirs.
  func pending(_ invite: PendingInvite) {
    if case .talking? = written { return }
    callID = invite.callID
    write(.pending(invite))
  }

  /// An INVITE of ours goes out.
  func ask(in callID: String, _ number: UInt32) {
    guard !asked(in: callID, number) else { return }
    asked = asked.suffix(15) + [(callID, number)]
  }

  /// Whether an INVITE of ours had this Call-ID, and this number.
  func asked(in callID: String, _ number: UInt32? = nil) -> Bool {
    asked.contains { $0.callID == callID && (number == nil || $0.number == number) }
  }

  /// It rings at the far end: who answers there is known.
  func rings(by answer: UnsafePointer<sip_msg>) {
    guard case .pending(let invite)? = written, let further = invite.ringing(at: answer) else {
      return
    }
    write(.pending(further))
  }

  /// The call talks: from now on its end is owed to the far side.
  func established(by message: UnsafePointer<sip_msg>, of call: Call) {
    if !message.pointee.req { dialog = DialogRecord(answeredBy: message) }
    talks(call)
  }

  /// We have answered: the far side will talk to us whether its ACK finds us or not.
  func talks(_ call: Call) {
    guard let object = call.session.object else { return }
    dialog?.sequence = sip_dialog_lseq(sipsess_dialog(object)) &+ Self.room
    if let dialog { write(.talking(dialog)) }
  }

  /// The far side wants to be reached elsewhere from now on (RFC 3261 section 12.2.1.2).
  func moved(by message: UnsafePointer<sip_msg>) {
    guard let contact = message.value(SIP_HDR_CONTACT), case .talking? = written else { return }
    dialog?.target = SIPText.uri(of: contact)
    if let dialog { write(.talking(dialog)) }
  }

  /// The call is over; `isProven`: the far side knows it already.
  ///
  /// `code`: what theirs was refused with; `isAcknowledged`: whether they know of our answer.
  func forget(isProven: Bool, code: Int? = nil, isAcknowledged: Bool = true) {
    guard var written else { return }
    self.written = nil
    if isProven {
      book?.remove(written)
      return
    }
    if let code, case .pending(var invite) = written, invite.side == .theirs {
      invite.code = code
      written = .pending(invite)
    }
    book?.end(written, isAcknowledged: isAcknowledged)
  }

  private func write(_ record: CallRecord) {
    guard record != written else { return }
    book?.put(record, insteadOf: written)
    written = record
  }

  /// How another telephone names this dialog, to take our place in it.
  var replaces: Replaces? {
    guard let dialog, let ours = Self.tag(dialog.local), let theirs = Self.tag(dialog.remote)
    else { return nil }
    return Replaces(callID: dialog.callID, toTag: theirs, fromTag: ours)
  }

  /// Whether a Replaces header names this dialog: its to-tag is ours.
  func isNamed(by replaces: Replaces) -> Bool {
    guard let dialog else { return false }
    return dialog.callID == replaces.callID && Self.tag(dialog.local) == replaces.toTag
      && Self.tag(dialog.remote) == replaces.fromTag
  }

  /// Whether this answers our INVITE, and who answers is not who is, or was, talked to.
  func isAnsweredByAnother(_ answer: UnsafePointer<sip_msg>) -> Bool {
    guard callID == answer.pointee.callid.text, asked(in: callID, answer.pointee.cseq.num) else {
      return false
    }
    guard let dialog else { return true }
    return Self.tag(dialog.remote) != answer.pointee.to.tag.text
  }

  private static func tag(_ address: String) -> String? {
    let outside = address.lastIndex(of: ">").map { address[$0...] } ?? address[...]
    for part in outside.split(separator: ";").dropFirst() {
      let pair = part.split(separator: "=", maxSplits: 1)
      if pair.count == 2, pair[0].lowercased().filter({ $0 != " " }) == "tag" {
        return String(pair[1].filter { $0 != " " })
      }
    }
    return nil
  }
}
