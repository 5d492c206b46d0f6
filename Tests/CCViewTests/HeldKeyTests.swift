// A key that is held down does its thing once; one that is pressed twice does it twice.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct HeldKeyTests {
  /// Presses F4 at these moments, in seconds, lets time pass, and counts what came of it.
  private func mutes(at moments: [Double]) -> Int {
    var stage = Stage()
    stage.talk()
    stage.wait(5)
    var past = 0.0
    for moment in moments {
      stage.press(.function(4), after: moment - past)
      past = moment
    }
    stage.wait(0.13)
    return stage.events.filter { if case .mute = $0 { true } else { false } }.count
  }

  /// The delay before a held key repeats, and the time between its repeats: X, GNOME, Windows at its
  /// slowest start, macOS at its fastest, the Linux console.
  @Test(arguments: [(0.66, 0.04), (0.5, 0.033), (1.0, 0.033), (0.225, 0.03), (0.25, 0.092)])
  func heldDownItActsOnce(_ delay: Double, _ interval: Double) {
    #expect(mutes(at: [0] + (0..<30).map { delay + Double($0) * interval }) == 1)
  }

  @Test(arguments: [0.1, 0.19, 0.25, 0.4, 0.66, 1.0, 1.5, 4])
  func pressedTwiceItActsTwice(_ gap: Double) {
    #expect(mutes(at: [0, gap]) == 2)
    #expect(mutes(at: [0, gap, 2 * gap]) == 3)
  }

  @Test func aPressAfterHoldingIsOne() {
    let held = [0] + (0..<20).map { 0.5 + Double($0) * 0.033 }
    #expect(mutes(at: held + [1.6]) == 2)
  }

  @Test func theNextKeyDoesNotWaitForIt() throws {
    var stage = Stage()
    stage.talk()
    let id = try #require(stage.desk.active?.id)
    stage.press("<F4>")
    stage.press(.function(4), after: 0.4)
    #expect(stage.events.last == .mute(id, true) && stage.events.count == 2)
    stage.press(.function(3), after: 0.05)
    #expect(stage.events.suffix(2) == [.mute(id, true), .hold(id, true)])
  }

  @Test func heldDownF8EndsTheSecondCallAndNotTheFirst() {
    var stage = Story.consultation
    stage.press("<F8>")
    stage.call(.ended, "1020", id: "j", .out)
    for repeated in 0..<20 { stage.press(.function(8), after: repeated == 0 ? 0.5 : 0.033) }
    stage.wait(1)
    #expect(stage.events.filter(\.isHangUp).count == 1)
    #expect(stage.desk.active?.lineID == "i" && stage.desk.hasOpenCall)
  }

  @Test func aKeyThatWaitedIsMeantForTheCallThatWasSeen() {
    var stage = Stage()
    stage.talk()
    stage.press("<F4>")
    stage.press(.function(4), after: 0.4)
    stage.call(.ended, id: "c")
    stage.call(.ringing, "200", id: "d", .in)
    stage.draw()
    stage.wait(0.12)
    #expect(stage.message == "! The call has changed; nothing was done.")
  }

  @Test func aHeldEnterDialsOnce() {
    var stage = Stage()
    stage.press("112<Enter>")
    let command = stage.desk.attempt?.command ?? 0
    stage.line(.result(id: command, ok: false, error: "112 is an emergency number: dial it again"))
    stage.press(.enter, after: 0.5)
    for _ in 0..<60 { stage.press(.enter, after: 0.033) }
    #expect(stage.desk.today.dials == 1)
    stage.wait(1)
    stage.press(.enter)
    #expect(stage.desk.today.dials == 2 && stage.desk.attempt?.phone == "112")
  }
}
