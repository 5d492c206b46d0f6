// How long a desk waits before it says itself again, and what it leaves unsaid.

import CCCore
import Testing

@testable import CCFeed

@Suite struct PresenceBoundsTests {
  private let now = Instant(uptime: 1_000 * Instant.second, unix: 1_763_942_400_000)
  private let idle = Presence(seat: .idle, seatSince: 1_763_942_300_000)

  private func publisher() throws -> PresencePublisher {
    let key = try #require(AgentKey(team: "red", agent: "1001"))
    return PresencePublisher(.init(key: key, name: "Li Wei", opened: 1_763_942_000_000))
  }

  /// What is published, read as a floor reads it.
  private func said(_ actions: [PresenceAction]) -> [FloorEvent] {
    actions.compactMap { action in
      guard case .publish(let message) = action else { return nil }
      return FloorCodec.event(topic: message.topic, payload: message.payload, retained: false)
    }
  }

  private func stamps(_ actions: [PresenceAction]) -> [Stamp] {
    said(actions).map { event in
      switch event {
      case .seat(_, let update, _): update.stamp
      case .call(_, let update, _): update.stamp
      default: Stamp(epoch: 0, sequence: 0)
      }
    }
  }

  /// Five seconds between two connections that are made anew, and not a moment less.
  @Test func itDoesNotConnectAnewAllTheTime() throws {
    var publisher = try publisher()
    _ = publisher.show(idle, at: now)
    _ = publisher.up(epoch: 7, at: now)
    let will = FloorCodec.will(epoch: 7)
    #expect(publisher.hear(will, at: now) == [.reconnect(after: 7)])
    let early = now.advanced(by: 5 * Instant.second - 1)
    #expect(publisher.hear(will, at: early) == [])
    #expect(publisher.hear(will, at: early.advanced(by: 1)) == [.reconnect(after: 7)])
    #expect(publisher.hear(will, at: early.advanced(by: 2)) == [], "and again five")
  }

