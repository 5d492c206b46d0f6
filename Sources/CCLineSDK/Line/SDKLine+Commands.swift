// What the desk commands.

import CCCore
import CCJSON
import CCLine

extension SDKLine {
  mutating func obey(_ command: LineCommand, _ object: JSONValue, _ turn: inout Turn) {
    if case .leaving = phase { return }
    switch command {
    case .register(let id, let token): register(id, object["config"], token, &turn)
    case .callPhone: dial(command, &turn)
    case .ping(let id): turn.result(id)
    case .quit: leave(&turn)
    default: if let id = command.id { turn.result(id, error: SafeText(Troubles.noAnswerHere)) }
    }
  }

  private mutating func register(
    _ id: Int, _ config: JSONValue?, _ token: Secret?, _ turn: inout Turn
  ) {
    if hasOpenCall { return turn.result(id, error: SafeText(Troubles.callOpen)) }
    do throws(Settings.Unusable) {
      let settings = try Settings(config)
      guard let token, !token.revealed.isEmpty else {
        throw Settings.Unusable(sentence: Troubles.noToken)
      }
      self.token = token
      redactor.learn(token)
      turn.result(id)
      failures = 0
      begin(settings, &turn)
    } catch {
      turn.result(id, error: SafeText(error.sentence))
      giveUp(error.sentence, &turn)
    }
  }

  private mutating func begin(_ settings: Settings, _ turn: inout Turn) {
    let isSame = self.settings == settings
    self.settings = settings
    // A browser that is there already with the same settings only loads its page anew.
    if hasBrowser, isSame, session != nil { return load(&turn) }
    if hasBrowser { forgetBrowser(&turn) }
    launch(&turn)
  }

  /// Starts a browser.
  mutating func launch(_ turn: inout Turn) {
    guard let settings else { return }
    phase = .opening(until: turn.now + Times.firstAnswer, answered: false)
    turn.effects.append(.launch(settings))
  }

  private mutating func dial(_ command: LineCommand, _ turn: inout Turn) {
    guard case .callPhone(let id, let phone, let info) = command else { return }
    guard !phone.isEmpty, phone.utf8.count <= 64,
      phone.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+*#".utf8.contains($0) })
    else { return turn.result(id, error: "no number: digits, +, * and # are") }
    if isUp, phase != .ready, held == nil {
      // The seat is being signed in anew: that takes a moment, and is no reason to refuse.
      held = command
      return
    }
    guard case .ready = phase, isUp, let session else {
      return turn.result(id, error: "not registered")
    }
    dialled = DialledNumber(phone: phone)
    send(
      .evaluate(Bridge.dial(id, phone: phone, info: info), in: session), for: .dial(id), &turn)
  }

  /// A dial that waited for the new token.
  mutating func releaseHeld(_ turn: inout Turn) {
    guard let command = held else { return }
    held = nil
    dial(command, &turn)
  }

  /// Ends in good order: the page is closed first, so that its call ends with a goodbye.
  mutating func leave(_ turn: inout Turn) {
    if case .leaving = phase { return }
    guard hasBrowser else { return finish(0, "", &turn) }
    phase = .leaving(until: turn.now + Times.farewell)
    pings.stop()
    offline = nil
    send(DevToolsCommand("Browser.close"), for: .other, &turn)
  }
}

extension DevToolsCommand {
  /// Runs a piece of script in a page.
  static func evaluate(_ script: String, in session: String) -> DevToolsCommand {
    DevToolsCommand(
      "Runtime.evaluate", [("expression", .string(script)), ("returnByValue", true)],
      session: session)
  }
}
