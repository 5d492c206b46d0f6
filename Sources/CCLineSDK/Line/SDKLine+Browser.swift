// What the browser says: its answers, and what happens in it.

import CCCore
import CCJSON
import CCLine

extension SDKLine {
  mutating func started(_ turn: inout Turn) {
    hasBrowser = true
    forgetPage()
    purposes = [:]
    send(DevToolsCommand("Browser.getVersion"), for: .firstAnswer, &turn)
    send(
      DevToolsCommand("Target.setDiscoverTargets", [("discover", true)]), for: .other, &turn)
  }

  mutating func hear(_ message: DevToolsMessage, _ turn: inout Turn) {
    guard hasBrowser else { return }
    switch message {
    case .answer(let id, let result): answered(id, result, &turn)
    case .refusal(let id, let words): refused(id, words, &turn)
    case .event(let name, let params, nil): happened(name, params, &turn)
    case .event(let name, let params, let session?):
      if session == self.session { happenedInPage(name, params, &turn) }
    case .unreadable: break
    }
  }

  // MARK: Answers

  private mutating func answered(_ id: Int, _ result: JSONValue, _ turn: inout Turn) {
    let purpose = purposes.removeValue(forKey: id)
    switch purpose {
    case .firstAnswer:
      guard case .opening = phase else { return }
      phase = .opening(until: turn.now + Times.page, answered: true)
    case .attach:
      guard case .opening = phase, let session = result["sessionId"]?.string else { return }
      self.session = session
      setUp(session, &turn)
    case .load: frame = result["frameId"]?.string ?? frame
    case .register:
      if let words = Self.exception(result) { registerFailed(words, &turn) }
    case .dial(let id): dialAnswered(id, result, &turn)
    case .ping: pings.browserAnswered()
    case .pagePing: pings.pageAnswered()
    case .setUp, .other, nil: break
    }
  }

  private mutating func refused(_ id: Int, _ words: String, _ turn: inout Turn) {
    let purpose = purposes.removeValue(forKey: id)
    let shown = redactor.clean(words).string
    switch purpose {
    case .firstAnswer, .attach: die("The browser refuses to be driven: \(shown)", &turn)
    case .setUp(let what): die("The browser refuses \(what): \(shown)", &turn)
    case .load: rest("The SDK's page cannot be loaded: \(shown)", Times.rest, then: .load, &turn)
    case .register: registerFailed(words, &turn)
    case .dial(let id): turn.result(id, error: redactor.clean(words))
    case .ping: pings.browserAnswered()
    // A page that is being loaded anew drops its questions.
    case .pagePing: pings.pageAnswered()
    case .other, nil: break
    }
  }

  /// The first line of what was thrown; nil if nothing was.
  static func exception(_ result: JSONValue) -> String? {
    guard let details = result["exceptionDetails"] else { return nil }
    return details["exception"]?["description"]?.string
      ?? details["exception"]?["value"]?.string ?? details["text"]?.string ?? "an exception"
  }

  // MARK: Events

  private mutating func happened(_ name: String, _ params: JSONValue, _ turn: inout Turn) {
    switch name {
    case "Target.targetCreated":
      let info = params["targetInfo"]
      guard case .opening = phase, frame == nil, info?["type"]?.string == "page",
        let target = info?["targetId"]?.string
      else { return }
      // A page's frame has the name of its target.
      frame = target
      send(
        DevToolsCommand(
          "Target.attachToTarget", [("targetId", .string(target)), ("flatten", true)]),
        for: .attach, &turn)
    case "Target.targetCrashed":
      if params["targetId"]?.string == frame { die(Troubles.pageCrashed, &turn) }
    case "Target.detachedFromTarget":
      if params["sessionId"]?.string == session, session != nil { windowClosed(&turn) }
    default: break
    }
  }

  private mutating func happenedInPage(
    _ name: String, _ params: JSONValue, _ turn: inout Turn
  ) {
    switch name {
    case "Fetch.requestPaused": paused(params, &turn)
    case "Runtime.bindingCalled": bindingCalled(params, &turn)
    case "Runtime.executionContextCreated":
      let data = params["context"]?["auxData"]
      guard let id = params["context"]?["id"]?.int, data?["isDefault"]?.bool == true,
        data?["frameId"]?.string == frame
      else { return }
      contexts.insert(id)
    case "Runtime.executionContextDestroyed":
      if let id = params["executionContextId"]?.int { contexts.remove(id) }
    case "Runtime.executionContextsCleared": contexts = []
    case "Page.javascriptDialogOpening": dialog(params, &turn)
    case "Page.frameNavigated": navigated(params["frame"], &turn)
    case "Inspector.targetCrashed": die(Troubles.pageCrashed, &turn)
    case "Inspector.detached": windowClosed(&turn)
    case "Network.responseReceivedExtraInfo": answerCame(params)
    case "Network.requestWillBeSent", "Network.responseReceived", "Network.loadingFailed":
      network(name, params, &turn)
    default: break
    }
  }

  private mutating func windowClosed(_ turn: inout Turn) {
    // The browser itself may be about to end, and knows better why.
    guard case .leaving = phase else { return die(Troubles.windowClosed, &turn) }
  }

  /// A page that asks something would wait for ever: nobody may see it.
  private mutating func dialog(_ params: JSONValue, _ turn: inout Turn) {
    guard let session else { return }
    let leaves = params["type"]?.string == "beforeunload"
    send(
      DevToolsCommand(
        "Page.handleJavaScriptDialog", [("accept", .bool(leaves))], session: session),
      for: .other, &turn)
    guard !leaves else { return }
    let words = redactor.clean(params["message"]?.string ?? "")
    turn.note(.warning, SafeText("The SDK's page says: \(words)"))
  }

  private mutating func navigated(_ frame: JSONValue?, _ turn: inout Turn) {
    guard let url = frame?["url"]?.string, frame?["parentId"] == nil, let settings else { return }
    switch phase {
    case .loading, .registering, .ready:
      guard !url.hasPrefix(settings.origin), url != "about:blank" else { return }
      rest(Troubles.pageLeft, Times.rest, then: .load, &turn)
    default: break
    }
  }
}