  /// A reader believes a word that is a little ahead of its clock, and none beyond that.
  @Test func howFarAWordMayBeAhead() throws {
    for ahead in [0, 1, Floor.Limits.future - 1, Floor.Limits.future] {
      var publisher = try publisher()
      _ = publisher.show(idle, at: now)
      _ = publisher.up(epoch: 7, at: now)
      let epoch = now.unix + ahead
      #expect(
        publisher.hear(FloorCodec.will(epoch: epoch), at: now) == [.reconnect(after: epoch)],
        "\(ahead) ms")
    }
    var publisher = try publisher()
    _ = publisher.show(idle, at: now)
    _ = publisher.up(epoch: 7, at: now)
    let beyond = FloorCodec.will(epoch: now.unix + Floor.Limits.future + 1)
    #expect(stamps(publisher.hear(beyond, at: now)) == [Stamp(epoch: 7, sequence: 2)])
  }

  /// A word that is due, and a connection that goes: nothing of it is left for the next one.
  @Test func aHealingEndsWithItsConnection() throws {
    var publisher = try publisher()
    _ = publisher.show(idle, at: now)
    _ = publisher.up(epoch: 7, at: now)
    let stale = FloorCodec.will(epoch: 6)
    _ = publisher.hear(stale, at: now)
    _ = publisher.hear(stale, at: now.advanced(by: 1))
    #expect(publisher.deadline == now.uptime + Instant.second)
    #expect(publisher.turn(at: now.advanced(by: Instant.second - 1)) == [])
    publisher.down()
    #expect(publisher.deadline == nil && publisher.hear(stale, at: now) == [])
    #expect(publisher.turn(at: now.advanced(by: 90 * Instant.second)) == [])
    _ = publisher.up(epoch: 9, at: now)
    #expect(publisher.deadline == now.uptime + 40 * Instant.second, "the lease alone")
    // Healed, it waits for a second again, and then for nothing but the lease.
    let later = now.advanced(by: 5 * Instant.second)
    #expect(stamps(publisher.hear(stale, at: later)) == [Stamp(epoch: 9, sequence: 2)])
    #expect(publisher.deadline == later.uptime + 40 * Instant.second)
    _ = publisher.hear(stale, at: later.advanced(by: 2))
    #expect(publisher.deadline == later.uptime + Instant.second)
    _ = publisher.up(epoch: 11, at: later)
    #expect(publisher.deadline == later.uptime + 40 * Instant.second)
  }

  /// Whatever changes of a seat is said, and a call only where there is one or was one.
  @Test func whatIsSaidOfWhat() throws {
    var publisher = try publisher()
    _ = publisher.up(epoch: 7, at: now)
    var presence = idle
    func kinds(_ actions: [PresenceAction]) -> [String] {
      said(actions).map { event in
        switch event {
        case .seat: "seat"
        case .call(_, let update, _): update.status == nil ? "no call" : "call"
        default: "\(event)"
        }
      }
    }
    #expect(kinds(publisher.show(presence, at: now)) == ["seat"])
    presence.seatSince += 1
    #expect(kinds(publisher.show(presence, at: now)) == ["seat"], "since when")
    presence.today.calls += 1
    #expect(kinds(publisher.show(presence, at: now)) == ["seat"], "today's figures")
    presence.seat = .busy
    #expect(kinds(publisher.show(presence, at: now)) == ["seat"], "the status")
    let lease = now.advanced(by: 40 * Instant.second)
    #expect(kinds(publisher.turn(at: lease)) == ["seat"], "there was no call")
    presence.call = .init(status: .talking, since: now.unix, direction: .out, number: "132")
    #expect(kinds(publisher.show(presence, at: lease)) == ["call"])
    presence.call?.held = now.unix
    #expect(kinds(publisher.show(presence, at: lease)) == ["call"], "on hold")
    let next = lease.advanced(by: 40 * Instant.second)
    #expect(kinds(publisher.turn(at: next)) == ["seat", "call"])
    presence.call = nil
    #expect(kinds(publisher.show(presence, at: next)) == ["no call"])
    let last = next.advanced(by: 40 * Instant.second)
    #expect(kinds(publisher.turn(at: last)) == ["seat", "no call"], "a broker may have lost it")
    publisher.down()
    #expect(
      kinds(publisher.up(epoch: 9, at: last)) == ["seat"], "nothing was said under this epoch")
  }

  /// Only a desk that was opened later, and came after this one's last connection, takes her place.
  @Test func whoDoesNotTakeOurPlace() throws {
    let opened = try publisher().settings.opened
    for (epoch, desk, yields) in [
      (8, opened + 1, true), (8, opened, false), (8, opened - 1, false), (8, nil, false),
      (7, opened + 1, false), (10, opened + 1, true), (10, opened, false),
    ] as [(Int64, Int64?, Bool)] {
      var publisher = try publisher()
      _ = publisher.show(idle, at: now)
      _ = publisher.up(epoch: 7, at: now)
      publisher.down()
      _ = publisher.up(epoch: 9, at: now)
      let word = FloorCodec.encode(
        SeatUpdate(stamp: Stamp(epoch: epoch, sequence: 1), seat: .idle), desk: desk)
      let actions = publisher.hear(word, at: now)
      #expect((actions == [.yield]) == yields, "\(epoch) of a desk opened at \(desk ?? 0)")
      if yields {
        #expect(publisher.hear(FloorCodec.will(epoch: 6), at: now) == [])
        _ = publisher.up(epoch: 12, at: now)
        #expect(publisher.hear(FloorCodec.will(epoch: 6), at: now) == [], "it has left for good")
      }
    }
  }

  /// The last word says who it was, how the day went, and since when nobody is there.
  @Test func theLastWordIsWhole() throws {
    var publisher = try publisher()
    var presence = idle
    presence.today = DayFigures(calls: 3, talk: 4, afterCallWork: 5)
    _ = publisher.show(presence, at: now)
    _ = publisher.up(epoch: 7, at: now)
    let later = now.advanced(by: Instant.second)
    let words = publisher.goodbye(at: later)
    #expect(words.count == 1 && words.allSatisfy(\.isRetained))
    let key = publisher.settings.key
    let event = words.first.map {
      FloorCodec.event(topic: $0.topic, payload: $0.payload, retained: false)
    }
    #expect(
      event
        == .seat(
          key,
          SeatUpdate(
            stamp: Stamp(epoch: 7, sequence: 2), seat: .offline, since: later.unix, name: "Li Wei",
            lease: 60, today: presence.today, sent: later.unix), retained: false))
    #expect(
      words.first.flatMap { FloorCodec.origin($0.payload)?.desk } == publisher.settings.opened)
  }
}
