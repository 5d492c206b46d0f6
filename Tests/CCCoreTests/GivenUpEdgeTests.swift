// A dial that was given up and its neighbours: whose call begins, whose first word is an end.

import Testing

@testable import CCCore

@Suite struct GivenUpEdgeTests {
  /// A desk whose dial was cancelled; `isTaken`: after the line had said that it dials.
  private func cancelled(_ phone: String, isTaken: Bool) throws -> Script {
    var desk = Script.up()
    desk.say(.dial(phone: phone, info: ""))
    if isTaken {
      desk.say(.line(.result(id: try #require(desk.desk.attempt?.command), ok: true, error: "")))
    }
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    return desk
  }

  private func hangUps(_ desk: Script) -> [String] {
    desk.asked.filter { $0.hasPrefix("hang up") }
  }

  /// The line dials the cancelled one and has not said that it dials the next.
  ///
  /// What begins now under no number, or under a third, is the cancelled one; what has the number of the
  /// next one is that.
  @Test(arguments: ["2025550100", nil, "222"] as [String?], [true, false])
  func theEarlierDialComesFirst(_ number: String?, isTaken: Bool) throws {
    var desk = try cancelled("111", isTaken: isTaken)
    desk.say(.dial(phone: "222", info: ""))
    desk.call(.calling, number, id: "x", .out)
    let isEarlier = isTaken && number != "222"
    #expect(hangUps(desk) == (isEarlier ? ["hang up x"] : []))
    #expect(desk.desk.attempt?.seen == !isEarlier)
  }

  /// Once the line has said that it dials the next one, what begins is that.
  @Test(arguments: ["2025550100", nil] as [String?])
  func theNextDialHasItsCallOnceTheLineDials(_ number: String?) throws {
    var desk = try cancelled("111", isTaken: true)
    desk.say(.dial(phone: "222", info: ""))
    desk.say(.line(.result(id: try #require(desk.desk.attempt?.command), ok: true, error: "")))
    desk.call(.calling, number, id: "x", .out)
    #expect(hangUps(desk) == [] && desk.desk.attempt?.seen == true)
  }

  /// Beside her own call another one of its number is not hung up; one of a third number is.
  @Test(arguments: ["222222222", "2025550100"])
  func whatHasTheNumberOfHerOwnCallLives(_ number: String) throws {
    var desk = try cancelled("111111111", isTaken: true)
    desk.say(.dial(phone: "222222222", info: ""))
    desk.say(.line(.result(id: try #require(desk.desk.attempt?.command), ok: true, error: "")))
    desk.call(.calling, "222222222", id: "b", .out)
    desk.call(.calling, number, id: "c", .out)
    #expect(hangUps(desk) == (number == "222222222" ? [] : ["hang up c"]))
  }

  /// A call that she did not dial protects none of its number.
  @Test func whatHasTheNumberOfAnotherCallIsHungUp() throws {
    var desk = try cancelled("111111111", isTaken: true)
    desk.call(.ringing, "222222222", id: "b", .in)
    desk.call(.calling, "222222222", id: "c", .out)
    #expect(hangUps(desk) == ["hang up c"])
  }

  /// The line will not make a cancelled dial: nothing of its number is hung up for it.
  @Test func aRefusedDialHangsNothingUp() throws {
    var desk = Script.up()
    desk.say(.dial(phone: "111", info: ""))
    let command = try #require(desk.desk.attempt?.command)
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    desk.say(.line(.result(id: command, ok: false, error: "no")))
    desk.call(.calling, "111", id: "a", .out)
    #expect(hangUps(desk) == [] && desk.desk.active?.lineID == "a")
  }

  @Test func cancellingSaysNothing() throws {
    var desk = Script.up()
    desk.say(.dial(phone: "111", info: ""))
    let done = desk.does(.hangUp(try #require(desk.desk.shownCallID)))
    #expect(done.asked == [] && done.said == [] && desk.outcomes == [.cancelled])
  }

  // MARK: The first word is an end

  /// 4 and 5 end a call whatever came before, unless they name a caller.
  @Test(
    arguments: [
      (.ended, nil, nil, true), (.ended, "a", nil, true), (.notEstablished, nil, nil, true),
      (.notEstablished, nil, .in, false), (.notEstablished, nil, .out, true),
    ] as [(CallReport.Status, String?, Direction?, Bool)])
  func whoseEndItIs(
    _ status: CallReport.Status, _ id: String?, _ direction: Direction?, isHers: Bool
  ) {
    var desk = Script.up()
    desk.say(.dial(phone: "1020", info: ""))
    desk.call(status, "1020", id: id, direction, code: 486)
    #expect((desk.desk.attempt == nil) == isHers)
    #expect(desk.desk.anomalies == (isHers ? [:] : [.endWithoutCall: 1]))
  }

  /// Of two dials of one number the one that the line has said it makes ends first.
  @Test(arguments: [true, false])
  func ofTwoOfOneNumberTheEarlierEndsFirst(isTaken: Bool) throws {
    var desk = try cancelled("111222333", isTaken: isTaken)
    desk.say(.dial(phone: "111222333", info: ""))
    desk.call(.notEstablished, "111222333", id: "a", .out, code: 486)
    #expect(desk.outcomes == (isTaken ? [.cancelled] : [.cancelled, .rejected]))
    #expect((desk.desk.attempt != nil) == isTaken)
    #expect(desk.desk.anomalies == (isTaken ? [.endWithoutCall: 1] : [:]))
  }

  /// An end of another number leaves the cancelled dial as it is.
  @Test(arguments: ["111222333", "2025550100"], [true, false])
  func anEndIsOfItsNumber(_ number: String, isTaken: Bool) throws {
    var desk = try cancelled("111222333", isTaken: isTaken)
    desk.call(.notEstablished, number, id: "a", .out, code: 486)
    #expect(desk.desk.anomalies == [.endWithoutCall: 1])
    desk.call(.calling, "111222333", id: "b", .out)
    #expect(hangUps(desk) == (number == "111222333" ? [] : ["hang up b"]))
  }

  /// Whoever is asked is busy at once: said, as a warning; another number's end, or a later one, is not.
  @Test func whoIsAskedMayBeBusyAtOnce() throws {
    var desk = Script.up()
    let customer = try desk.talking("a", "111")
    desk.say(.transfer(customer, to: "1020", consult: true))
    let report = CallReport(.notEstablished, number: "2025550100", call: "x", direction: .out)
    #expect(desk.does(.line(.call(report))).said == [])
    var busy = report
    busy.number = "1020"
    busy.reason = Reason("busy", code: 486)
    #expect(desk.does(.line(.call(busy))).said == ["warning: transfer failed: busy (486)"])
    #expect(desk.desk.anomalies == [.endWithoutCall: 1], "of the other number")
    desk.say(.transfer(customer, to: "1020", consult: true))
    desk.call(.calling, "1020", id: "b", .out)
    busy.call = "z"
    #expect(desk.does(.line(.call(busy))).said == [])
    desk.call(.ended, "111", id: "a")
    #expect(desk.desk.goneCustomer?.id == customer, "she is asked still")
  }

  /// Of two cancelled dials of one number, what is said again of the first one's call, which is over, is
  /// late: the second one's is still hung up when it comes.
  @Test func whatIsLateIsNotTheNextCancelledOne() throws {
    var desk = try cancelled("2025550100", isTaken: true)
    desk.say(.dial(phone: "2025550100", info: ""))
    desk.say(.line(.result(id: try #require(desk.desk.attempt?.command), ok: true, error: "")))
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    desk.wait(1)
    desk.call(.calling, "2025550100", id: "a", .out)
    desk.call(.ended, "2025550100", id: "a")
    desk.wait(1)
    desk.call(.calling, "2025550100", id: "a", .out)
    #expect(!desk.desk.hasOpenCall && hangUps(desk) == ["hang up a"])
    desk.call(.calling, "2025550100", id: "b", .out)
    #expect(hangUps(desk) == ["hang up a", "hang up b"])
  }
}
