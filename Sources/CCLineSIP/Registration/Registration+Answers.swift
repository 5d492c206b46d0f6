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
      if phase == .leaving { return gone() }
      if triesNewWay() { return }
      let strange = stack.flatMap { strangeness(of: $0) }
      return failed(stack?.takeRefusal() ?? strange ?? Reasons.transport(error).words)
    }
    stack?.tune(message, keepalive: settings.keepalive)
    let code = message.code
    if code < 200 { return }
    deadline.cancel()
    switch code {
    case 401, 407: challenged(message)
    case _ where tookBack(): break
    case 200..<300 where phase == .leaving:
      bindings.ended()
      gone()
    case 200..<300: accepted(message)
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
      contacts: message.pieces(SIP_HDR_CONTACT), own: contact,
      expires: message.pointee.expires.text, asked: expires)
    if granted < Lifetime.shortest {
      owner?.note(
        .warning,
        SafeText(
          "the registrar grants \(granted) s; asked again after "
            + "\(Lifetime.refresh(granted) / 1000) s"))
    }
    backoff.reset()
    refusals = 0
    move(to: .registered)
    next.start(after: Lifetime.refresh(granted)) { [weak self] in self?.refresh() }
    bindings.stands(contact, for: granted, as: .init(callID: callID, sequence: sequence))
    remember(message)
    watch(message)
    owner?.trusts(message.hostsOnTheWay)
    if !isUp {
      isUp = true
      owner?.registered()
    } else if isForgotten {
      owner?.wayIsNew("the registrar had forgotten us; registered again")
    } else if isOnNewWay {
      owner?.wayIsNew("the way to the registrar broke, and stands again")
    }
    (isOnNewWay, isForgotten) = (false, false)
    // The connection leaves from another port than was wanted: nobody would find it by the contact.
    if let stack, let place = SIPGate.shared.local(toward: stack.registrar),
      place.contact(settings.user, over: settings.transport) != contact
    {
      refresh()
    }
  }

  private func watch(_ message: UnsafePointer<sip_msg>) {
    guard let stack else { return }
    liveness = Liveness(
      stack, message, settings: settings,
      asksOptions: unansweredOptions < Self.mostUnansweredOptions
    ) { [weak self] in self?.heard($0) }
  }

  /// A registrar that left so many OPTIONS unanswered, and answered REGISTER each time, answers none.
  private static let mostUnansweredOptions = 2

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
    case 403: refusedForNow()
    case 404: failed("the registrar does not know the account (404)")
    default:
      let words = Reasons.answer(code: code, phrase: message.phrase).words
      failed(SafeText("the registrar refuses: \(words) (\(code))"))
    }
  }

  /// 403: a wrong password, an unknown user, or a place that is taken by a desk that died.
  ///
  /// The last passes when that registration runs out: it is tried again, and so seldom that no account is
  /// locked by it.
  private func refusedForNow() {
    refusals += 1
    let span = min(Self.longestRefusal, Self.shortestRefusal << min(refusals - 1, 8))
    failed("the registrar refuses the account (403)", wait: Int.random(in: span * 4 / 5...span))
  }

  /// How long after a 403 it is tried again, at first and at most, in milliseconds.
  static let shortestRefusal = 30_000
  static let longestRefusal = 600_000
}
