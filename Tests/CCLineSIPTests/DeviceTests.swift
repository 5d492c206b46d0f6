// Mouth to ear: a tone goes in at one desk's microphone and comes out at the other's loudspeaker.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite(.serialized) struct DeviceTests {
  @Test(arguments: ["opus", "pcma,pcmu"])
  func twoTalkHoldAndMute(_ codecs: String) async throws {
    let desks = try await TwoDesks(codecs: codecs)
    try await desks.talk()
    try await desks.hears(TwoDesks.low, at: desks.calledEar)
    try await desks.hears(TwoDesks.high, at: desks.callersEar)
    // Held: neither hears anything.
    try await desks.caller.ask { .hold(id: $0, call: desks.callersID, on: true) }
    try await desks.hears(nil, at: desks.calledEar)
    try await desks.hears(nil, at: desks.callersEar)
    try await desks.caller.ask { .hold(id: $0, call: desks.callersID, on: false) }
    try await desks.hears(TwoDesks.low, at: desks.calledEar)
    try await desks.hears(TwoDesks.high, at: desks.callersEar)
    // Muted: the one who muted still hears.
    try await desks.called.ask { .mute(id: $0, call: desks.calledID, on: true) }
    try await desks.hears(nil, at: desks.callersEar)
    try await desks.hears(TwoDesks.low, at: desks.calledEar)
    try await desks.called.ask { .mute(id: $0, call: desks.calledID, on: false) }
    try await desks.hears(TwoDesks.high, at: desks.callersEar)
    try await desks.end()
    #expect(
      desks.caller.seen.contains {
        if case .registered(_, _, "TLS, SRTP") = $0 { true } else { false }
      })
  }

  /// Five in a hundred, twenty in a hundred, and forty milliseconds: the tone is still there.
  @Test(arguments: [
    ("opus", Relay.Way(loss: 5)), ("opus", Relay.Way(loss: 20)), ("pcmu", Relay.Way(loss: 5)),
    ("pcmu", Relay.Way(loss: 20)), ("opus", Relay.Way(jitter: 40)), ("pcmu", Relay.Way(jitter: 40)),
  ])
  func aBadWayIsStillHeard(_ codecs: String, _ way: Relay.Way) async throws {
    let desks = try await TwoDesks(codecs: codecs, way: way)
    try await desks.talk()
    try await desks.hears(TwoDesks.low, at: desks.calledEar)
    try await desks.hears(TwoDesks.high, at: desks.callersEar)
    let starts = (desks.callersEar.count, desks.calledEar.count)
    let seconds = 4
    try await eventually("four seconds of it") {
      desks.callersEar.count - starts.0 >= seconds * TwoDesks.rate
        && desks.calledEar.count - starts.1 >= seconds * TwoDesks.rate
    }
    for (tone, ear, start) in [
      (TwoDesks.high, desks.callersEar, starts.0), (TwoDesks.low, desks.calledEar, starts.1),
    ] {
      let pieces = tone.pieces(of: ear.samples(from: start))
      let holes = pieces.filter { $0 < 2_000 }.count
      #expect(tone.presence(in: ear.samples(from: start)) > (way.loss == 20 ? 6_000 : 7_500))
      // Of eighty pieces of 50 ms; a machine that is busy with other tests makes some of its own.
      #expect(holes <= 20, "\(holes) holes")
    }
    if way.loss > 0 { #expect(desks.relay?.passed.lost ?? 0 > way.loss * 2) }
    try await desks.end()
    // What was lost is counted and told.
    let told = desks.caller.seen.compactMap { event -> SafeText? in
      if case .log(.info, let words) = event, words.string.hasPrefix("sound:") {
        words
      } else {
        nil
      }
    }
    #expect(told.count == 1)
    if way.loss > 0 { #expect(told.first?.string.contains(" 0 lost") == false, "\(told)") }
  }
}
