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
    defer { mem_deref(offer) }
    let size = InviteSize(
      uri: uri, from: settings.address, route: stack.route, local: stack.local.hostPort,
      credentials: line ?? "", body: mbuf_get_left(offer))
    var headers = (line ?? "") + extraHeaders
    if let infoLine = settings.infoHeader?.line(info) {
      if settings.transport.isStream
        || size.bytes + infoLine.utf8.count <= InviteSize.longestDatagram
      {
        headers += infoLine
      } else if !saidInfoIsLeftOut {
        saidInfoIsLeftOut = true
        owner?.note(
          .warning,
          "the info is too long for UDP and stays here; sip.transport: tcp carries it whole")
      }
    }
    deadline.start(after: settings.firstAnswer) { [weak self] in
      self?.end(.notEstablished, Reasons.noFirstAnswer)
    }
    return cc_invite(
      session.place, stack.sessionSocket, uri, settings.address,
      SIPText.escapedUser(settings.user), stack.route, offer,
      { Call.onOffer($0, $1, $2) },
      { Call.onAnswer($0, $1) }, { Call.onProgress($0, $1) }, { Call.onEstablished($0, $1) },
      settings.followTransfers ? { Call.onRefer($0, $1, $2) } : nil, { Call.onClose($0, $1, $2) },
      ticket.of(self), headers.isEmpty ? nil : headers)
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
    // 183 with a description: tones of the network, before anybody answers.
    if mbuf_get_left(message.pointee.mb) > 0, earlyDescriptions < 32 {
      earlyDescriptions += 1
      if accept(message.pointee.mb, isOffer: false) { media.start() }
    }
    if phase == .calling {
      move(to: .ringing)
      told(180, "Ringing")
      report(.ringing)
    }
  }

  /// The answer to our INVITE: its description may have come before, with a 183.
  func answered(_ message: UnsafePointer<sip_msg>) -> Bool {
    if mbuf_get_left(message.pointee.mb) == 0, hasDescription { return true }
    return accept(message.pointee.mb, isOffer: false)
  }

  func closedEarly(_ error: Int32, _ message: UnsafePointer<sip_msg>?) {
    guard let message, message.code >= 300 else {
      return end(
        .notEstablished, message != nil ? media.refusal ?? Reasons.noCommonSound : early(error))
    }
    if message.code == 401 || message.code == 407 { return challenged(message) }
    end(.notEstablished, Reasons.answer(code: message.code, phrase: message.phrase))
  }

  /// A BYE before the answer was established comes as a reset connection without a message.
  private func early(_ error: Int32) -> Reason {
    error == ECONNRESET && answeredAtAll ? Reasons.hungUp : Reasons.transport(error)
  }

  private func challenged(_ message: UnsafePointer<sip_msg>) {
    let answer = owner?.answer(
      message.challenges, method: "INVITE", uri: uri, in: &exchange)
    let code = message.code
    switch answer {
    case .success(let line):
      session.release()
      isEndKnown = false
      let error = invite(credentials: line)
      if error != 0 { end(.notEstablished, Reasons.transport(error)) }
    case .failure(let refusal):
      end(.notEstablished, Reason(refusal.words("the registrar", code: code), code: code))
    case nil:
      end(.notEstablished, Reasons.answer(code: code, phrase: ""))
    }
  }
}
