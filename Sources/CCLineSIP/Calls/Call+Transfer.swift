// Handing a call on: REFER from here, and a far end's REFER.

import CCCore
import CLibre
import Glibc

extension Call {
  /// How long the far end may take to say how a transfer went, in milliseconds.
  static let transferPatience = 30_000
  /// How long after a transfer that failed nothing may come of the call until it is asked about, in
  /// milliseconds.
  static let transferDoubtPatience = 2_000

  /// A transfer that was asked for, until it is told how it went.
  struct Handover {
    var refer: DialogRequest
    /// Whether it has rung at whom the customer goes to.
    var hasRung = false
  }

  var isTransferring: Bool { handover != nil }

  /// Asks the far end to call a number instead of us, or to take our place in another call; nil if the
  /// question is under way.
  ///
  /// The subscription that comes with it (RFC 3515) is ours: libre's asks to go on as often as a NOTIFY says
  /// that it is over, thousands of times a second.
  func handOver(to number: String, replacing: Replaces?, with other: Call? = nil) -> SafeText? {
    guard phase == .talking, session.object != nil else { return "nobody has answered yet" }
    guard !isTransferring else { return "a transfer is under way already" }
    var target = "sip:\(SIPText.escapedUser(number))@\(settings.domain)"
    if let replacing { target += "?Replaces=\(SIPText.escapedHeader(replacing.value))" }
    let request = DialogRequest(
      "REFER", in: self,
      headers: "Contact: <\(stack.contact(settings.user))>\r\nRefer-To: <\(target)>\r\n"
        + "Referred-By: <\(settings.address)>\r\n"
    ) { [weak self] in self?.referHeard($0) }
    handover = Handover(refer: request)
    joined = other
    other?.joiner = self
    transferDeadline.start(after: Self.transferPatience) { [weak self] in
      self?.transferFailed(TransferNotice.untold)
    }
    owner?.transferred(self, .trying, "")
    request.start()
    return nil
  }

  private func referHeard(_ outcome: DialogRequest.Outcome) {
    guard isTransferring else { return }
    switch outcome {
    case .failed(let why): transferFailed(why, isInDoubt: false)
    // RFC 5057: the far end does not know the call.
    case .answered(let message) where message.code == 481:
      isEndKnown = true
      end(.ended, Reasons.gone)
    case .answered(let message) where message.code >= 300:
      let words = Reasons.answer(code: message.code, phrase: message.phrase).words
      transferFailed(
        SafeText("the far end refuses: \(words) (\(message.code))"), isInDoubt: false)
    case .answered:
      // The customer is with the telephone system: silence is right, and no sign that the call is gone.
      media.isHandingOn = true
      doubt.cancel()
    }
  }

  /// A NOTIFY inside the call; false if it is about no transfer of ours.
  func takesNotify(_ message: UnsafePointer<sip_msg>) -> Bool {
    guard let handover, let object = session.object, owns(message),
      let notice = TransferNotice(message, of: handover.refer.number)
    else { return false }
    guard sip_dialog_rseq_valid(sipsess_dialog(object), message) else {
      _ = sip_treply(nil, stack.handle, message, 500, "Bad Sequence")
      return true
    }
    _ = sip_treply(nil, stack.handle, message, 200, "OK")
    switch notice.news {
    case .trying: break
    case .rings: ringsThere()
    case .done: transferDone()
    case .failed(let why): transferFailed(why)
    }
    return true
  }

  /// It rings at whom the customer goes to: that may take as long as a telephone rings.
  private func ringsThere() {
    handover?.hasRung = true
    transferDeadline.start(after: AwaitedOutcome.patience) { [weak self] in
      self?.transferFailed(TransferNotice.untold)
    }
  }

  private func transferDone() {
    stopTransfer()
    owner?.transferred(self, .done, "")
    let other = joined
    end(.ended, nil)
    other?.sayEnd(wasJoined: true)
    other?.end(.ended, nil)
  }

  /// `isInDoubt`: it was tried, and the call may have gone with the try: some telephone systems let go of whom
  /// they were asked to hand on, and tell nobody.
  private func transferFailed(_ why: SafeText, isInDoubt: Bool = true) {
    guard isTransferring else { return }
    stopTransfer()
    let other = joined
    joined = nil
    owner?.transferred(self, .failed, why)
    other?.sayEnd(wasJoined: false)
    // Whoever held the customer to hand her on takes her back now: that shows as well that she is there, and
    // a question at the same moment would be refused with it.
    if isInDoubt {
      transferDoubt.start(after: Self.transferDoubtPatience) { [weak self] in self?.ask() }
    }
  }

  private func stopTransfer() {
    handover = nil
    media.isHandingOn = false
    transferDeadline.cancel()
  }

