// What the page says: the SDK comes up, the seat and the calls change.

import CCCore
import CCJSON
import CCLine

extension SDKLine {
  mutating func bindingCalled(_ params: JSONValue, _ turn: inout Turn) {
    // Only the page itself is heard, not what it embeds.
    guard params["name"]?.string == Bridge.binding,
      let context = params["executionContextId"]?.int, contexts.contains(context),
      let payload = params["payload"]?.string
    else { return }
    guard let message = PageMessage(payload) else {
      return turn.note(.warning, "The SDK's page said something that cannot be read.")
    }
    hear(message, &turn)
  }

  private mutating func hear(_ message: PageMessage, _ turn: inout Turn) {
    switch message {
    case .scriptLoaded:
      if case .loading = phase { phase = .loading(until: turn.now + Times.object) }
    case .scriptFailed:
      guard case .loading = phase else { return }
      if let scriptTrouble { return loadFailed(scriptTrouble, &turn) }
      scriptHasFailed = true
      phase = .loading(until: turn.now + Times.network)
    case .noSDK: if case .loading = phase { scriptFailed(Troubles.noSDK, &turn) }
    case .ready(let secure, let rtc, let microphones):
      guard case .loading = phase else { return }
      guard secure, rtc else { return giveUp(Troubles.notSecure, &turn) }
      if microphones == 0, !saidNoMicrophone {
        saidNoMicrophone = true
        turn.note(.warning, SafeText(Troubles.noMicrophone))
      }
      callRegister(&turn)
    case .registerFailed(let words): registerFailed(words, &turn)
    case .dialled(let id): settleDial(id, error: nil, &turn)
    case .dialFailed(let id, let words): settleDial(id, error: redactor.clean(words), &turn)
    case .seat(let seat, let online, let touched):
      report(seat, online: online, touched: touched, &turn)
    case .call(let report): self.report(report, &turn)
    case .strange(let words):
      turn.note(
        .warning, SafeText("The SDK sent an event that cannot be read: \(redactor.clean(words))"))
    case .error(let words):
      turn.note(.info, SafeText("An error in the SDK's page: \(redactor.clean(words))"))
    }
  }

  /// What the network saw says more than what the page knows.
  mutating func scriptFailed(_ words: String, _ turn: inout Turn) {
    let address = settings?.script.address ?? "The script"
    loadFailed(scriptTrouble ?? "\(address) \(words)", &turn)
  }

  private mutating func callRegister(_ turn: inout Turn) {
    guard let session, let token, let settings else { return }
    phase = .registering(
      until: turn.now + Int64(settings.registerSeconds) * Instant.second)
    let id = nextID
    nextID += 1
    purposes[id] = .register
    turn.effects.append(.register(id: id, session: session, token, settings.options))
  }

  mutating func registerFailed(_ words: String, _ turn: inout Turn) {
    guard case .registering = phase else { return }
    rest(
      "The SDK refused to register: \(redactor.clean(words))", Times.freshToken, then: .startOver,
      &turn)
  }

  // MARK: Seat and calls

  private mutating func report(
    _ seat: Seat, online: Bool, touched: Bool, _ turn: inout Turn
  ) {
    switch phase {
    case .registering:
      // Before the sign-in a seat is offline; that is no news.
      guard (2...5).contains(seat.code) else { return }
      registered(&turn)
      turn.tell(.seat(seat))
      releaseHeld(&turn)
    case .ready:
      if seat == .offline {
        offline =
          offline
          ?? Offline(until: turn.now + Times.offline, online: online, touched: touched)
      } else {
        offline = nil
        if !isUp { registered(&turn) }
      }
      turn.tell(.seat(seat))
    default: break
    }
  }

  private mutating func registered(_ turn: inout Turn) {
    phase = .ready
    isUp = true
    failures = 0
    let account = token.flatMap(TokenAccount.account).map { SafeText($0) }
    turn.tell(.registered(account: account, expiresIn: nil, secure: nil))
  }

  private mutating func report(_ report: CallReport, _ turn: inout Turn) {
    guard case .ready = phase else { return }
    if let pledged { settleDial(pledged.id, error: nil, &turn) }
    hasOpenCall = report.status != .ended && report.status != .notEstablished
    turn.tell(.call(dialled?.restored(report) ?? report))
    // A later call to another number is somebody else's.
    if !hasOpenCall { dialled = nil }
  }

  /// The seat has been offline for a while, by itself.
  mutating func judgeOffline(_ turn: inout Turn) {
    guard let offline else { return }
    self.offline = nil
    isUp = false
    if !offline.online {
      turn.tell(.unregistered(reason: SafeText(Troubles.networkGone), retryIn: nil, final: false))
    } else if offline.touched {
      turn.tell(.unregistered(reason: SafeText(Troubles.wentOffline), retryIn: nil, final: true))
    } else {
      turn.tell(.evicted)
      // An SDK that signed in again by itself would fight with the other place.
      if !hasOpenCall { leavePage(&turn) }
    }
  }

  private mutating func leavePage(_ turn: inout Turn) {
    guard let session else { return }
    phase = .idle
    token = nil
    send(
      DevToolsCommand("Page.navigate", [("url", "about:blank")], session: session), for: .other,
      &turn)
  }

  // MARK: Dialling

  mutating func dialAnswered(_ id: Int, _ result: JSONValue, _ turn: inout Turn) {
    if let words = Self.exception(result) {
      dialled = nil
      return turn.result(id, error: redactor.clean(words))
    }
    // A promise may be kept only when the call is over: the first event of the call settles it too.
    guard result["result"]?["value"]?.bool == true else { return turn.result(id) }
    pledged = (id, turn.now + Times.pledge)
    if let foretold, foretold.id == id { settleDial(id, error: foretold.error, &turn) }
    foretold = nil
  }

  mutating func settleDial(_ id: Int, error: SafeText?, _ turn: inout Turn) {
    guard let open = pledged, open.id == id else {
      foretold = (id, error)
      return
    }
    pledged = nil
    if error != nil { dialled = nil }
    turn.result(id, error: error)
  }
}
