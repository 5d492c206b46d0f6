// The floor for programs and in sentences, without a terminal.

import CCJSON
import Testing

@testable import CCCore
@testable import CCTerm

@Suite struct FloorFrontEndTests {
  private let now = Instant(uptime: 10_000 * Instant.second, unix: 1_763_942_400_000)

  private func floor() throws -> Floor {
    var floor = Floor(at: now)
    let say = { (floor: inout Floor, agent: String, name: SafeText, seat: Seat) throws in
      let key = try #require(AgentKey(team: agent == "3" ? "blue" : "red", agent: agent))
      let update = SeatUpdate(
        stamp: Stamp(epoch: 1_763_900_000_000, sequence: 1), seat: seat,
        since: now.unix - 1_860_000, name: name,
        today: DayFigures(calls: 4, talk: 400, afterCallWork: 40), sent: now.unix)
      _ = floor.handle(.seat(key, update, retained: false), at: now)
    }
    try say(&floor, "1", "Ana Ruiz", .shortBreak)
    try say(&floor, "2", "Li Wei", .busy)
    try say(&floor, "3", "Mei Lin", .idle)
    let li = try #require(AgentKey(team: "red", agent: "2"))
    let call = CallUpdate(
      stamp: Stamp(epoch: 1_763_900_000_000, sequence: 2), status: .talking, direction: .out,
      number: "13212345678")
    _ = floor.handle(.call(li, call, retained: false), at: now)
    return floor
  }

  private func ask(_ line: String, team: String? = nil) throws -> [String] {
    var speaker = FloorSpeaker()
    guard case .words(let words) = speaker.answer(line, try floor(), team, at: now) else {
      return ["quit"]
    }
    return words
  }

