// A talk that nobody hung up, told from all other ends that have a reason.

import Testing

@testable import CCCore

@Suite struct CutOffTests {
  private static let gone: SafeText = "the far end has lost the call"

  /// In a talk with the customer of call `a`.
  private func talking() throws -> (desk: Script, id: Call.ID) {
    var desk = Script.up()
    let id = try desk.talking("a", "111")
    return (desk, id)
  }

  private func isCut(_ desk: Script) -> Bool {
    #expect(desk.desk.recent.first?.isCutOff == (desk.desk.active?.end?.cut != nil))
    return desk.desk.recent.first?.isCutOff == true
  }

  @Test(
    "the far end's reasons",
    arguments: [(gone, true), ("the far end hung up", false), ("handed on", false), ("", false)]
      as [(SafeText, Bool)])
  func theFarEnd(_ words: SafeText, _ isCutOff: Bool) throws {
    var (desk, _) = try talking()
    desk.call(.ended, "111", id: "a", words: words)
    #expect(desk.desk.recent.first?.result == .answered && isCut(desk) == isCutOff)
  }

  @Test(
    "who hung up knows, whatever a line calls it",
    arguments: [gone, "normal clearing"] as [SafeText])
  func theAgent(_ words: SafeText) throws {
    var (desk, id) = try talking()
    desk.say(.hangUp(id))
    desk.call(.ended, "111", id: "a", words: words)
    #expect(!isCut(desk))
  }

  @Test("an end that nobody saw is none that is known")
  func unseen() {
    var desk = Script.up([.dial, .hangUp, .answer, .reject])
    desk.call(.talking, "111")
    desk.call(.ringing, "222")
    #expect(desk.desk.recent.first?.reason?.text == "end not seen")
    #expect(desk.desk.recent.first?.isCutOff == false)
  }

  @Test("a line that died says so itself")
  func lineLost() throws {
    var (desk, _) = try talking()
    desk.say(.line(.died(reason: "", retryIn: 1)))
    #expect(desk.desk.recent.first?.result == .lineLost && !isCut(desk))
  }
}
