// UPDATE and INFO in a call: a new description, a new target, and who is there now.

import CCCore
import CLibre
import Glibc

extension Call {
  /// Takes an UPDATE (RFC 3311) or an INFO of the far end, and answers it.
  func asked(_ message: UnsafePointer<sip_msg>) {
    guard let object = session.object else { return answer(message, 481) }
    let dialog = sipsess_dialog(object)
    if sip_dialog_established(dialog), !sip_dialog_rseq_valid(dialog, message) {
      return answer(message, 500)
    }
    guard message.pointee.met.text == "UPDATE" else {
      identified(by: message.displayUpdate)
      return answer(message, 200)
    }
    let body = MessageBody(message)
    if body.isEmpty { return update(message, nil) }
    guard body.description != nil else {
      return answer(message, 415, "Accept: application/sdp, multipart/mixed\r\n")
    }
    if let (code, headers) = whyNoOffer { return answer(message, code, headers) }
    guard let description = offered(message) else { return answer(message, 488) }
    defer { mem_deref(description) }
    update(message, description)
  }

  /// Why an offer cannot be taken now (RFC 3311 section 5.2): ours is under way, or one is not answered yet.
  private var whyNoOffer: (Int, String)? {
    switch phase {
    case .talking: change != nil || isOfferUnderWay ? (491, "") : nil
    case .calling, .ringing: (491, "")
    case .alerting: (500, "Retry-After: \(Int.random(in: 1...9))\r\n")
    case .over: (481, "")
    }
  }

  private func update(
    _ message: UnsafePointer<sip_msg>, _ description: UnsafeMutablePointer<mbuf>?
  ) {
    identified(by: message)
    if let object = session.object, sip_dialog_established(sipsess_dialog(object)) {
      sip_dialog_update(sipsess_dialog(object), message)
      trace.moved(by: message)
    }
    _ = cc_answer_request(
      stack.handle, message, SIPText.escapedUser(settings.user), "application/sdp", description)
  }

  private func answer(_ message: UnsafePointer<sip_msg>, _ code: Int, _ headers: String = "") {
    _ = cc_treply(stack.handle, message, UInt16(code), Reasons.phrase(code), headers)
  }

  // MARK: Who is there

  /// What a message says of who is at the other end now.
  func identified(by message: UnsafePointer<sip_msg>) {
    let from = message.pointee.req ? message.pointee.from.val.text : nil
    let caller = Caller(
      changedTo: from.flatMap { isSomebodyElse($0) ? $0 : nil },
      asserted: message.named("P-Asserted-Identity"),
      remoteParty: message.named("Remote-Party-ID"), privacy: message.named("Privacy"))
    identified(by: caller?.party)
  }

  /// Whether From has another number than at the beginning of the call (RFC 4916).
  private func isSomebodyElse(_ from: String) -> Bool {
    guard let user = NameAddress(from)?.user, DialPlan.isNumber(user) else { return false }
    if firstFrom.isEmpty { firstFrom = user }
    return !DialNumber.same(user, firstFrom)
  }

  /// Tells who it is, if it is news.
  ///
  /// What was dialled stays as it was dialled, whatever form of it comes back; and of an address that is no
  /// number only the name counts.
  func identified(by told: Party?) {
    guard let told else { return }
    var number = told.number
    if let text = told.number?.string, !text.isEmpty {
      if [self.number, dialled].contains(where: { DialNumber.same($0, text) }) {
        number = SafeText(self.number)
      } else if let shown = party.number, DialNumber.same(shown.string, text) {
        number = shown
      } else if direction == .out, !DialPlan.isNumber(text) {
        number = nil
      }
    }
    let isSame = number == nil || number == party.number
    let next = Party(
      number: number ?? party.number, name: told.name ?? (isSame ? party.name : nil))
    guard next != party else { return }
    party = next
    owner?.identified(self, next)
  }
}

extension UnsafePointer<sip_msg> {
  /// Who is there now, as FreeSWITCH tells it in the headers of an INFO (mod_sofia); nil: nobody is named.
  var displayUpdate: Party? {
    let name = named("X-FS-Display-Name").first.map(EncodedWords.decoded)
    let number = named("X-FS-Display-Number").first
    let caller = Caller(displayed: name ?? "", number: number ?? "")
    return name == nil && number == nil ? nil : caller.party
  }
}