  @Test func questionsAreAnswered() throws {
    #expect(try ask("who is on break?") == ["break: 1.", "Ana Ruiz, 31 minutes."])
    #expect(try ask("Who is talking") == ["talking: 1.", "Li Wei, 31 minutes."])
    #expect(try ask("offline") == ["offline: nobody."])
    #expect(try ask("longest") == ["Mei Lin, 31 minutes is idle the longest."])
    #expect(
      try ask("alerts") == [
        "alert: 2.", "Ana Ruiz, 31 minutes, break over 30:00.",
        "Mei Lin, 31 minutes, idle over 15:00.",
      ])
    #expect(
      try ask("totals", team: "red") == [
        "2 agents: idle 0, busy 1, post-call 0, short break 1, offline 0, unknown 0, in call 1, "
          + "alerts 1."
      ])
    #expect(try ask("who is idle", team: "red") == ["idle: nobody."])
    #expect(try ask("") == [] && ask("quit") == ["quit"])
    #expect(try ask("help").contains { $0.hasPrefix("Orders:") })
    #expect(try ask("\u{1B}[2J")[0].contains("\u{1B}") == false)
  }

  @Test func changesAreToldOnce() throws {
    var floor = try floor()
    var speaker = FloorSpeaker()
    let key = try #require(AgentKey(team: "red", agent: "2"))
    #expect(speaker.say(.changed(key), floor, team: nil, at: now) == nil, "the first is no change")
    let update = SeatUpdate(
      stamp: Stamp(epoch: 1_763_900_000_000, sequence: 3), seat: .postCall)
    _ = floor.handle(.seat(key, update, retained: false), at: now)
    let over = CallUpdate(stamp: Stamp(epoch: 1_763_900_000_000, sequence: 4), status: nil)
    _ = floor.handle(.call(key, over, retained: false), at: now)
    #expect(speaker.say(.changed(key), floor, team: nil, at: now) == "Li Wei: post-call.")
    #expect(speaker.say(.changed(key), floor, team: nil, at: now) == nil)
    #expect(speaker.say(.changed(key), floor, team: "blue", at: now) == nil)
    #expect(
      speaker.say(.alert(key, .over(.postCall, limit: 300)), floor, team: nil, at: now)
        == "alert: Li Wei, post-call over 5:00.")
  }

  /// What is more than a message to one is asked once more, as on the screen.
  @Test func ordersAreAskedBeforeTheyAreSent() throws {
    let floor = try floor()
    let ana = try #require(AgentKey(team: "red", agent: "1"))
    let questions: [(String, String, FloorTyped.Meant)] = [
      (
        "ask Ana Ruiz for idle", "ask Ana Ruiz for idle? y or n",
        .init(wish: .seat(.idle), text: "", target: .agent(ana))
      ),
      (
        "sign off red/1", "ask Ana Ruiz to sign off? y or n",
        .init(wish: .signOff, text: "", target: .agent(ana))
      ),
      (
        "ask team red for offline", "ask all 2 of red to sign off? y or n",
        .init(wish: .signOff, text: "", target: .team("red"))
      ),
      (
        "message team red: hello", "send \u{201C}hello\u{201D} to all 2 of red? y or n",
        .init(wish: .message, text: "hello", target: .team("red"))
      ),
    ]
    for (line, question, order) in questions {
      for answer in ["y", " Yes "] {
        var typed = FloorTyped()
        #expect(typed.take(line, floor) == .init(said: [question]))
        #expect(typed.take(answer, floor) == .init(order: order))
        #expect(typed.take(answer, floor) == .init(rest: answer), "once")
      }
      for answer in ["n", "no", ""] {
        var typed = FloorTyped()
        _ = typed.take(line, floor)
        #expect(typed.take(answer, floor) == .init(said: ["not sent."]))
        #expect(typed.take("y", floor) == .init(rest: "y"))
      }
      // Another question, and another order, are no answer.
      var typed = FloorTyped()
      _ = typed.take(line, floor)
      #expect(typed.take("totals", floor) == .init(said: ["not sent."], rest: "totals"))
      _ = typed.take(line, floor)
      #expect(
        typed.take("sign off red/2", floor).said == ["not sent.", "ask Li Wei to sign off? y or n"])
    }
    // A message to one goes as it is typed.
    var typed = FloorTyped()
    #expect(
      typed.take("message red/1: hello", floor)
        == .init(order: .init(wish: .message, text: "hello", target: .agent(ana))))
    #expect(
      typed.take("message", floor).said == [
        "message whom? As in: message Ana Ruiz: break over, please"
      ])
  }

  @Test func aReasonHasOneMark() {
    #expect(
      FloorSpeaker.feed(.down(reason: "is it mqtt:// there?"))
        == "the floor is not live: is it mqtt:// there? What was told may be over.")
    #expect(
      FloorSpeaker.feed(.down(reason: "no answer"))
        == "the floor is not live: no answer. What was told may be over."
    )
  }

  @MainActor @Test func agentsAndTotalsAsJSON() throws {
    let floor = try floor()
    var lines = JSONLines()
    let key = try #require(AgentKey(team: "red", agent: "2"))
    let row = try #require(floor.row(key))
    let agent = try JSONReader.read(
      lines.line("agent", JSONFloor.fields(row, "demo", at: now), at: now).dropLast())
    #expect(agent["v"] == 1 && agent["seq"] == 1 && agent["type"] == "agent")
    #expect(agent["at"] == "2025-11-24T00:00:00.000Z")
    #expect(agent["agent"] == "red/2" && agent["name"] == "Li Wei" && agent["seat"] == 3)
    #expect(agent["call"] == 3 && agent["number"] == "13212345678" && agent["lease"] == "fresh")
    #expect(agent["since"] == "2025-11-23T23:29:00.000Z")
    let totals = try JSONReader.read(
      lines.line("totals", JSONFloor.fields(floor.totals, team: nil), at: now).dropLast())
    #expect(totals["seq"] == 2 && totals["agents"] == 3 && totals["ahtSeconds"] == 110.0)
    #expect(totals["bySeat"] == ["2": 1, "3": 1, "5": 1])
  }
}
