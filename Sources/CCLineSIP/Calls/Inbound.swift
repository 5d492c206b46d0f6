// Calls from outside: who is let in, and what the others hear.

import CCCore
import CLibre
import Glibc

/// Counts what comes in, so that a flood is answered and not listed.
struct Turnstile: Hashable {
  /// How many were turned away and not yet told of.
  private(set) var untold = 0
  private var toldAt: UInt64?
  private var second: UInt64 = 0
  private var inSecond = 0

  /// At most one line in the log in so many milliseconds.
  static let pause: UInt64 = 10_000
  /// More new calls in a second than a telephone gets are not even looked at.
  static let mostInSecond = 500
  /// More than this are turned away without being listed one by one.
  static let mostListed = 5

  /// Whether a new call is looked at.
  mutating func lets(at now: UInt64) -> Bool {
    if now / 1000 != second {
      second = now / 1000
      inSecond = 0
    }
    inSecond += 1
    return inSecond <= Self.mostInSecond
  }

  /// Whether a call that is turned away is listed, as one of few.
  var lists: Bool { inSecond <= Self.mostListed }

  /// A sentence for the log, at most one every ten seconds.
  mutating func turnedAway(_ who: String, _ why: String, at now: UInt64) -> SafeText? {
    untold += 1
    if let toldAt, Timer.since(toldAt, at: now) < Self.pause { return nil }
    defer {
      untold = 0
      toldAt = now
    }
    return untold == 1
      ? SafeText("turned away a call from \(who): \(why)")
      : SafeText("turned away \(untold) calls, the last from \(who): \(why)")
  }
}

extension Calls {
  /// Whether the agent takes no calls now.
  var seatTurnsAway: Bool {
    guard !rules.ringAnyway else { return false }
    switch seat {
    case .offline, .postCall, .shortBreak: return true
    case .idle, .busy, .unknown: return false
    }
  }

  /// A new call: it rings, or it is answered with what stands in its way.
  func invited(_ request: UnsafePointer<sip_msg>, on stack: Stack, settings: Settings) {
    let caller = Caller(
      from: request.pointee.from.val.text, asserted: request.named("P-Asserted-Identity"),
      privacy: request.named("Privacy"))
    guard turnstile.lets(at: Timer.now) else {
      return refuse(request, on: stack, 503, caller, "too many calls at once")
    }
    if let required = request.value(SIP_HDR_REQUIRE), !understands(required) {
      let names = SafeText(required, limit: 80).string
      _ = cc_reply(stack.handle, request, 420, "Bad Extension", "Unsupported: \(names)\r\n")
      return
    }
    let body = MessageBody(request)
    if !body.isEmpty, body.description == nil {
      return refuse(request, on: stack, 415, caller, "it brings no sound")
    }
    if let header = request.value(SIP_HDR_REPLACES) {
      return replace(header, request, on: stack, settings, caller)
    }
    if seatTurnsAway {
      guard turnstile.lists else {
        return refuse(request, on: stack, 480, caller, "the agent is in \(seat.name) (480)")
      }
      return turnAway(
        request, on: stack, 480, caller, [.ringing, .notEstablished], SafeText(seat.name))
    }
    guard open.isEmpty || rules.callWaiting && open.count < Self.most else {
      guard turnstile.lists else { return refuse(request, on: stack, 486, caller, "busy (486)") }
      return turnAway(request, on: stack, 486, caller, [.notEstablished], "busy")
    }
    begin(request, on: stack, settings, caller)
  }

  /// Refuses without leaving anything behind: twenty thousand of them cost no memory.
  private func refuse(
    _ request: UnsafePointer<sip_msg>, on stack: Stack, _ code: Int, _ caller: Caller,
    _ why: String
  ) {
    _ = cc_reply(stack.handle, request, UInt16(code), Reasons.phrase(code), nil)
    if let told = turnstile.turnedAway(caller.words, why, at: Timer.now) { note(.info, told) }
  }

  /// Refuses a call that the agent could have taken at another time, and tells the desk who it was.
  ///
  /// Beside a call that is up nothing rings, so none is told to: its end alone is.
  private func turnAway(
    _ request: UnsafePointer<sip_msg>, on stack: Stack, _ code: Int, _ caller: Caller,
    _ states: [CallReport.Status], _ why: SafeText
  ) {
    _ = sip_treply(nil, stack.handle, request, UInt16(code), Reasons.phrase(code))
    let id = String(SIPText.mark().prefix(8))
    for status in states {
      owner?.emit(
        .call(
          CallReport(
            status, number: caller.number.isEmpty ? nil : SafeText(caller.number), call: id,
            direction: .in, reason: status == .ringing ? nil : Reason(why, code: code),
            name: caller.name)))
    }
  }

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
      open.append(call)
      if call.ring(request, replacing: old) { return true }
      call.isEndKnown = true  // it is refused in a moment
      call.finish()
      open.removeAll { $0 === call }
      refuse(request, on: stack, 488, caller, "no common sound (488)")
    } catch {
      refuse(request, on: stack, 480, caller, "no sound here (480)")
    }
    return false
  }

  private func understands(_ required: String) -> Bool {
    required.split(separator: ",").allSatisfy { name in
      let name = name.filter { $0 != " " && $0 != "\t" }.lowercased()
      return name == "replaces" && rules.followTransfers
    }
  }

  /// RFC 3891: the new call takes the place of one that is open, where the settings let it.
  private func replace(
    _ header: String, _ request: UnsafePointer<sip_msg>, on stack: Stack, _ settings: Settings,
    _ caller: Caller
  ) {
    guard rules.followTransfers else {
      return refuse(request, on: stack, 486, caller, "it wants the place of another call")
    }
    guard let replaces = Replaces(header),
      let old = open.first(where: { $0.trace.isNamed(by: replaces) && $0.phase == .talking }),
      !replaces.onlyEarly
    else { return refuse(request, on: stack, 481, caller, "it names no call of ours (481)") }
    guard begin(request, on: stack, settings, caller, replacing: old) else { return }
    note(.warning, SafeText("the call was handed on to \(caller.words)"))
  }
}
