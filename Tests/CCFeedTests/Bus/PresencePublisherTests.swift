// What a desk says of itself, and when.

import CCCore
import Testing

@testable import CCFeed

@Suite struct PresencePublisherTests {
  private let now = Instant(uptime: 1_000 * Instant.second, unix: 1_763_942_400_000)
  private let idle = Presence(seat: .idle, seatSince: 1_763_942_300_000)

  private func publisher(sharesNumbers: Bool = false) throws -> PresencePublisher {
    let key = try #require(AgentKey(team: "red", agent: "1001"))
    return PresencePublisher(
      .init(key: key, name: "Li Wei", sharesNumbers: sharesNumbers, opened: 1_763_942_000_000))
  }

  private func busy(_ status: CallReport.Status) -> Presence {
    Presence(
      seat: .busy, seatSince: 1_763_942_400_000,
      call: .init(
        status: status, since: 1_763_942_401_000, direction: .out, number: "13212345678"))
  }

  /// What is published, read as a floor reads it.
  private func said(_ actions: [PresenceAction]) -> [FloorEvent] {
    actions.compactMap { action in
      guard case .publish(let message) = action else { return nil }
      #expect(message.isRetained)
      return FloorCodec.event(topic: message.topic, payload: message.payload, retained: false)
    }
  }

  private func stamps(_ actions: [PresenceAction]) -> [Stamp] {
    said(actions).compactMap { event in
      switch event {
      case .seat(_, let update, _): update.stamp
      case .call(_, let update, _): update.stamp
      default: nil
      }
    }
  }

  @Test func nothingIsSaidWithoutAConnection() throws {
    var publisher = try publisher()
    #expect(publisher.show(idle, at: now) == [] && publisher.deadline == nil)
    #expect(publisher.turn(at: now) == [] && publisher.goodbye(at: now) == [])
  }

  @Test func aConnectionBeginsWithTheWholeState() throws {
    var publisher = try publisher()
    _ = publisher.show(busy(.talking), at: now)
    let birth = said(publisher.up(epoch: 7, at: now))
    guard case .seat(let key, let seat, _)? = birth.first, case .call(_, let call, _)? = birth.last
    else {
      Issue.record("\(birth)")
      return
    }
    #expect(birth.count == 2)
    #expect("\(key)" == "red/1001" && seat.seat == .busy && seat.name == "Li Wei")
    #expect(seat.lease == 60 && seat.sent == now.unix && seat.stamp == Stamp(epoch: 7, sequence: 1))
    #expect(call.status == .talking && call.stamp == Stamp(epoch: 7, sequence: 2))
    #expect(call.number == nil, "numbers are not shared unless the settings say so")
  }

  @Test func aNumberIsSharedWhereTheSettingsSaySo() throws {
    var publisher = try publisher(sharesNumbers: true)
    _ = publisher.up(epoch: 7, at: now)
    let actions = said(publisher.show(busy(.calling), at: now))
    guard case .call(_, let call, _)? = actions.last else { throw Missing() }
    #expect(call.number == "13212345678" && call.direction == .out)
  }

  private struct Missing: Error {}

  @Test func onlyWhatChangedIsSaidAtOnce() throws {
    var publisher = try publisher()
    _ = publisher.up(epoch: 7, at: now)
    #expect(said(publisher.show(idle, at: now)).count == 1, "no call, and none before")
    #expect(publisher.show(idle, at: now) == [])
    #expect(said(publisher.show(busy(.calling), at: now)).count == 2)
    #expect(said(publisher.show(busy(.talking), at: now)).count == 1, "the call alone")
    var after = busy(.talking)
    after.call = nil
    after.today.calls = 1
    let end = said(publisher.show(after, at: now))
    #expect(end.count == 2)
    guard case .call(_, let call, _)? = end.last else { throw Missing() }
    #expect(call.status == nil, "no call is news after a call")
  }

  @Test func theSequenceCountsOnAndAnEpochBeginsItAnew() throws {
    var publisher = try publisher()
    _ = publisher.show(busy(.calling), at: now)
    #expect(stamps(publisher.up(epoch: 7, at: now)).map(\.sequence) == [1, 2])
    #expect(stamps(publisher.show(busy(.ringing), at: now)).map(\.sequence) == [3])
    publisher.down()
    #expect(publisher.show(busy(.talking), at: now) == [])
    let again = stamps(publisher.up(epoch: 9, at: now))
    #expect(again == [Stamp(epoch: 9, sequence: 1), Stamp(epoch: 9, sequence: 2)])
  }

