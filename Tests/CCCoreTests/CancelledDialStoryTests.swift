// A line with ids that is always right, with cancelled dials in rows, other forms of numbers, no results,
// consultations and joins: what is cancelled is hung up, what is wanted is not.

import Testing

@testable import CCCore

@Suite struct CancelledDialStoryTests {
  @Test func whatIsCancelledIsHungUpAndNothingElse() {
    var random = SplitMix(seed: 4711)
    var kinds: Set<String> = []
    for round in 0..<3_000 {
      var story = DialStory(&random)
      for _ in 0..<40 { story.step(&random) }
      story.settle()
      if let difference = story.difference, kinds.insert(String(difference.prefix(24))).inserted {
        Issue.record("round \(round): \(difference)\n\(story.log.joined(separator: "\n"))")
        if kinds.count > 3 { return }
      }
    }
  }
}

private struct DialStory {
  struct Real {
    var number: String; var status = 1; var dial: Int?; var incoming = false; var hungUp = 0;
    var held = false
  }
  var desk = Script.up()
  var log: [String] = []
  var read = 0
  var queue: [LineCommand] = []
  var out: [LineEvent] = []
  var late: [LineEvent] = []
  var real: [String: Real] = [:]
  var cancelled: Set<Int> = []
  var dialNumber: [Int: String] = [:]
  var outcomeCount: [Int: Int] = [:]
  var givesResults: Bool
  var n = 0
  /// Hang-ups that she asked for, by the line's id, and those of dials that were cancelled.
  var wanted: Set<String> = []

  init(_ random: inout SplitMix) { givesResults = Bool.random(using: &random) }

  mutating func say(_ event: DeskEvent) {
    log.append("\(event)".prefix(160).description)
    desk.say(event)
    let sent = desk.sent
    for command in sent.dropFirst(read) { log.append("   > \(command)"); queue.append(command) }
    read = sent.count
  }
  mutating func report(_ id: String, _ status: CallReport.Status) {
    guard let call = real[id] else { return }
    out.append(
      .call(
        CallReport(
          status, number: SafeText(call.number), call: id, direction: call.incoming ? .in : .out)))
  }
  mutating func finish(_ id: String) {
    guard let call = real[id], call.status < 4 else { return }
    report(id, call.status == 3 ? .ended : .notEstablished)
    real[id]?.status = 4
  }
  mutating func obey(_ random: inout SplitMix) {
    guard !queue.isEmpty else { return }
    let command = queue.removeFirst()
    var ok = true
    switch command {
    case .callPhone(let c, let phone, _):
      if Int.random(in: 0..<6, using: &random) == 0, givesResults { ok = false; break }
      n += 1
      let id = "x\(n)"
      real[id] = Real(number: phone, dial: c)
      // Busy at once: the 5 is its only word, now and then.
      if Int.random(in: 0..<5, using: &random) == 0 { finish(id) } else { report(id, .calling) }
    case .hangUp(_, let id?), .reject(_, let id?):
      ok = (real[id]?.status ?? 4) < 4
      real[id]?.hungUp += 1
      finish(id)
    case .answer(_, let id?):
      ok = real[id]?.status == 1 && real[id]?.incoming == true
      if ok { real[id]?.status = 3; report(id, .talking) }
    case .hold(_, let id?, let on):
      ok = real[id]?.status == 3
      if ok { real[id]?.held = on; out.append(.callState(call: id, held: on, muted: nil)) }
    default: break
    }
    if givesResults, let c = command.id {
      out.append(.result(id: c, ok: ok, error: ok ? "" : "no"))
    }
  }
  func living(calling: Bool) -> [String] {
    var ids: [String] = []
    for (id, call) in real where call.status < 4 {
      if !calling || (call.status == 1 && !call.incoming) { ids.append(id) }
    }
    ids.sort()
    return ids
  }
  mutating func step(_ random: inout SplitMix) {
    desk.wait(Double.random(in: 0...0.5, using: &random))
    switch Int.random(in: 0..<14, using: &random) {
    case 0...3: if !out.isEmpty { say(.line(out.removeFirst())) }
    case 4, 5: obey(&random)
    case 6, 7:
      let count = desk.desk.memory.nextAttempt
      say(.dial(phone: "20255\(50_100 + count)", info: "\(count)"))
    case 8, 9:
      if let attempt = desk.desk.unseenAttempt, desk.desk.shownCallID == attempt.callID {
        cancelled.insert(attempt.command)
        say(.hangUp(attempt.callID))
      } else if let call = desk.desk.active, call.isOpen, call.endAskedBy == nil {
        if let id = call.lineID { wanted.insert(id) }
        say(.hangUp(call.id))
      }
    case 10:
      n += 1
      real["x\(n)"] = Real(number: "+4420794601\(n)", incoming: true)
      report("x\(n)", .ringing)
    case 11:
      if let call = desk.desk.openCalls.first(where: \.isRingingHere), call.endAskedBy == nil {
        say(.answer(call.id))
      }
    case 12:
      let ids: [String] = living(calling: true)
      if let id = ids.randomElement(using: &random) {
        real[id]?.status = 3
        report(id, .talking)
      }
    default:
      let ids: [String] = living(calling: false)
      if let id = ids.randomElement(using: &random) { finish(id) }
    }
  }
  mutating func settle() {
    var random = SplitMix(seed: 3)
    for _ in 0..<1000 where !queue.isEmpty || !out.isEmpty {
      if !queue.isEmpty { obey(&random) }
      if !out.isEmpty { say(.line(out.removeFirst())) }
    }
  }
  var difference: String? {
    for (id, call) in real.sorted(by: { $0.key < $1.key }) {
      if let dial = call.dial, cancelled.contains(dial), call.status < 4 {
        return "cancelled and lives: \(id) \(call)"
      }
      if call.hungUp > 1 { return "hung up twice: \(id)" }
      if call.hungUp > 0, !call.incoming, !wanted.contains(id), !cancelled.contains(call.dial ?? -1)
      {
        return "hung up unasked: \(id) \(call)"
      }
    }
    let open: Set<String> = Set(living(calling: false))
    let shown = Set(desk.desk.openCalls.compactMap(\.lineID))
    if open != shown { return "open \(open.sorted()), shown \(shown.sorted())" }
    if let attempt = desk.desk.unseenAttempt { return "a dial still waits: \(attempt)" }
    for call in desk.desk.openCalls {
      guard let id = call.lineID, let truth = real[id] else { continue }
      if let attempt = call.attempt, truth.dial == nil { return "her dial \(attempt) is not \(id)" }
      if let dial = truth.dial, !cancelled.contains(dial), call.attempt == nil {
        return "her dial is a stranger: \(id)"
      }
    }
    return nil
  }
}
