// A line that is always right beside a desk: what is shown open is what is open, what is listed is what was.

import CCTestSupport
import Testing

@testable import CCCore

@Suite struct TrueStoryTests {
  /// Lines that give their calls ids: several calls at once, each event as late as it likes.
  @Test func whatTheDeskShowsIsWhatIsWithIds() async {
    let found = await onItsOwnThread { () -> String? in
      difference(seed: 20_261_129) { (random: inout SplitMix) -> Played in
        var story = NamedStory(&random)
        for _ in 0..<120 { story.step(&random) }
        story.settle()
        return Played(steps: 120, difference: story.difference, told: story.told.map { "\($0)" })
      }
    }
    #expect(found == nil)
  }

  /// The vendor's own words: one call at a time, repeats, delays up to 3 s, any order.
  @Test func theRecordsAreThoseOfTheStoryWithoutIds() async {
    let found = await onItsOwnThread { () -> String? in
      difference(seed: 20_261_130) { (random: inout SplitMix) -> Played in
        var story = UnnamedStory(&random)
        let steps = story.play(&random)
        return Played(steps: steps, difference: story.difference, told: story.told.map { "\($0)" })
      }
    }
    #expect(found == nil)
  }
}

/// A story that was played: how long it was, what differs, and what the desk was told.
private struct Played {
  var steps: Int
  var difference: String?
  var told: [String]
}

/// Plays stories for a million steps; tells what differs in the first where something does.
private func difference(seed: UInt64, _ play: (inout SplitMix) -> Played) -> String? {
  var random = SplitMix(seed: seed)
  var steps = 0
  while steps < 1_000_000 {
    let story = play(&random)
    steps += story.steps
    if let difference = story.difference {
      return "after \(steps) steps: \(difference)\n\(story.told.joined(separator: "\n"))"
    }
  }
  return nil
}

/// A true story of a line with ids: it obeys, its calls live by themselves, its events are late.
private struct NamedStory {
  /// A call as the line has it.
  struct Real {
    var number: String
    var direction: Direction
    var status: CallReport.Status
    var wasAnswered = false
    /// The command that dialled it; nil where nobody here did.
    var isDialled = false
    var isHeld = false
  }

  var desk = Script.up()
  var told: [DeskEvent] = []
  /// What the line is yet to do, in the order in which it was asked.
  var asked: [LineCommand] = []
  /// What it has said of each call and of commands, and what has not arrived yet: in order for each.
  var onItsWay: [String: [LineEvent]] = [:]
  var calls: [String: Real] = [:]
  var over: [(number: String, answered: Bool, direction: Direction)] = []
  var nextID = 1
  var read = 0

  init(_ random: inout SplitMix) {}

  private mutating func say(_ event: DeskEvent) {
    told.append(event)
    desk.say(event)
    let sent = desk.sent
    asked += sent.dropFirst(read)
    read = sent.count
  }

  private mutating func report(_ id: String) {
    guard let call = calls[id] else { return }
    let event = LineEvent.call(
      CallReport(call.status, number: SafeText(call.number), call: id, direction: call.direction))
    onItsWay[id, default: []].append(event)
  }

  private mutating func move(_ id: String, to status: CallReport.Status) {
    guard var call = calls[id], call.status.rawValue < status.rawValue else { return }
    call.status = status
    if status == .talking { call.wasAnswered = true }
    calls[id] = call
    report(id)
    guard status.isEnd else { return }
    over.append((call.number, call.wasAnswered, call.direction))
    calls[id] = nil
  }

  private mutating func end(_ id: String) {
    guard let call = calls[id] else { return }
    move(id, to: call.status == .talking ? .ended : .notEstablished)
  }

  private mutating func obey(_ command: LineCommand) {
    var isDone = true
    switch command {
    case .callPhone(_, let phone, _):
      // The line writes the number as its telephone system does.
      let id = "x\(nextID)"
      nextID += 1
      calls[id] = Real(number: phone, direction: .out, status: .calling, isDialled: true)
      report(id)
    case .hangUp(_, let id?), .reject(_, let id?):
      isDone = calls[id] != nil
      end(id)
    case .answer(_, let id?):
      isDone = calls[id]?.status == .ringing
      if isDone { move(id, to: .talking) }
    case .hold(_, let id?, let on):
      isDone = calls[id]?.status == .talking
      guard isDone else { break }
      calls[id]?.isHeld = on
      onItsWay[id, default: []].append(.callState(call: id, held: on, muted: nil))
    default: return
    }
    onItsWay["results", default: []].append(
      .result(id: command.id ?? 0, ok: isDone, error: isDone ? "" : "no such call"))
  }

  mutating func step(_ random: inout SplitMix) {
    desk.wait(Double.random(in: 0...0.4, using: &random))
    let numbers = ["5550100", "2025550199", "+34612345678", "1020"]
    switch Int.random(in: 0..<20, using: &random) {
    case 0...7: arrive(&random)
    case 8...10: if !asked.isEmpty { obey(asked.removeFirst()) }
    case 11, 12: live(&random)
    case 13:
      guard calls.count < 4 else { return }
      let id = "x\(nextID)"
      nextID += 1
      calls[id] = Real(
        number: numbers.randomElement(using: &random) ?? "", direction: .in, status: .ringing)
      report(id)
    case 14, 15:
      say(.dial(phone: numbers.randomElement(using: &random) ?? "", info: "x"))
    case 16: if let id = desk.desk.shownCallID { say(.hangUp(id)) }
    case 17:
      if let call = desk.desk.openCalls.first(where: \.isRingingHere) { say(.answer(call.id)) }
    case 18: if let id = desk.desk.active?.id { say(.swap(id)) }
    default: if let call = desk.desk.active { say(.hold(call.id, !call.isHeld)) }
    }
  }

