// What time brings, and what is done when something fails.

import CCCore
import CCJSON
import CCLine

extension SDKLine {
  mutating func tick(_ turn: inout Turn) {
    if let pledged, turn.now >= pledged.until { settleDial(pledged.id, error: nil, &turn) }
    if let offline, turn.now >= offline.until { judgeOffline(&turn) }
    switch phase {
    case .opening(let until, let answered) where turn.now >= until:
      return die(answered ? Troubles.noPage : Troubles.noFirstAnswer, &turn)
    case .loading(let until) where turn.now >= until:
      if scriptHasFailed, scriptTrouble == nil, !looksAgain {
        // A browser that has just started tells of the network too late: once more, to see why.
        looksAgain = true
        load(&turn)
      } else {
        scriptFailed(
          scriptHasFailed ? "could not be loaded." : Troubles.slowScript(settings), &turn)
      }
    case .registering(let until) where turn.now >= until:
      rest(Troubles.silent(settings), Times.freshToken, then: .startOver, &turn)
    case .resting(let until, let next) where turn.now >= until: goOn(next, &turn)
    case .leaving(let until) where turn.now >= until:
      return finish(0, "", &turn)
    default: break
    }
    ping(&turn)
  }

  /// Browser and page slept too: what they owe an answer has its whole time again.
  mutating func forgive(_ turn: inout Turn) {
    pings.woke(at: turn.now)
    switch phase {
    case .opening(_, let answered):
      phase = .opening(until: turn.now + Times.page, answered: answered)
    case .loading:
      phase = .loading(until: turn.now + .seconds(settings?.scriptSeconds ?? 0) + Times.object)
    case .registering:
      phase = .registering(until: turn.now + .seconds(settings?.registerSeconds ?? 0))
    case .idle, .ready, .resting, .leaving: break
    }
  }

  private mutating func goOn(_ next: Next, _ turn: inout Turn) {
    switch next {
    case .launch: launch(&turn)
    case .load: load(&turn)
    case .startOver: die("The SDK is started again with a fresh token.", &turn)
    }
  }

  private mutating func ping(_ turn: inout Turn) {
    guard hasBrowser, let session else { return }
    switch pings.tick(at: turn.now) {
    case .browserHangs: die(Troubles.browserHangs, &turn)
    case .pageHangs: die(Troubles.pageHangs, &turn)
    case .ask:
      send(DevToolsCommand("Browser.getVersion"), for: .ping, &turn)
      send(.evaluate("0", in: session), for: .pagePing, &turn)
    case nil: break
    }
  }

  // MARK: Failures

  /// The page could not be brought up: again, after ever longer waits.
  mutating func loadFailed(_ sentence: String, _ turn: inout Turn) {
    failures += 1
    looksAgain = false
    let seconds = min(30, 1 << min(failures, 5))
    rest(sentence, Int64(seconds) * Instant.second, then: .load, &turn)
  }

  /// Says why, waits, tries again.
  mutating func rest(_ sentence: String, _ wait: Int64, then next: Next, _ turn: inout Turn) {
    phase = .resting(until: turn.now + wait, then: next)
    lost(&turn)
    turn.tell(
      .unregistered(
        reason: SafeText(sentence), retryIn: Double(wait) / Double(Instant.second), final: false))
  }

  /// Says why, and waits to be asked again.
  mutating func giveUp(_ sentence: String, _ turn: inout Turn) {
    phase = .idle
    lost(&turn)
    turn.tell(.unregistered(reason: SafeText(sentence), retryIn: nil, final: true))
  }

  private mutating func lost(_ turn: inout Turn) {
    isUp = false
    offline = nil
    if let held, let id = held.id { turn.result(id, error: "not registered") }
    held = nil
    if let pledged { turn.result(pledged.id, error: "the SDK's page is gone") }
    pledged = nil
  }

  /// Ends the program: the desk says "line lost" and starts it again, with a fresh token.
  mutating func die(_ sentence: String, _ turn: inout Turn) {
    if case .leaving = phase { return finish(0, "", &turn) }
    finish(LineExit.again, sentence, &turn)
  }

  /// The last thing that is done: nothing is waited for after it.
  mutating func finish(_ code: Int32, _ sentence: String, _ turn: inout Turn) {
    if hasBrowser { forgetBrowser(&turn) }
    phase = .idle
    offline = nil
    pledged = nil
    turn.effects.append(.exit(code, sentence))
  }

  mutating func ended(_ end: BrowserEnd, _ complaint: String, _ turn: inout Turn) {
    hasBrowser = false
    die(Troubles.ended(end, complaint: redactor.clean(complaint)), &turn)
  }

  mutating func forgetBrowser(_ turn: inout Turn) {
    turn.effects.append(.kill)
    hasBrowser = false
    forgetPage()
    pings.stop()
  }

  mutating func forgetPage() {
    session = nil
    frame = nil
    contexts = []
  }
}
