// Who was handed on, where the line says it after the end, by itself, or not at all.

import Testing

@testable import CCCore

@Suite struct HandedOnBothTests {
  private func done(_ desk: inout Script, _ id: String) {
    desk.say(.line(.transfer(call: id, state: .done, reason: "")))
  }

  /// The customer's end comes before the word that the two are joined.
  @Test(arguments: [
    ["a1", "done", "a2"], ["a2", "done", "a1"], ["a1", "a2"], ["done", "a1", "a2"],
  ])
  func theEndMayComeBeforeTheWord(_ order: [String]) throws {
    var desk = Script.up()
    let customer = try desk.talking("a1", "5550199")
    desk.say(.transfer(customer, to: "5550100", consult: true))
    _ = try desk.talking("a2", "5550100")
    desk.say(.line(.callState(call: "a1", held: true, muted: nil)))
    desk.say(.join(try #require(desk.desk.active?.id)))
    for word in order {
      if word == "done" { done(&desk, "a2") } else { desk.call(.ended, nil, id: word) }
    }
    let isTold = order.contains("done")
    let result = isTold ? Record.Result.transferred : .answered
    #expect(desk.desk.recent.map(\.result) == [result, result])
    #expect(!desk.desk.hasOpenCall)
  }

  /// A call that was handed on blind and is over before the line says that it is done.
  @Test func aBlindTransferMayEndBeforeTheWord() throws {
    var desk = Script.up()
    let id = try desk.talking("a1")
    desk.say(.transfer(id, to: "5550100", consult: false))
    desk.call(.ended, nil, id: "a1")
    done(&desk, "a1")
    #expect(desk.desk.recent.map(\.result) == [.transferred])
  }

  /// A line hands a held call on by itself while she talks to another one.
  @Test func whoStaysWasNotHandedOn() throws {
    for (seconds, isJoined) in [(0.1, true), (3, false)] {
      var desk = Script.up()
      desk.call(.talking, "07911123456", id: "b1", .in)
      desk.say(.line(.callState(call: "b1", held: true, muted: nil)))
      desk.call(.ringing, "+442079460123", id: "b2", .in)
      desk.call(.talking, "+442079460123", id: "b2", .in)
      done(&desk, "b1")
      desk.call(.ended, nil, id: "b1")
      desk.wait(seconds)
      desk.call(.ended, nil, id: "b2")
      #expect(
        desk.desk.recent.map(\.result) == [isJoined ? .transferred : .answered, .transferred])
    }
  }

  /// The line takes the command and says no more: after a while another one may be asked for.
  @Test(arguments: [true, false]) func aTransferThatIsNotHeardOfEnds(_ tries: Bool) throws {
    var desk = Script.up()
    let id = try desk.talking("a1")
    desk.say(.transfer(id, to: "5550100", consult: false))
    desk.say(.line(.result(id: 1, ok: true, error: "")))
    if tries { desk.say(.line(.transfer(call: "a1", state: .trying, reason: ""))) }
    desk.wait(9.9)
    #expect(desk.does(.transfer(id, to: "5550199", consult: false)).asked == [])
    desk.wait(0.1)
    let asked = desk.does(.transfer(id, to: "5550199", consult: false)).asked
    #expect(asked == (tries ? [] : ["transfer a1 5550199"]))
    desk.wait(50)
    #expect(desk.does(.transfer(id, to: "5550199", consult: true)).asked == ["consult a1 5550199"])
  }
}