  /// The far ends do as they like.
  private mutating func live(_ random: inout SplitMix) {
    guard let id = calls.keys.sorted().randomElement(using: &random), let call = calls[id] else {
      return
    }
    switch (call.direction, call.status) {
    case (.out, .calling): move(id, to: Bool.random(using: &random) ? .ringing : .talking)
    case (.out, .ringing) where Bool.random(using: &random): move(id, to: .talking)
    default: end(id)
    }
  }

  private mutating func arrive(_ random: inout SplitMix) {
    guard let from = onItsWay.keys.sorted().randomElement(using: &random),
      let event = onItsWay[from]?.removeFirst()
    else { return }
    if onItsWay[from]?.isEmpty == true { onItsWay[from] = nil }
    say(.line(event))
  }

  /// Nothing new happens any more: all that was asked is done, all that was said arrives.
  mutating func settle() {
    var random = SplitMix(seed: 1)
    while !onItsWay.isEmpty || !asked.isEmpty {
      if !asked.isEmpty { obey(asked.removeFirst()) }
      if !onItsWay.isEmpty { arrive(&random) }
    }
  }

  /// How the desk and the world differ; nil if they do not.
  var difference: String? {
    let shown = Set(desk.desk.openCalls.compactMap(\.lineID))
    if shown != Set(calls.keys) { return "open: \(shown), in truth \(calls.keys.sorted())" }
    for call in desk.desk.openCalls {
      guard let real = calls[call.lineID ?? ""] else { continue }
      if call.direction != real.direction { return "\(call.number) goes the other way" }
      if (call.talk != nil) != (real.status == .talking) { return "\(call.number): \(call.phase)" }
      if call.isHeld != real.isHeld { return "\(call.number) is held: \(real.isHeld)" }
    }
    if desk.desk.unseenAttempt != nil { return "a dial still waits" }
    let answered = desk.desk.recent.filter { $0.talked != nil }.map(\.number.string).sorted()
    let truth = over.filter(\.answered).map(\.number).sorted()
    if answered != truth { return "answered: \(answered), in truth \(truth)" }
    return nil
  }
}

/// A true story of a line without ids: one call after the other, told late, twice and in any order.
private struct UnnamedStory {
  struct Real {
    var number: String
    var direction: Direction
    var isAnswered: Bool
    /// What happens and when, in seconds.
    var events: [(at: Double, status: CallReport.Status)]
  }

  var desk = Script.up()
  var told: [(at: Double, report: CallReport)] = []
  var calls: [Real] = []

  init(_ random: inout SplitMix) {
    let numbers = ["13212345678", "2025550199", "34612345678", "8613200000001"]
    var time = 1.0
    var last = ""
    for _ in 0..<8 {
      // A line that tells late cannot tell two calls of one number apart that touch each other.
      let number = numbers.filter { $0 != last }.randomElement(using: &random) ?? ""
      last = number
      let isAnswered = Bool.random(using: &random)
      let isOut = Bool.random(using: &random)
      var events: [(Double, CallReport.Status)] = []
      if isOut { events.append((time, .calling)) }
      time += Double.random(in: 0.1...6, using: &random)
      if !isOut || Bool.random(using: &random) { events.append((time, .ringing)) }
      time += Double.random(in: 0.1...20, using: &random)
      if isAnswered {
        events.append((time, .talking))
        time += Double.random(in: 0.5...60, using: &random)
      }
      events.append((time, isAnswered ? .ended : .notEstablished))
      calls.append(
        Real(
          number: number, direction: isOut ? .out : .in, isAnswered: isAnswered, events: events))
      time += Double.random(in: 0.1...30, using: &random)
    }
  }

  mutating func play(_ random: inout SplitMix) -> Int {
    var news: [(at: Double, report: CallReport)] = []
    for call in calls {
      for (at, status) in call.events {
        let report = CallReport(status, number: SafeText(call.number), direction: nil)
        // A 1 opens a call at once, so it is told in time; all else is late and comes again.
        let isFirst = status == call.events[0].status
        news.append((at + (isFirst ? 0 : Double.random(in: 0...2.9, using: &random)), report))
        for _ in 0..<Int.random(in: 0...2, using: &random) where status != .calling {
          news.append((at + Double.random(in: 0...2.9, using: &random), report))
        }
      }
    }
    news.sort { $0.at < $1.at }
    told = news
    var clock = 0.0
    for (at, report) in news {
      desk.wait(at - clock)
      clock = at
      desk.say(.line(.call(report)))
    }
    return news.count
  }

  var difference: String? {
    if desk.desk.hasOpenCall { return "a call is still open" }
    let records = desk.desk.recent.reversed().map {
      "\($0.number) \($0.direction) \($0.talked != nil)"
    }
    let truth = calls.map { "\($0.number) \($0.direction) \($0.isAnswered)" }
    return records == truth ? nil : "records \(records), in truth \(truth)"
  }
}
