// Handing a call on: REFER from here, and a far end's REFER.

import CCCore
import CLibre
import Glibc

extension Call {
  /// How long the far end may take to say how a transfer went, in milliseconds.
  static let transferPatience = 30_000

  /// Asks the far end to call a number instead of us, or to take our place in another call; nil if the
  /// question is under way.
  func handOver(to number: String, replacing: Replaces?, with other: Call? = nil) -> SafeText? {
    guard phase == .talking, let object = session.object, let events = stack.eventSocket else {
      return "nobody has answered yet"
    }
    guard !isTransferring else { return "a transfer is under way already" }
    var target = "sip:\(SIPText.escapedUser(number))@\(settings.domain)"
    if let replacing { target += "?Replaces=\(SIPText.escapedHeader(replacing.value))" }
    referTo = "Refer-To: <\(target)>\r\nReferred-By: <\(settings.address)>\r\n"
    referExchange = Credentials.Exchange()
    let error = refer(object, events, credentials: "")
    guard error == 0 else { return Reasons.transport(error).words }
    isTransferring = true
    joined = other
    other?.joiner = self
    transferDeadline.start(after: Self.transferPatience) { [weak self] in
      self?.transferFailed("the far end does not say how it went")
    }
    owner?.transferred(self, .trying, "")
    return nil
  }

  private func refer(
    _ session: OpaquePointer, _ events: OpaquePointer, credentials: String
  ) -> Int32 {
    steer()
    return cc_refer(
      transferSlot.place, events, sipsess_dialog(session), SIPText.escapedUser(settings.user),
      { Call.onNotify($0, $1, $2) }, { Call.onTransferClosed($0, $1, $3) },
      ticket.of(self), referTo + credentials)
  }

  /// The REFER was challenged: it is sent again with credentials; nil if it is under way, else why not.
  private func referAgain(after challenge: UnsafePointer<sip_msg>) -> SafeText? {
    guard let object = session.object, let events = stack.eventSocket else {
      return "the call is over"
    }
    let answer = owner?.answer(
      challenge.challenges, method: "REFER", uri: trace.dialog?.target ?? "", in: &referExchange)
    switch answer {
    case .success(let line):
      transferSlot.release()
      let error = refer(object, events, credentials: line)
      return error == 0 ? nil : Reasons.transport(error).words
    case .failure(let refusal): return refusal.words("the far end", code: challenge.code)
    case nil: return "the call is over"
    }
  }

  /// A NOTIFY of the transfer: its body is the first line of an answer.
  func notified(_ message: UnsafePointer<sip_msg>) {
    guard isTransferring, let code = Self.sipfrag(message) else { return }
    if code >= 200 {
      code < 300 ? transferDone() : transferFailed(Reasons.answer(code: code, phrase: "").words)
    }
  }

  private static func sipfrag(_ message: UnsafePointer<sip_msg>) -> Int? {
    guard let body = message.pointee.mb, let bytes = mbuf_buf(body) else { return nil }
    let text = String(
      decoding: UnsafeBufferPointer(start: bytes, count: min(32, mbuf_get_left(body))),
      as: UTF8.self)
    guard text.hasPrefix("SIP/2.0 ") else { return nil }
    return Int(text.dropFirst(8).prefix(3))
  }

  /// The subscription that came with the REFER is over: refused, or told of to the end.
  func transferClosed(_ error: Int32, _ message: UnsafePointer<sip_msg>?) {
    guard isTransferring else { return }
    if let message, !message.pointee.req, message.code == 401 || message.code == 407 {
      if let why = referAgain(after: message) { transferFailed(why) }
      return
    }
    if let message, !message.pointee.req, message.code >= 300 {
      let words = Reasons.answer(code: message.code, phrase: message.phrase).words
      return transferFailed(SafeText("the far end refuses: \(words) (\(message.code))"))
    }
    transferFailed(
      error == 0 ? "the far end does not say how it went" : Reasons.transport(error).words)
  }

  private func transferDone() {
    stopTransfer()
    owner?.transferred(self, .done, "")
    let other = joined
    end(.ended, nil)
    other?.sayEnd(wasJoined: true)
    other?.end(.ended, nil)
  }

  private func transferFailed(_ why: SafeText) {
    guard isTransferring else { return }
    stopTransfer()
    let other = joined
    joined = nil
    owner?.transferred(self, .failed, why)
    other?.sayEnd(wasJoined: false)
  }

  private func stopTransfer() {
    isTransferring = false
    transferDeadline.cancel()
    transferSlot.release()
  }

  /// The call ended while a transfer was under way: a far end that hangs up has taken it.
  func transferEnded(_ status: CallReport.Status, _ reason: Reason?) {
    isTransferring = false
    let isDone = reason == Reasons.hungUp
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
      joiner?.transferFailed("the far end does not say how it went")
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
    _ = sip_treply(
      nil, stack.handle, message, willDial ? 202 : 603, willDial ? "Accepted" : "Decline")
    if willDial { tellReferrer(id, 100, "Trying") }
  }

  private func tellReferrer(_ id: UInt32, _ code: Int, _ words: String) {
    guard phase == .talking else { return }
    let state = code < 200 ? "active;expires=60" : "terminated;reason=noresource"
    let request = DialogRequest(
      "NOTIFY", in: self,
      headers: "Event: refer;id=\(id)\r\nSubscription-State: \(state)\r\n"
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
