// What befalls a connection, as a floor is told it; without a broker.

import CCCore
import Testing

@testable import CCFeed

@Suite struct FloorBusFeedTests {
  private func feed(team: String? = nil, filters: [String] = []) throws -> FloorBusFeed {
    try FloorBusFeed(
      BusClient.Settings(address: try BusAddress("mqtt://broker.example"), clientID: "x"),
      team: team, filters: filters)
  }

  private func post(_ feed: FloorBusFeed, _ topic: String, _ payload: String, retained: Bool) {
    Array(topic.utf8).withUnsafeBytes { topic in
      Array(payload.utf8).withUnsafeBytes {
        feed.client.mailbox.post(topic: topic, payload: $0, isRetained: retained)
      }
    }
  }

  private func said(_ feed: FloorBusFeed, _ events: BusEvent...) -> [FloorEvent] {
    for event in events { feed.client.mailbox.post(event) }
    let batch = feed.take()
    #expect(batch.news == events && batch.others.isEmpty)
    return batch.events
  }

  @Test func whatIsAskedFor() throws {
    #expect(
      try feed(team: "red", filters: ["cc/v1/red/+/ack"]).client.settings.filters
        == ["cc/v1/red/+/seat", "cc/v1/red/+/call", "cc/v1/red/+/ack"])
    let all = try feed().client.settings
    #expect(all.filters == ["cc/v1/+/+/seat", "cc/v1/+/+/call"] && all.rereads)
  }

  @Test func upAndDown() throws {
    let feed = try feed()
    #expect(!feed.isSubscribed && said(feed) == [])
    #expect(said(feed, .connecting(host: "a")) == [])
    #expect(said(feed, .up(epoch: 1, host: "a")) == [.feed(.up)] && !feed.isSubscribed)
    #expect(said(feed, .subscribed) == [.feed(.up)] && feed.isSubscribed)
    #expect(said(feed, .delivered(tag: 1), .undelivered(tag: 2), .room) == [] && feed.isSubscribed)
    #expect(said(feed, .tooLong(topic: "a")) == [.anomaly(.badPayload)])
    #expect(
      said(feed, .down(reason: "gone", retryIn: 5)) == [.feed(.down(reason: "gone"))]
        && !feed.isSubscribed)
    #expect(said(feed, .up(epoch: 2, host: "a"), .subscribed).count == 2 && feed.isSubscribed)
  }

  /// A floor that may not read the seats is not live, however much is connected; one that may not read
  /// the answers of its orders is.
  @Test func whatMayNotBeReadIsNotLive() throws {
    for filter in ["cc/v1/+/+/seat", "cc/v1/+/+/call"] as [SafeText] {
      let feed = try feed()
      let reason = SafeText("the broker does not let this user read \(filter)")
      #expect(
        said(feed, .up(epoch: 1, host: "a"), .refused(filter: filter), .subscribed)
          == [.feed(.up), .feed(.down(reason: reason))])
      #expect(!feed.isSubscribed)
      // Asked again: refused again, and then granted.
      #expect(said(feed, .refused(filter: filter), .subscribed) == [.feed(.down(reason: reason))])
      #expect(!feed.isSubscribed)
      #expect(said(feed, .subscribed) == [.feed(.up)] && feed.isSubscribed)
    }
    let feed = try feed()
    #expect(
      said(feed, .up(epoch: 1, host: "a"), .refused(filter: "cc/v1/+/+/ack"), .subscribed)
        == [.feed(.up), .feed(.up)])
    #expect(feed.isSubscribed)
  }

  @Test func statesAnswersAndStrangers() throws {
    let feed = try feed()
    let key = try #require(AgentKey(team: "red", agent: "1"))
    post(feed, "cc/v1/red/1/seat", #"{"v":1,"e":7,"n":1,"seat":2}"#, retained: true)
    post(feed, "cc/v1/red/1/ack", #"{"v":1}"#, retained: false)
    post(feed, "cc/v1/red/1/cmd/seat", "x", retained: true)
    post(feed, "other/topic", "x", retained: false)
    post(feed, "cc/v1/red/1/call", "?", retained: false)
    let batch = feed.take()
    #expect(
      batch.events == [
        .seat(
          key, SeatUpdate(stamp: Stamp(epoch: 7, sequence: 1), seat: .idle), retained: true),
        .anomaly(.foreignTopic), .anomaly(.badPayload),
      ])
    #expect(
      batch.others == [
        BusMessage(
          topic: "cc/v1/red/1/ack", payload: Array(#"{"v":1}"#.utf8), isRetained: false),
        BusMessage(topic: "cc/v1/red/1/cmd/seat", payload: [0x78], isRetained: true),
      ])
    #expect(batch.news == [] && feed.take().events == [])
  }
}
