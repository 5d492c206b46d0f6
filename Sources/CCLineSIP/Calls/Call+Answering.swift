// A call that comes in: ringing, taken, refused.

import CCCore
import CLibre
import Glibc

extension Call {
  /// How long a call may ring here before it counts as missed, in milliseconds: the caller's side has
  /// given up, and its CANCEL was lost.
  static let longestRinging = 180_000

  /// Lets it ring: 180 to the caller; false if its description cannot be taken or it makes no dialog.
  ///
  /// With a call that it replaces it is answered at once, and that one ends first.
  func ring(_ request: UnsafePointer<sip_msg>, replacing old: Call? = nil) -> Bool {
    let answersAtOnce = old != nil
    let body = MessageBody(request)
    let hasOffer = body.description != nil
    if hasOffer, !accept(body, isOffer: true) { return false }
    trace.began(by: request)
    let description = answersAtOnce ? (hasOffer ? media.answer() : media.offer()) : nil
    defer { mem_deref(description) }
    let error = cc_accept(
      session.place, stack.sessionSocket, request, answersAtOnce ? 200 : 180,
      answersAtOnce ? "OK" : "Ringing", SIPText.escapedUser(settings.user), description,
      { Call.onOffer($0, $1, $2) },
      { Call.onAnswer($0, $1) }, { Call.onEstablished($0, $1) },
      settings.followTransfers ? { Call.onRefer($0, $1, $2) } : nil, { Call.onClose($0, $1, $2) },
      ticket.of(self))
    guard error == 0 else { return false }
    steer()
    if let old {
      trace.talks(self)
      old.end(.ended, Reasons.handedOn)
      talking()
    } else {
      deadline.start(after: Self.longestRinging) { [weak self] in self?.reject(code: 480) }
      report(.ringing)
    }
    return true
  }

  /// Takes it: nil if it talks, else why not.
  func take() -> SafeText? {
    guard phase == .alerting, let object = session.object else { return "the call is over" }
    let description = hasDescription ? media.answer() : media.offer()
    guard let description else { return "no memory for the answer" }
    isOfferUnderWay = !hasDescription
    defer { mem_deref(description) }
    // Before the answer goes out: who dies between the two leaves a BYE, and nobody talking to nobody.
    trace.talks(self)
    let error = cc_answer(object, description)
    guard error == 0 else {
      end(.notEstablished, Reasons.transport(error))
      return Reasons.transport(error).words
    }
    talking()
    return nil
  }

  /// Refuses it with a code: 486 busy, 603 declined, 480 not available.
  func reject(code: Int) {
    guard phase == .alerting else { return }
    refusedWith = code
    if let object = session.object {
      _ = cc_reject(object, UInt16(code), Reasons.phrase(code))
    }
    end(.notEstablished, Reasons.answer(code: code, phrase: ""))
  }
}
