// Calls from outside: who is let in, and what the others hear.

import CCCore
import CLibre
import Glibc

extension Calls {
  /// Whether the agent takes no calls now.
  var seatTurnsAway: Bool {
    guard !rules.ringAnyway else { return false }
    switch seat {
    case .offline, .postCall, .shortBreak: return true
    case .idle, .busy, .unknown: return false
    }
  }

  /// What a caller hears in a status that takes no calls: a queue counts 480 as a call that was not answered,
  /// and takes an agent who leaves a few unanswered out of it; busy it counts as busy.
  private var seatRefusal: Int { seat == .offline ? 480 : 486 }

  /// A new call: it rings, or it is answered with what stands in its way.
  func invited(_ request: UnsafePointer<sip_msg>, on stack: Stack, settings: Settings) {
    let caller = request.caller
    guard turnstile.lets(at: Timer.now) else {
      return refuse(request, on: stack, caller, Reason("too many calls at once", code: 503))
    }
    let unknown = unsupported(request)
    guard unknown.isEmpty else {
      let names = SafeText(unknown.joined(separator: ", "), limit: 80).string
      return refuse(
        request, on: stack, caller,
        Reason(SafeText("it requires what is not known here: \(names)"), code: 420),
        headers: "Unsupported: \(names)\r\n")
    }
    let body = MessageBody(request)
    if !body.isEmpty, body.description == nil {
      return refuse(
        request, on: stack, caller, Reason("it brings no sound", code: 415),
        headers: "Accept: application/sdp, multipart/mixed\r\n")
    }
    if let header = request.value(SIP_HDR_REPLACES) {
      return replace(header, request, on: stack, settings, caller)
    }
    if seatTurnsAway {
      let code = seatRefusal
      guard turnstile.lists else {
        return refuse(
          request, on: stack, caller, Reason(SafeText("the agent is in \(seat.name)"), code: code))
      }
      return turnAway(
        request, on: stack, code, caller, [.ringing, .notEstablished], SafeText(seat.name))
    }
    guard open.isEmpty || rules.callWaiting && open.count < Self.most else {
      return refuse(request, on: stack, caller, Reason("busy", code: 486))
    }
    begin(request, on: stack, settings, caller)
  }

  /// Refuses a call that cannot be taken: the caller hears the code, the desk who it was and why, the log
  /// what was offered too.
  ///
  /// In a flood those beyond the first are answered without a transaction, so that twenty thousand of them
  /// cost no memory, and are told by their number.
  private func refuse(
    _ request: UnsafePointer<sip_msg>, on stack: Stack, _ caller: Caller, _ why: Reason,
    headers: String = ""
  ) {
    let code = why.code ?? 480
    let count = refusals.take(at: Timer.now)
    let reply = count == nil ? cc_reply : cc_treply
    _ = reply(stack.handle, request, UInt16(code), Reasons.phrase(code), headers)
    log(caller, "\(why.text); offered: \(request.offerWords)")
    guard let count else { return hold(caller, why) }
    tellRefused(caller, why, count)
  }

  private func log(_ caller: Caller, _ why: String) {
    let now = Timer.now
    if turnstile.left(at: now) == 0, let rest = turnstile.rest() { note(.info, rest) }
    if let told = turnstile.turnedAway(caller.words, why, at: now) { return note(.info, told) }
    guard turnstile.untold == 1 else { return }
    lateWords.start(after: Int(turnstile.left(at: now))) { [weak self] in
      guard let self, let rest = turnstile.rest() else { return }
      note(.info, rest)
    }
  }

  private func tellRefused(_ caller: Caller, _ why: Reason, _ count: Int) {
    lateRefusals.cancel()
    owner?.emit(
      .call(
        CallReport(
          .notEstablished, number: caller.shownNumber, call: newID(), direction: .in, reason: why,
          name: caller.name, kind: .notTaken, count: count)))
  }

  /// One that is told with the next one, or after a second.
  private func hold(_ caller: Caller, _ why: Reason) {
    lateRefusals.start(after: RefusalCount.patience) { [weak self] in
      guard let self, let count = refusals.flush() else { return }
      tellRefused(caller, why, count)
    }
  }

  /// Refuses a call that the agent could have taken at another time, and tells the desk who it was.
  private func turnAway(
    _ request: UnsafePointer<sip_msg>, on stack: Stack, _ code: Int, _ caller: Caller,
    _ states: [CallReport.Status], _ why: SafeText
  ) {
    _ = sip_treply(nil, stack.handle, request, UInt16(code), Reasons.phrase(code))
    let id = newID()
    isOver(id)
    for status in states {
      owner?.emit(
        .call(
          CallReport(
            status, number: caller.shownNumber, call: id, direction: .in,
            reason: status == .ringing ? nil : Reason(why, code: code), name: caller.name)))
    }
  }

  private func newID() -> String { String(SIPText.mark().prefix(8)) }

  @discardableResult
  private func begin(
    _ request: UnsafePointer<sip_msg>, on stack: Stack, _ settings: Settings, _ caller: Caller,
    replacing old: Call? = nil
  ) -> Bool {
    do {
      let call = try Call(
        .in, number: caller.number, dialled: caller.number, name: caller.name, info: "",
        stack: stack, settings: settings, sound: sound(), owner: self)
      call.trace.book = book
      call.called = request.called(besides: settings.user)
      call.answerAfter = AnswerAfter.seconds(
        callInfo: request.named("Call-Info"), alertInfo: request.named("Alert-Info"),
        answerMode: request.named("Answer-Mode"))
      open.append(call)
      if call.ring(request, replacing: old) { return true }
      call.isEndKnown = true  // it is refused in a moment
      call.finish()
      open.removeAll { $0 === call }
      let isSound = MessageBody(request).description != nil && !call.hasDescription
      refuse(
        request, on: stack, caller,
        isSound
          ? call.media.refusal ?? Reasons.noCommonSound
          : Reason("where to answer it cannot be read", code: 400))
    } catch {
      refuse(request, on: stack, caller, Reason("no sound here", code: 480))
    }
    return false
  }

  /// The extensions that a request requires and that are not known here, as they came.
  private func unsupported(_ request: UnsafePointer<sip_msg>) -> [String] {
    request.values(SIP_HDR_REQUIRE).flatMap { $0.split(separator: ",") }
      .map { HeaderText.trimmed(HeaderText.unfolded(String($0))) }
      .filter { !$0.isEmpty && !($0.lowercased() == "replaces" && rules.followTransfers) }
  }

  /// RFC 3891: the new call takes the place of one that is open, where the settings let it.
  private func replace(
    _ header: String, _ request: UnsafePointer<sip_msg>, on stack: Stack, _ settings: Settings,
    _ caller: Caller
  ) {
    guard rules.followTransfers else {
      return refuse(
        request, on: stack, caller, Reason("it wants the place of another call", code: 486))
    }
    guard let replaces = Replaces(header),
      let old = open.first(where: { $0.trace.isNamed(by: replaces) && $0.phase == .talking }),
      !replaces.onlyEarly
    else {
      return refuse(request, on: stack, caller, Reason("it names no call of ours", code: 481))
    }
    guard begin(request, on: stack, settings, caller, replacing: old) else { return }
    note(.warning, SafeText("the call was handed on to \(caller.words)"))
  }
}
