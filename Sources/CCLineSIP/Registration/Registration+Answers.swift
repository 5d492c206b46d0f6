// What the registrar answers.

import CCCore
import CLibre
import Glibc

extension Registration {
  static func onResponse(
    _ error: Int32, _ message: UnsafePointer<sip_msg>?, _ argument: UnsafeMutableRawPointer?
  ) {
    Ticket.holder(argument, as: Registration.self)?.answered(error, message)
  }

  func answered(_ error: Int32, _ message: UnsafePointer<sip_msg>?) {
    guard error == 0, let message else {
      deadline.cancel()
      return phase == .leaving
        ? gone() : failed(stack?.takeRefusal() ?? Reasons.transport(error).words)
    }
    stack?.tune(message, keepalive: settings.keepalive)
    let code = message.code
    if code < 200 { return }
    deadline.cancel()
    switch code {
    case 200..<300: phase == .leaving ? gone() : accepted(message)
    case 401, 407: challenged(message)
    case 423 where phase == .asking: tooBrief(message)
    default:
      if phase == .leaving { return gone() }
      refused(code, message)
    }
  }

  private func challenged(_ message: UnsafePointer<sip_msg>) {
    let answer = credentials.answer(
      message.challenges, method: "REGISTER", uri: uri, in: &exchange,
      clientNonce: SIPText.mark())
    switch answer {
    case .success(let line): send(credentials: line)
    case .failure(let refusal):
      if phase == .leaving { return gone() }
      let words = refusal.words("the registrar", code: message.code)
      // Nobody said that the password is wrong.
      refusal == .stale ? failed(words) : giveUp(words)
    }
  }

  private func accepted(_ message: UnsafePointer<sip_msg>) {
    let granted = Lifetime.granted(
      contacts: message.values(SIP_HDR_CONTACT), own: contact,
      expires: message.pointee.expires.text, asked: expires)
    if granted < Lifetime.shortest {
      owner?.note(
        .warning,
        SafeText(
          "the registrar grants \(granted) s; asked again every \(Lifetime.shortest) s, not oftener"
        ))
    }
    backoff.reset()
    move(to: .registered)
    next.start(after: Lifetime.refresh(granted)) { [weak self] in self?.refresh() }
    if let stack {
      liveness = Liveness(stack, message, settings: settings) { [weak self] reason in
        self?.lost(reason)
      }
    }
    if !isUp {
      isUp = true
      owner?.registered()
    }
  }

  /// 423: the registrar wants to be asked less often.
  ///
  /// Once; its wish is clamped like what it grants.
  private func tooBrief(_ message: UnsafePointer<sip_msg>) {
    let wanted = message.values(SIP_HDR_MIN_EXPIRES).first.flatMap { Int($0) } ?? 0
    guard wanted > expires, wanted <= Lifetime.longest else { return refused(423, message) }
    expires = wanted
    exchange = Credentials.Exchange()
    send(credentials: nil)
  }

  private func refused(_ code: Int, _ message: UnsafePointer<sip_msg>) {
    switch code {
    case 300..<400: failed(SafeText("the registrar sends us elsewhere (\(code)); not followed"))
    // Another try could only lock the account.
    case 403: giveUp("the registrar refuses the account (403)")
    case 404: failed("the registrar does not know the account (404)")
    default:
      let words = Reasons.answer(code: code, phrase: message.phrase).words
      failed(SafeText("the registrar refuses: \(words) (\(code))"))
    }
  }
}
