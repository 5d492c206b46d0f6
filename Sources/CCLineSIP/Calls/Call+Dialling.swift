// A call that is made from here: its INVITE, its challenges, what comes before the answer.

import CCCore
import CLibre
import Glibc

extension Call {
  /// Sends the INVITE.
  func start() throws(Failure) {
    let error = invite(credentials: nil)
    guard error == 0 else {
      isEndKnown = true  // nothing went out
      finish()
      throw Failure(reason: Reasons.transport(error))
    }
  }

  /// A 3xx that libre would follow with a new INVITE; true if it answers this call's INVITE.
  func refuseRedirect(_ message: UnsafePointer<sip_msg>) -> Bool {
    guard phase == .calling || phase == .ringing, isNamed(in: message) else { return false }
    isEndKnown = true
    let target = message.value(SIP_HDR_CONTACT).map(SIPText.uri) ?? ""
    end(.notEstablished, Reasons.redirect(code: message.code, target: target))
    return true
  }

  private var uri: String { "sip:\(SIPText.escapedUser(dialled))@\(settings.domain)" }

  private func invite(credentials line: String?) -> Int32 {
    guard let offer = media.offer() else { return ENOMEM }
    let text = InviteText(offer)
    inviteText = text
    waitForAnswer()
    stack.waits(self)
    return cc_invite(
      session.place, stack.sessionSocket, uri, settings.address,
      SIPText.escapedUser(settings.user), stack.route, offer,
      { Call.onOffer($0, $1, $2) },
      { Call.onAnswer($0, $1) }, { Call.onProgress($0, $1) }, { Call.onEstablished($0, $1) },
      settings.followTransfers ? { Call.onRefer($0, $1, $2) } : nil, { Call.onClose($0, $1, $2) },
      ticket.of(self),
      headers(credentials: line ?? "", bytes: mbuf_get_left(offer)), text.headers)
  }

  private func waitForAnswer() {
    answeredAtAll = false
    deadline.start(after: settings.firstAnswer) { [weak self] in
      self?.end(.notEstablished, Reasons.noFirstAnswer)
    }
  }

  /// The headers of our INVITE besides the usual ones; `bytes`: of its description.
  private func headers(credentials line: String, bytes: Int) -> String {
    let headers = line + extraHeaders
    guard let infoLine = settings.infoHeader?.line(info) else { return headers }
    let size = InviteSize(
      uri: uri, from: settings.address, route: stack.route, local: stack.local.hostPort,
      credentials: line, capabilities: stack.capabilities, body: bytes)
    if settings.transport.isStream
      || size.bytes + infoLine.utf8.count <= InviteSize.longestDatagram
    {
      return headers + infoLine
    }
    if !saidInfoIsLeftOut {
      saidInfoIsLeftOut = true
      owner?.note(
        .warning,
        "the info is too long for UDP and stays here; sip.transport: tcp carries it whole")
    }
    return headers
  }

  func progressed(_ message: UnsafePointer<sip_msg>) {
    if !answeredAtAll {
      answeredAtAll = true
      deadline.start(after: settings.ringing) { [weak self] in
        self?.end(.notEstablished, Reasons.nobodyAnswered)
      }
    }
    guard message.code > 100, phase == .calling || phase == .ringing else { return }
    trace.rings(by: message)
    identified(by: message)
    // 183 with a description: tones of the network, before anybody answers.
    let body = MessageBody(message)
    if body.description != nil, earlyDescriptions < 32 {
      earlyDescriptions += 1
      if accept(body, isOffer: false) { media.start() }
    }
    if phase == .calling {
      move(to: .ringing)
      told(180, "Ringing")
      report(.ringing)
    }
  }

  /// The answer to our INVITE: its description may have come before, with a 183.
  func answered(_ message: UnsafePointer<sip_msg>) -> Bool {
    identified(by: message)
    let body = MessageBody(message)
    if body.description == nil, hasDescription { return true }
    return accept(body, isOffer: false)
  }

  func closedEarly(_ error: Int32, _ message: UnsafePointer<sip_msg>?) {
    guard let message, message.code >= 300 else {
      return end(
        .notEstablished, message != nil ? media.refusal ?? Reasons.noCommonSound : early(error))
    }
    if let challengeRefusal { return end(.notEstablished, challengeRefusal) }
    let verdict = FinalAnswer(message).verdict
    endKind = verdict.kind
    end(.notEstablished, verdict.reason)
  }

  /// A BYE before the answer was established comes as a reset connection without a message.
  private func early(_ error: Int32) -> Reason {
    error == ECONNRESET && answeredAtAll ? Reasons.hungUp : Reasons.transport(error)
  }
}

extension Call: Inviter {
  /// A challenge is answered in the dialog that the first INVITE began, and so is a refusal of encrypted
  /// sound where it need not be.
  ///
  /// With the next number (RFC 3261 section 22.2): a new Call-ID would be a second call at the telephone
  /// system.
  func triesAgain(after refusal: UnsafePointer<sip_msg>) -> Bool {
    guard phase == .calling || phase == .ringing, let text = inviteText, isNamed(in: refusal),
      let object = session.object,
      // The answer to an INVITE before this one, once more.
      refusal.pointee.cseq.num &+ 1 == sip_dialog_lseq(sipsess_dialog(object))
    else { return false }
    switch refusal.code {
    case 401, 407:
      let answer = owner?.answer(
        refusal.challenges, method: "INVITE", uri: uri, in: &exchange)
      switch answer {
      case .success(let line): return send(again: text, credentials: line)
      case .failure(let why):
        challengeRefusal = Reason(
          why.words("the registrar", code: refusal.code), code: refusal.code)
      case nil: break
      }
      return false
    case 415, 488, 606:
      guard media.mayOfferInTheClear else { return false }
      media.offerInTheClear()
      guard let offer = media.offer() else { return false }
      defer { mem_deref(offer) }
      // The same answer to the same challenge would look like somebody else's repetition.
      exchange = Credentials.Exchange()
      return text.rewrite(description: offer) && send(again: text, credentials: "")
    default: return false
    }
  }

  private func send(again text: InviteText, credentials line: String) -> Bool {
    waitForAnswer()
    return text.rewrite(
      headers: headers(credentials: line, bytes: mbuf_get_left(text.description)))
  }
}
