// The newest word counts: of the link, the token and the seat.

import Testing

@testable import CCCore

@Suite struct NewestWordTests {
  private func fetches(_ desk: Script) -> Int { desk.log.filter { $0 == .fetchCredential }.count }

  private func registers(_ desk: Script) -> [Int] {
    desk.sent.compactMap { if case .register(let id, _) = $0 { id } else { nil } }
  }

  private func answer(_ desk: inout Script, _ id: Int, _ ok: Bool, _ why: SafeText = "") {
    desk.say(.line(.result(id: id, ok: ok, error: why)))
  }

  // MARK: A link that is up by its first event only

  /// Up by an event alone, and the registration is refused: it is not signed in.
  @Test(arguments: [true, false]) func aRefusedRegistrationTakesAnEarlyLinkDown(_ greets: Bool) {
    var desk = Script()
    desk.say(.line(.started))
    desk.say(.line(.seat(.idle)))
    if greets { desk.say(.line(.hello(line: "x", abilities: [.dial, .seat]))) }
    answer(&desk, 1, false, "wrong password")
    guard case .stopped(_, let why) = desk.desk.link else {
      Issue.record("\(desk.desk.link)")
      return
    }
    #expect(why.string.contains("wrong password") && desk.desk.seat.seat == nil)
    desk.say(.line(.seat(.idle)))
    #expect(!desk.desk.link.isUp && desk.desk.seat.seat == nil)
    #expect(desk.desk.whyNotDial != nil)
  }

  /// A line that greets after its first event loses nothing that it said.
  @Test func whoGreetsLateIsUp() {
    var desk = Script()
    desk.say(.line(.started))
    desk.say(.line(.seat(.shortBreak)))
    desk.say(.line(.hello(line: "x", abilities: [.dial, .seat])))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(desk.desk.link.isUp && desk.desk.seat.seat == .shortBreak)
  }

  /// One that has taken the registration is signed in: a later refusal ends nothing.
  @Test func aRefusedRenewalEndsNothing() {
    var desk = Script(.init(line: "t", account: "1001", hasCredentialSource: true))
    desk.say(.line(.started))
    desk.say(.credential(Secret("a"), expiresIn: 1000))
    desk.say(.line(.seat(.idle)))
    answer(&desk, 1, true)
    desk.say(.credential(Secret("b"), expiresIn: 1000))
    #expect(desk.desk.link.isUp)
    desk.wait(800)
    desk.say(.line(.registered(account: nil, expiresIn: 10, secure: nil)))
    desk.say(.timer(.renewal))
    desk.say(.credential(Secret("c")))
    answer(&desk, registers(desk).last ?? 0, false, "no")
    #expect(desk.desk.link.isUp)
  }

  // MARK: Registrations

  /// An older registration fails late: the newer one counts, before its answer and after.
  @Test(arguments: [true, false]) func anOlderRegistrationThatFailsIsNoNews(isAnswered: Bool) {
    var desk = Script()
    desk.say(.line(.started))
    desk.say(.line(.hello(line: "x", abilities: [.dial])))
    desk.say(.line(.unregistered(reason: "no network", retryIn: 60, final: false)))
    desk.say(.tryNow)
    #expect(registers(desk) == [1, 2])
    if isAnswered {
      desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
      answer(&desk, 2, true)
    }
    let link = desk.desk.link
    answer(&desk, 1, false, "no network")
    #expect(desk.desk.link == link)
    #expect(!desk.said.contains { $0.contains("Not registered") })
    if !isAnswered {
      answer(&desk, 2, false, "no")
      if case .stopped = desk.desk.link {} else { Issue.record("\(desk.desk.link)") }
    }
  }

  // MARK: Tokens

  /// A token that died in a call is fetched anew after it; one that is due while the link is away too.
  @Test(arguments: [5.0, 4]) func aTokenThatDiedInACallIsFetchedAfterIt(_ seconds: Double) {
    var desk = Script(.init(line: "sdk", account: "1001", hasCredentialSource: true))
    desk.say(.line(.started))
    desk.say(.credential(Secret("a")))
    desk.say(.line(.hello(line: "x", abilities: [.dial])))
    desk.say(.line(.registered(account: nil, expiresIn: 5, secure: nil)))
    desk.call(.talking, id: "a")
    desk.wait(seconds)
    if seconds == 4 { desk.say(.timer(.renewal)) }
    desk.say(.line(.unregistered(reason: "token expired", retryIn: 5, final: false)))
    #expect(fetches(desk) == 1)
    desk.wait(1)
    desk.call(.ended, id: "a")
    #expect(fetches(desk) == 2)
    desk.say(.credential(Secret("b")))
    #expect(registers(desk).count == 2)
  }

