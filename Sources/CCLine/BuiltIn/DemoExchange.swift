// An invented telephone exchange: what the demo line talks to.

import CCCore

/// A telephone exchange without telephones, as a pure value: it is told commands and moments.
///
/// The same seed and the same commands at the same moments give the same calls. Numbers that end in
/// 486 are busy, in 404 not found, in 480 not answered; `*99` loses the link for four seconds.
struct DemoExchange: Hashable, Sendable {
  var random: SplitMix
  var calls: [DemoCall] = []
  var registered = false
  var registersAt: Int64?
  var nextInbound: Int64?
  private var callCount = 0

  static let abilities: Abilities = [
    .dial, .hangUp, .answer, .reject, .hold, .mute, .dtmf, .transfer,
  ]

  init(seed: UInt64) { random = SplitMix(seed: seed) }

  /// What it says first.
  static let hello = LineEvent.hello(line: "demo", abilities: abilities)

  /// When `tick` has something to say.
  var deadline: Int64? {
    let inbound = registered && calls.isEmpty ? nextInbound : nil
    return (calls.compactMap { $0.next?.at } + [registersAt, inbound].compactMap(\.self)).min()
  }

  /// Time passed: everything that was due has happened, in order.
  mutating func tick(at now: Int64) -> [LineEvent] {
    var events: [LineEvent] = []
    // Each round takes away the moment that it was for, so it ends.
    while let due = deadline, due <= now {
      if let moment = registersAt, moment == due {
        registersAt = nil
        registered = true
        nextInbound = nextInbound ?? due + seconds(40...50)
        events.append(.registered(account: "demo-1001", expiresIn: nil, secure: nil))
      } else if let index = calls.firstIndex(where: { $0.next?.at == due }) {
        events += take(index, at: due)
      } else {
        events.append(ring(at: due))
      }
    }
    return events
  }

  private mutating func take(_ index: Int, at now: Int64) -> [LineEvent] {
    guard let step = calls[index].next else { return [] }
    calls[index].steps.removeFirst()
    switch step.what {
    case .ringing:
      calls[index].phase = .ringing
      return [calls[index].report(.ringing)]
    case .talking:
      calls[index].phase = .talking
      return [calls[index].report(.talking)]
    case .end(let reason): return [end(index, reason, at: now)]
    case .transferred(let reason):
      let id = calls[index].id
      if let reason { return [.transfer(call: id, state: .failed, reason: SafeText(reason.text))] }
      return [.transfer(call: id, state: .done, reason: ""), end(index, nil, at: now)]
    }
  }

  /// Takes a call off the board and says how it ended.
  mutating func end(_ index: Int, _ reason: Reason?, at now: Int64) -> LineEvent {
    let call = calls.remove(at: index)
    if calls.isEmpty { nextInbound = now + seconds(90...180) }
    return call.report(call.phase == .talking ? .ended : .notEstablished, reason)
  }

  /// A new outbound call, with its fate.
  mutating func place(_ number: String, at now: Int64) -> LineEvent {
    callCount += 1
    var call = DemoCall(id: "d\(callCount)", number: SafeText(number), name: nil, direction: .out)
    call.steps = fate(of: number, at: now)
    calls.append(call)
    return call.report(.calling)
  }

  private mutating func ring(at now: Int64) -> LineEvent {
    callCount += 1
    let person = DemoPeople.all[Int.random(in: DemoPeople.all.indices, using: &random)]
    var call = DemoCall(
      id: "d\(callCount)", number: person.number, name: person.name, direction: .in)
    call.phase = .ringing
    let gone = Reason("the caller hung up", code: 487)
    call.steps = [DemoCall.Step(at: now + 20 * Instant.second, what: .end(gone))]
    calls.append(call)
    return call.report(.ringing)
  }

  private mutating func fate(of number: String, at now: Int64) -> [DemoCall.Step] {
    let ringing = now + seconds(1...2)
    let answer = ringing + seconds(2...6)
    let chance = Int.random(in: 0..<100, using: &random)
    let talk = seconds(20...90)
    func steps(_ parts: (Int64, DemoCall.Step.What)...) -> [DemoCall.Step] {
      parts.map { DemoCall.Step(at: $0.0, what: $0.1) }
    }
    if number.hasSuffix("404") { return steps((ringing, .end(Reason("not found", code: 404)))) }
    if number.hasSuffix("486") || chance < 8 {
      return steps((ringing, .end(Reason("busy here", code: 486))))
    }
    if number.hasSuffix("480") || chance < 12 {
      let tired = ringing + 12 * Instant.second
      return steps((ringing, .ringing), (tired, .end(Reason("no answer", code: 480))))
    }
    if chance < 16 {
      return steps((ringing, .ringing), (answer, .end(Reason("declined", code: 603))))
    }
    return steps((ringing, .ringing), (answer, .talking), (answer + talk, .end(nil)))
  }

  /// A length of time by chance, in nanoseconds.
  mutating func seconds(_ range: ClosedRange<Int64>) -> Int64 {
    let second = Instant.second
    return Int64.random(in: range.lowerBound * second...range.upperBound * second, using: &random)
  }
}
