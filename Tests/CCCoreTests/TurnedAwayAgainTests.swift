// A queue that calls the same desk again and again: one caller, one line of Recent, one sentence.

import Testing

@testable import CCCore

@Suite struct TurnedAwayAgainTests {
  private static let zoe = "+33140000000"

  /// In a break, after calls of these numbers, each a second after the one before.
  private func calls(_ numbers: [String], every seconds: Double = 1, by line: Bool = false)
    -> Script
  {
    var desk = Script.up()
    desk.say(.choose(.shortBreak))
    for (index, number) in numbers.enumerated() {
      desk.wait(seconds)
      if !line { desk.call(.ringing, number, id: "c\(index)", .in) }
      desk.call(.notEstablished, number, id: "c\(index)", .in)
    }
    return desk
  }

  private func sentences(_ desk: Script) -> Int {
    desk.said.count { $0.hasPrefix("info: Turned away") }
  }

  @Test("one caller", arguments: [true, false], [zoe, "", "anonymous"])
  func oneCaller(_ byTheLine: Bool, _ number: String) {
    let desk = calls([String](repeating: number, count: 29), by: byTheLine)
    #expect(desk.desk.recentLines.map(\.result) == [.turnedAway])
    #expect(desk.desk.recentLines.first?.count == 29)
    #expect(sentences(desk) == 1)
    // Each call has its record.
    #expect(desk.desk.recent.map(\.count) == [Int](repeating: 1, count: 29))
  }

  @Test("her number in another form")
  func anotherForm() {
    let desk = calls(["0033140000000", Self.zoe, "0033140000000"])
    #expect(desk.desk.recentLines.map(\.count) == [3])
  }

  @Test("others have lines of their own")
  func others() {
    let desk = calls([Self.zoe, "5550100", Self.zoe, "5550100", ""])
    #expect(desk.desk.recentLines.map(\.number.string) == ["", "5550100", Self.zoe])
    #expect(desk.desk.recentLines.map(\.count) == [1, 2, 2] && sentences(desk) == 3)
  }

  @Test("after a minute without one she calls anew", arguments: [59.0, 61])
  func aMinute(_ seconds: Double) {
    let desk = calls([Self.zoe, Self.zoe], every: seconds)
    #expect(desk.desk.recentLines.map(\.count) == (seconds < 60 ? [2] : [1, 1]))
    #expect(sentences(desk) == (seconds < 60 ? 1 : 2))
  }

  /// A call that was something else is none of them.
  @Test("a call that was missed before")
  func missedBefore() {
    var desk = Script.up()
    desk.call(.ringing, Self.zoe, id: "a", .in)
    desk.call(.notEstablished, Self.zoe, id: "a", .in)
    desk.say(.choose(.shortBreak))
    desk.call(.ringing, Self.zoe, id: "b", .in)
    desk.call(.notEstablished, Self.zoe, id: "b", .in)
    #expect(desk.desk.recentLines.map(\.result) == [.turnedAway, .missed])
  }

  /// What she wrote about it is not lost with the next.
  @Test("one with a note")
  func aNote() throws {
    var desk = calls([Self.zoe])
    desk.say(.note(try #require(desk.desk.recent.first?.id), "calls again"))
    desk.call(.ringing, Self.zoe, id: "z", .in)
    desk.call(.notEstablished, Self.zoe, id: "z", .in)
    #expect(desk.desk.recentLines.map(\.note) == ["", "calls again"])
  }
}