  @Test func theLeaseIsKept() throws {
    var publisher = try publisher()
    _ = publisher.show(idle, at: now)
    _ = publisher.up(epoch: 7, at: now)
    let due = try #require(publisher.deadline)
    #expect(due == now.uptime + 40 * Instant.second)
    #expect(publisher.turn(at: now.advanced(by: 39 * Instant.second)) == [])
    let later = now.advanced(by: 40 * Instant.second)
    #expect(stamps(publisher.turn(at: later)) == [Stamp(epoch: 7, sequence: 2)])
    #expect(publisher.deadline == later.uptime + 40 * Instant.second)
  }

  @Test func aLateWillIsCorrectedOnceASecond() throws {
    var publisher = try publisher()
    _ = publisher.show(idle, at: now)
    _ = publisher.up(epoch: 7, at: now)
    let stale = FloorCodec.will(epoch: 6)
    #expect(stamps(publisher.hear(stale, at: now)) == [Stamp(epoch: 7, sequence: 2)])
    #expect(publisher.hear(stale, at: now.advanced(by: 1)) == [])
    #expect(publisher.deadline == now.uptime + Instant.second)
    let later = now.advanced(by: Instant.second)
    #expect(stamps(publisher.turn(at: later)) == [Stamp(epoch: 7, sequence: 3)])
  }

  @Test func anEchoIsNoNews() throws {
    var publisher = try publisher()
    _ = publisher.show(idle, at: now)
    guard case .publish(let birth)? = publisher.up(epoch: 7, at: now).first else {
      throw Missing()
    }
    _ = publisher.show(busy(.calling), at: now)
    #expect(publisher.hear(birth.payload, at: now) == [])
    #expect(publisher.hear(Array("garbage".utf8), at: now) == [])
  }

  @Test func whatOutranksUsNeedsANewConnection() throws {
    var publisher = try publisher()
    _ = publisher.show(idle, at: now)
    _ = publisher.up(epoch: 7, at: now)
    // Our own will while we live, and a word of an epoch after ours (a clock that was set back).
    #expect(publisher.hear(FloorCodec.will(epoch: 7), at: now) == [.reconnect(after: 7)])
    #expect(publisher.hear(FloorCodec.will(epoch: 7), at: now) == [], "not again at once")
    let later = now.advanced(by: 6 * Instant.second)
    #expect(publisher.hear(FloorCodec.will(epoch: 90), at: later) == [.reconnect(after: 90)])
    // No reader believes a word from next year: ours is said again.
    let future = FloorCodec.will(epoch: now.unix + 31_536_000_000)
    #expect(stamps(publisher.hear(future, at: later)).count == 1)
  }

  @Test func ofTwoDesksTheLaterOneSpeaks() throws {
    var first = try publisher()
    _ = first.show(idle, at: now)
    _ = first.up(epoch: 7, at: now)
    let later = FloorCodec.will(epoch: 8, desk: first.settings.opened + 1)
    // On the first connection it is what a desk left behind, whatever its clock said.
    #expect(first.hear(later, at: now) == [.reconnect(after: 8)])
    first.down()
    _ = first.up(epoch: 9, at: now)
    // Its will: we threw it out when we came back.
    let rival = FloorCodec.will(epoch: 8, desk: first.settings.opened + 1)
    #expect(first.hear(rival, at: now) == [.yield])
    #expect(first.deadline == nil && first.show(busy(.calling), at: now) == [])
    var second = try publisher()
    _ = second.show(idle, at: now)
    _ = second.up(epoch: 7, at: now)
    second.down()
    _ = second.up(epoch: 9, at: now)
    let older = FloorCodec.will(epoch: 10, desk: second.settings.opened - 1)
    #expect(second.hear(older, at: now) == [.reconnect(after: 10)])
  }

  @Test func theLastWordIsOffline() throws {
    var publisher = try publisher()
    _ = publisher.show(busy(.talking), at: now)
    _ = publisher.up(epoch: 7, at: now)
    let words = publisher.goodbye(at: now)
    let word = try #require(words.first)
    let event = FloorCodec.event(topic: word.topic, payload: word.payload, retained: false)
    guard case .seat(_, let update, _) = event else { throw Missing() }
    #expect(update.seat == .offline && update.stamp == Stamp(epoch: 7, sequence: 3))
    #expect(publisher.goodbye(at: now) == [] && publisher.deadline == nil)
  }
}
