// A seat that the desk keeps and the line passes on.

import CCCore
import Testing

@Suite struct SeatToldTests {
  @Test func everyChangeIsToldAndARefusalIsShown() {
    var desk = Script.up([.dial, .hangUp, .setSeat])
    #expect(desk.sent.contains { if case .setSeat(_, 2) = $0 { true } else { false } })
    desk.say(.choose(.shortBreak))
    guard case .setSeat(let id, 5)? = desk.sent.last else {
      Issue.record("not told: \(desk.sent)")
      return
    }
    #expect(desk.desk.seat.seat == .shortBreak && desk.desk.seat.untold == nil)
    desk.say(.line(.result(id: id, ok: false, error: "*45: not found")))
    // The break is the agent's; that nobody else knows is said.
    #expect(desk.desk.seat.seat == .shortBreak)
    #expect(desk.desk.seat.untold == "line: *45: not found")
    #expect(desk.notices.last == "The PBX was not told of short break: line: *45: not found")
    desk.say(.choose(.idle))
    #expect(desk.desk.seat.untold == nil)
  }

  @Test func aLateRefusalOfAnOldStatusMarksNothing() {
    var desk = Script.up([.dial, .hangUp, .setSeat])
    desk.say(.choose(.shortBreak))
    guard case .setSeat(let id, 5)? = desk.sent.last else { return }
    desk.say(.choose(.idle))
    desk.say(.line(.result(id: id, ok: false, error: "too late")))
    #expect(desk.desk.seat.untold == nil)
  }
}