  /// It is due while the link is away and no call is open.
  @Test func aTokenThatIsDueWhileTheLinkIsAwayIsFetched() {
    var desk = Script(.init(line: "sdk", account: "1001", hasCredentialSource: true))
    desk.say(.line(.started))
    desk.say(.credential(Secret("a")))
    desk.say(.line(.registered(account: nil, expiresIn: 100, secure: nil)))
    desk.wait(10)
    desk.say(.line(.unregistered(reason: "no network", retryIn: 5, final: false)))
    #expect(fetches(desk) == 1)
    desk.wait(90)
    desk.say(.timer(.renewal))
    #expect(fetches(desk) == 2)
  }

  /// A renewal that is answered by `ok` alone has begun a life as long as the one before.
  @Test func aRenewalThatIsTakenBeginsANewLife() throws {
    for source in [nil, 300] as [Int?] {
      var desk = Script(.init(line: "sdk", account: "1001", hasCredentialSource: true))
      desk.say(.line(.started))
      desk.say(.credential(Secret("a")))
      desk.say(.line(.registered(account: nil, expiresIn: 100, secure: nil)))
      answer(&desk, 1, true)
      desk.wait(80)
      desk.say(.timer(.renewal))
      desk.say(.credential(Secret("b"), expiresIn: source))
      answer(&desk, 2, true)
      let life = try #require(desk.desk.credential)
      #expect(life.secondsLeft(at: desk.now) == source ?? 100 && !life.renewalDue)
      desk.wait(Double(source ?? 100) * 0.8)
      desk.say(.timer(.renewal))
      #expect(fetches(desk) == 3)
    }
    // One that the line speaks of has the life that it says.
    var told = Script(.init(line: "sdk", account: "1001", hasCredentialSource: true))
    told.say(.line(.started))
    told.say(.credential(Secret("a")))
    told.say(.line(.registered(account: nil, expiresIn: 100, secure: nil)))
    told.wait(50)
    answer(&told, 1, true)
    #expect(told.desk.credential?.secondsLeft(at: told.now) == 50)
  }

  // MARK: The seat

  /// A line that is started again keeps the seat only once it says so.
  @Test func aRestartedLineHasNoSeatUntilItSaysSo() {
    var desk = Script.up([.dial, .hangUp])
    desk.say(.line(.seat(.idle)))
    #expect(desk.desk.seat.source == .line)
    desk.say(.line(.died(reason: "x", retryIn: 1)))
    desk.say(.line(.started))
    desk.say(.line(.hello(line: "x", abilities: [.dial])))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(desk.desk.seat.source == .desk && desk.desk.seat.seat == .idle)
    desk.say(.choose(.shortBreak))
    #expect(
      desk.desk.seat.seat == .shortBreak && desk.said.allSatisfy { !$0.contains("by itself") })
  }

  /// An older `setSeat` fails after the newest was done: what is shown was told.
  @Test func anOlderStatusThatFailsLateMarksNothing() {
    for isAnswered in [true, false] {
      var desk = Script.up([.dial, .hangUp, .setSeat])
      for seat in [Seat.shortBreak, .idle, .shortBreak] { desk.say(.choose(seat)) }
      let ids = desk.sent.compactMap { if case .setSeat(let id, _) = $0 { id } else { nil } }
      if isAnswered { answer(&desk, ids.last ?? 0, true) }
      let said = desk.said
      answer(&desk, ids[1], false, "timeout")
      #expect(desk.desk.seat.untold == nil)
      if isAnswered { #expect(desk.said == said) }
      if !isAnswered {
        answer(&desk, ids.last ?? 0, false, "timeout")
        #expect(desk.desk.seat.untold != nil)
      }
    }
  }

  /// What the line says of the seat while the link is away shows when it is back; while somebody else is
  /// signed in it is nobody's.
  @Test func theSeatShowsOnlyWhileTheLinkIsUp() {
    var desk = Script.up([.dial, .hangUp, .seat])
    desk.say(.line(.seat(.idle)))
    desk.say(.line(.unregistered(reason: "no network", retryIn: 60, final: false)))
    desk.say(.line(.seat(.shortBreak)))
    #expect(desk.desk.seat.seat == nil)
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(desk.desk.seat.seat == .shortBreak)
    desk.say(.line(.evicted))
    desk.say(.line(.seat(.idle)))
    #expect(desk.desk.seat.seat == nil)
    desk.say(.takeBack)
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(desk.desk.seat.seat == nil)
  }
}