  /// The call ended while a transfer was under way: a far end that hangs up has taken it, unless it was just
  /// ringing there; what an agent hangs up is still with who was asked to hand it on.
  func transferEnded(_ status: CallReport.Status, _ reason: Reason?) {
    guard let handover else { return }
    self.handover = nil
    let isDone = reason == Reasons.hungUp
    let isUntold = isDone ? handover.hasRung : reason == nil && media.isHandingOn
    if isUntold, joined == nil, owner?.waits(for: handover.refer.number, of: self) == true {
      return
    }
    owner?.transferred(self, isDone ? .done : .failed, isDone ? "" : reason?.words ?? "hung up")
    let other = joined
    joined = nil
    other?.sayEnd(wasJoined: isDone)
    if isDone { other?.end(.ended, nil) }
  }

  /// How long the outcome may take once the second call is over, in milliseconds.
  static let outcomePatience = 5_000

  /// The second call of a transfer was hung up by its far end, before anybody said how the transfer went.
  ///
  /// It was taken over, or given up: what that end was is told with the outcome.
  func keepEnd(_ reason: Reason) -> Bool {
    guard let joiner, joiner.isTransferring, reason == Reasons.hungUp else { return false }
    unsaidEnd = reason
    joiner.transferDeadline.start(after: Self.outcomePatience) { [weak joiner] in
      joiner?.transferFailed(TransferNotice.untold)
    }
    return true
  }

  private func sayEnd(wasJoined: Bool) {
    guard let reason = unsaidEnd else { return }
    unsaidEnd = nil
    report(.ended, wasJoined ? nil : reason)
  }

  // MARK: Being handed on

  /// A far end's REFER, where the settings let it: we call whom it names, and tell it how that goes.
  func referred(_ message: UnsafePointer<sip_msg>) {
    guard phase == .talking, let header = message.value(SIP_HDR_REFER_TO),
      let target = ReferTarget(header)
    else {
      _ = sip_treply(nil, stack.handle, message, 400, "Bad Refer-To")
      return
    }
    let id = message.pointee.cseq.num
    let willDial =
      owner?.referred(self, to: target) { [weak self] code, words in
        self?.tellReferrer(id, code, words)
      } ?? false
    // It begins a subscription, so the answer says where we are to be reached (RFC 6665 section 4.4.1).
    let contact = "Contact: <\(stack.contact(settings.user))>\r\n"
    _ = cc_treply(
      stack.handle, message, willDial ? 202 : 603, willDial ? "Accepted" : "Decline",
      willDial ? contact : "")
    if willDial { tellReferrer(id, 100, "Trying") }
  }

  private func tellReferrer(_ id: UInt32, _ code: Int, _ words: String) {
    guard phase == .talking else { return }
    let state = code < 200 ? "active;expires=60" : "terminated;reason=noresource"
    let request = DialogRequest(
      "NOTIFY", in: self,
      // A NOTIFY has a Contact (RFC 6665 section 4.1.3); twinkle takes none without.
      headers: "Contact: <\(stack.contact(settings.user))>\r\n"
        + "Event: refer;id=\(id)\r\nSubscription-State: \(state)\r\n"
        + "Content-Type: message/sipfrag;version=2.0\r\n",
      body: "SIP/2.0 \(code) \(Reasons.phrase(code))\r\n"
    ) { _ in }
    request.start()
  }
}

extension Calls {
  /// Follows a REFER: the new call takes the place of the one that asked for it.
  func referred(
    _ call: Call, to target: ReferTarget, told: @escaping (Int, String) -> Void
  ) -> Bool {
    guard rules.followTransfers, call.outcome == nil, open.count == 1,
      case .dial(let number) = rules.dialPlan.verdict(on: target.number)
    else { return false }
    // The desk sees it held before it sees the new one.
    call.hold(true) { [weak self, weak call] _ in
      guard let self, let call, call.phase == .talking else { return told(487, "gone") }
      follow(call, number, target, told)
    }
    return true
  }

  private func follow(
    _ call: Call, _ number: String, _ target: ReferTarget, _ told: @escaping (Int, String) -> Void
  ) {
    let headers = target.replaces.map { "Replaces: \($0)\r\n" } ?? ""
    let refusal = dial(
      target.number, as: number, info: "", stack: call.stack, settings: call.settings,
      headers: headers,
      outcome: { [weak call] code, words in
        told(code, words)
        guard let call, code >= 200 else { return }
        // Answered: the far end hangs up the old call; refused: it goes on.
        if code >= 300 { call.hold(false) { _ in } }
      }, accepted: {})
    guard let refusal else {
      return note(.warning, SafeText("the far end hands the call on to \(target.number)"))
    }
    note(.warning, SafeText("a transfer by the far end was not followed: \(refusal)"))
    told(603, "Decline")
    call.hold(false) { _ in }
  }
}
