// What the demo's exchange answers to commands.

import CCCore

extension DemoExchange {
  /// Takes a command; every one with an id gets its `result` first.
  mutating func handle(_ command: LineCommand, at now: Int64) -> [LineEvent] {
    // What was due before the command has happened before it.
    let before = tick(at: now)
    guard let id = command.id else { return before }
    switch answer(command, at: now) {
    case .done(let events): return before + [.result(id: id, ok: true, error: "")] + events
    case .refused(let why): return before + [.result(id: id, ok: false, error: why)]
    case .linkLost:
      registered = false
      registersAt = now + 4 * Instant.second
      return before + [
        .result(id: id, ok: false, error: "the link was lost"),
        .unregistered(reason: "the demo lost its link, as asked", retryIn: 4, final: false),
      ]
    }
  }

  private enum Answer {
    case done([LineEvent])
    case refused(SafeText)
    case linkLost
  }

  private mutating func answer(_ command: LineCommand, at now: Int64) -> Answer {
    switch command {
    case .register:
      registered = false
      registersAt = now + 200 * Instant.millisecond
      return .done([])
    case .callPhone(_, let phone, _): return dial(phone, at: now)
    case .hangUp(_, let call), .reject(_, let call):
      return withCall(call) { exchange, index in
        let call = exchange.calls[index]
        let reason: Reason? =
          switch (call.phase, call.direction) {
          case (.talking, _): nil
          case (_, .out): Reason("cancelled", code: 487)
          case (_, .in): Reason("declined", code: 603)
          }
        return .done([exchange.end(index, reason, at: now)])
      }
    case .answer(_, let call): return take(call, at: now)
    case .hold(_, let call, let on):
      return withTalk(call) { exchange, index in
        exchange.calls[index].held = on
        return .done([exchange.calls[index].state])
      }
    case .mute(_, let call, let on):
      return withTalk(call) { exchange, index in
        exchange.calls[index].muted = on
        return .done([exchange.calls[index].state])
      }
    case .dtmf(_, let call, _): return withTalk(call) { _, _ in .done([]) }
    case .transfer(_, let call, let to, let consult):
      return withTalk(call) { exchange, index in
        consult
          ? exchange.consult(index, to, at: now) : exchange.transfer(index, to, at: now)
      }
    case .join(_, let call, let with): return join(call, with, at: now)
    case .setSeat: return .refused("the demo keeps no seat")
    case .ping, .quit: return .done([])
    }
  }

  private mutating func dial(_ phone: String, at now: Int64) -> Answer {
    guard registered else { return .refused("not registered") }
    if phone == "*99" { return .linkLost }
    // A held call may stand beside a new one.
    if calls.contains(where: { !$0.held }) { return .refused("a call is up") }
    return .done([place(phone, at: now)])
  }

  private mutating func take(_ id: String?, at now: Int64) -> Answer {
    guard let index = find(id), calls[index].direction == .in, calls[index].phase == .ringing else {
      return .refused("no such call rings")
    }
    var events: [LineEvent] = []
    for other in calls.indices where other != index && calls[other].phase == .talking {
      calls[other].held = true
      events.append(calls[other].state)
    }
    calls[index].phase = .talking
    calls[index].steps = [DemoCall.Step(at: now + seconds(20...90), what: .end(nil))]
    return .done(events + [calls[index].report(.talking)])
  }

  private mutating func consult(_ index: Int, _ to: String, at now: Int64) -> Answer {
    guard calls.count == 1 else { return .refused("two calls are up") }
    calls[index].held = true
    return .done([calls[index].state, place(to, at: now)])
  }

  private mutating func transfer(_ index: Int, _ to: String, at now: Int64) -> Answer {
    let refusal: Reason? =
      if to.hasSuffix("486") {
        Reason("busy here", code: 486)
      } else if to.hasSuffix("404") {
        Reason("not found", code: 404)
      } else {
        nil
      }
    let step = DemoCall.Step(at: now + Instant.second, what: .transferred(refusal))
    // A call that is handed on does not end of itself; one that stays goes on as it would have.
    calls[index].steps =
      [step] + (refusal == nil ? [] : calls[index].steps.filter { $0.at > step.at })
    return .done([.transfer(call: calls[index].id, state: .trying, reason: "")])
  }

  private mutating func join(_ first: String?, _ second: String?, at now: Int64) -> Answer {
    guard calls.count == 2, calls.allSatisfy({ $0.phase == .talking }), find(first) != nil,
      find(second) != nil
    else { return .refused("there are no two calls to join") }
    let id = find(first).map { calls[$0].id }
    var events: [LineEvent] = [
      .transfer(call: id, state: .trying, reason: ""),
      .transfer(call: id, state: .done, reason: ""),
    ]
    while !calls.isEmpty { events.append(end(0, nil, at: now)) }
    return .done(events)
  }

  // Without an id it is the call that is not held, or the only one.
  private func find(_ id: String?) -> Int? {
    if let id { return calls.firstIndex { $0.id == id } }
    return calls.lastIndex { !$0.held } ?? calls.indices.last
  }

  private mutating func withCall(
    _ id: String?, _ body: (inout DemoExchange, Int) -> Answer
  ) -> Answer {
    guard let index = find(id) else { return .refused("no such call") }
    return body(&self, index)
  }

  private mutating func withTalk(
    _ id: String?, _ body: (inout DemoExchange, Int) -> Answer
  ) -> Answer {
    guard let index = find(id) else { return .refused("no such call") }
    guard calls[index].phase == .talking else { return .refused("nobody has answered yet") }
    return body(&self, index)
  }
}
