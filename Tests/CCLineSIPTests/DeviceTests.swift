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
    try await desks.talkHoldAndMute()
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
    try await desks.calledEar.hears(TwoDesks.low)
    try await desks.callersEar.hears(TwoDesks.high)
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

/// What becomes of devices that are not there, and of a server that goes away.
@Suite struct SoundServerTests {
  @Test func aDeviceByWhateverPeopleKnowOfIt() {
    let devices = SoundDevices(
      sources: [
        .init(name: "out.monitor", description: "Monitor of Jabra", isMonitor: true),
        .init(name: "alsa_input.usb-Jabra", description: "Jabra Evolve2 Mono", isMonitor: false),
      ], sinks: [.init(name: "out", description: "Jabra", isMonitor: false)])
    #expect(devices.find("jabra", for: .record)?.name == "alsa_input.usb-Jabra")
    #expect(devices.find("Jabra Evolve2 Mono", for: .record)?.name == "alsa_input.usb-Jabra")
    #expect(devices.find("out.monitor", for: .record)?.isMonitor == true)
    #expect(devices.find("JABRA", for: .playback)?.name == "out")
    #expect(
      devices.find("", for: .playback) == nil && devices.find("Plantronics", for: .record) == nil)
  }

  @Test func whatIsNotThereIsSaidOnceAndWhenItComes() async throws {
    let server = try await SoundServer(sinks: ["mouth", "ear"])
    let line = try LineUnderTest(environment: ["PULSE_SERVER=\(server.address)"])
    let kamailio = try await Kamailio()
    line.register(
      line.configuration(
        port: kamailio.port,
        [("audio", "pulse"), ("loudspeaker", "headset"), ("microphone", "mouth.monitor")]))
    try await line.log("the loudspeaker \u{201C}headset\u{201D} is not there")
    try await server.control("load-module", "module-null-sink", "sink_name=headset")
    try await line.log("the loudspeaker \u{201C}headset\u{201D} is there")
    await server.stop()
    try await line.log("no sound server")
    try await server.start()
    try await line.log("the sound server is there")
    #expect(try await line.quit() == 0)
    await server.stop()
  }

  @Test func withoutAServerALineStillCalls() async throws {
    let line = try LineUnderTest(environment: ["PULSE_SERVER=unix:/nonexistent/sound"])
    let kamailio = try await Kamailio()
    line.register(line.configuration(port: kamailio.port, [("audio", "pulse")]))
    // Which of the two comes first is chance.
    try await eventually("both are told", within: 20) {
      line.seen.contains { if case .registered = $0 { true } else { false } }
        && line.seen.contains {
          if case .log(.warning, let words) = $0 {
            words.string.hasPrefix(
              "no sound server: Connection refused (PULSE_SERVER is unix:/nonexistent/sound)")
          } else {
            false
          }
        }
    }
    let far = try await Sipp([
      .receive("INVITE"), .answer(200, "OK", sound: .own), .receive("ACK"), .receive("BYE"),
      .answer(200, "OK"),
    ])
    line.dial("7\(far.port)")
    try await line.call(.talking)
    try await line.log("they do not hear you")
    line.send(.hangUp(id: 3, call: nil))
    try await line.call(.ended)
    #expect(await far.finished() == 0)
    #expect(try await line.quit() == 0)
  }
}
