// The line's machine and a clock that is turned by hand, for tests.

import CCCore
import CCJSON
import CCLine

@testable import CCLineSDK

/// The machine and its clock.
struct Driven {
  var line = SDKLine()
  var now: Int64 = 1_000 * Instant.second
  var log: [SDKLine.Effect] = []

  @discardableResult
  mutating func say(_ event: SDKLine.Event) -> [SDKLine.Effect] {
    let effects = line.handle(event, at: now)
    log += effects
    return effects
  }

  @discardableResult
  mutating func command(_ command: LineCommand, _ object: JSONValue = .null) -> [SDKLine.Effect] {
    say(.command(command, object))
  }

  @discardableResult
  mutating func register(_ token: String = "Bearer aaaaaaaa:A_1:b") -> [SDKLine.Effect] {
    command(.register(id: 1, token: Secret(token)), ["config": ["window": "headless"]])
  }

  @discardableResult
  mutating func event(_ name: String, _ params: JSONValue) -> [SDKLine.Effect] {
    say(.message(.event(name, params, session: "S")))
  }

  @discardableResult
  mutating func page(_ payload: JSONValue, context: Int = 7) -> [SDKLine.Effect] {
    event(
      "Runtime.bindingCalled",
      [
        "name": "ccEmit", "payload": .string(JSONWriter.string(payload)),
        "executionContextId": .int(Int64(context)),
      ])
  }

  /// Answers the last command of this method.
  @discardableResult
  mutating func answer(_ method: String, _ result: JSONValue = [:]) -> [SDKLine.Effect] {
    let id = log.compactMap { effect -> Int? in
      if case .send(let id, let command) = effect, command.method == method { id } else { nil }
    }.last
    return say(.message(.answer(id: id ?? -1, result)))
  }

  /// Turns the clock in the machine's own steps.
  mutating func wait(_ seconds: Double, answering: Bool = true) {
    let end = now + Int64(seconds * 1e9)
    while let deadline = line.deadline, deadline <= end {
      now = max(now, deadline)
      for effect in say(.time) where answering {
        guard case .send(let id, let command) = effect,
          ["Browser.getVersion", "Runtime.evaluate"].contains(command.method)
        else { continue }
        say(.message(.answer(id: id, [:])))
      }
    }
    now = end
  }

  /// Up to a page that has loaded.
  mutating func loading() {
    register()
    say(.browserStarted)
    answer("Browser.getVersion")
    say(
      .message(
        .event(
          "Target.targetCreated", ["targetInfo": ["targetId": "T", "type": "page"]], session: nil)))
    answer("Target.attachToTarget", ["sessionId": "S"])
    created(7, "T")
  }

  mutating func created(_ id: Int64, _ frame: JSONValue) {
    event(
      "Runtime.executionContextCreated",
      ["context": ["id": .int(id), "auxData": ["isDefault": true, "frameId": frame]]])
  }

  mutating func loaded() {
    page(["type": "page", "state": "script"])
    page(["type": "page", "state": "ready", "secure": true, "rtc": true, "microphones": 1])
  }

  /// Up to a seat that is idle.
  static func up() -> Driven {
    var driven = Driven()
    driven.loading()
    driven.loaded()
    driven.page(["type": "onSeatStatus", "detail": 2])
    return driven
  }

  var told: [LineEvent] {
    log.compactMap { if case .tell(let event) = $0 { event } else { nil } }
  }

  var reasons: [String] {
    told.compactMap {
      if case .unregistered(let reason, _, _) = $0 { reason.string } else { nil }
    }
  }

  var sent: [String] {
    log.compactMap { if case .send(_, let command) = $0 { command.method } else { nil } }
  }

  var exit: (Int32, String)? {
    log.compactMap { effect -> (Int32, String)? in
      if case .exit(let code, let words) = effect { (code, words) } else { nil }
    }.last
  }
}
