// What comes uncalled for: a token nobody asked for, a yes to a dial, a wish after the end.

import Testing

@testable import CCCore

@Suite struct UncalledForTests {
  /// Up, with a token of a source.
  private func up() -> Script {
    var desk = Script(.init(line: "sdk", account: "1001", hasCredentialSource: true))
    desk.say(.line(.started))
    desk.say(.credential(Secret("a"), expiresIn: 1000))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    return desk
  }

  @Test func aTokenThatNobodyAskedForIsNotRegistered() {
    var desk = up()
    let life = desk.desk.credential
    #expect(desk.say(.credential(Secret("b"), expiresIn: 5)) == [])
    #expect(desk.desk.credential == life && desk.desk.token == Secret("a"))
    #expect(desk.say(.credentialFailed("late", final: true)) == [] && desk.desk.link.isUp)
  }

  @Test func aDeskThatClosesRegistersNothingAndTriesNothing() {
    var desk = up()
    desk.wait(800)
    #expect(desk.say(.timer(.renewal)).contains(.fetchCredential))
    desk.say(.quit)
    desk.say(.line(.started))
    #expect(desk.does(.credential(Secret("b"), expiresIn: 5)).asked == [])
    var down = Script.up()
    down.say(.line(.unregistered(reason: "no network", retryIn: 5, final: false)))
    let link = down.desk.link
    down.say(.quit)
    for event in [DeskEvent.tryNow, .takeBack] {
      #expect(down.say(event) == [] && down.desk.link == link)
    }
  }

  /// That the line takes a dial is no outcome of it.
  @Test func aDialThatIsTakenWaitsForItsCall() throws {
    var desk = Script.up()
    desk.say(.dial(phone: "1020", info: ""))
    let command = try #require(desk.sent.last?.id)
    #expect(desk.say(.line(.result(id: command, ok: true, error: ""))) == [])
    #expect(desk.desk.unseenAttempt?.phone == "1020" && desk.outcomes == [])
    desk.call(.calling, "1020", id: "a", .out)
    desk.call(.talking, "1020", id: "a", .out)
    #expect(desk.outcomes == [.answered])
  }
}
