// Devices that come and go while one talks, and the server's echo canceller.

import CCCore
import CCTestSupport
import Testing

@testable import CCLineSIP

@Suite(.serialized) struct HeadsetTests {
  /// A voice at the microphone that the server would choose.
  private static let other = Tone(hertz: 1600, rate: Double(TwoDesks.rate))

  /// Unplugged, the call goes on on the server's own choice; plugged in again, it comes back.
  ///
  /// With and without the module that moves the streams of a device that goes away: without it the
  /// server ends them.
  @Test(arguments: [[], ["module-rescue-streams"]])
  func unpluggedAndPluggedIn(_ modules: [String]) async throws {
    let desks = try await TwoDesks(sinks: ["desk", "room"], modules: modules)
    // Nothing stands on the old choice yet: the server would move it along.
    try await desks.server.control("set-default-sink", "room")
    try await desks.server.control("set-default-source", "desk.monitor")
    let room = try desks.server.listen(to: "room", rate: TwoDesks.rate)
    let voice = try desks.server.speak(
      Self.other.samples(seconds: 60), rate: TwoDesks.rate, into: "desk")
    try await desks.talk()
    try await desks.calledEar.hears(TwoDesks.low)
    try await desks.callersEar.hears(TwoDesks.high)
    try await room.hears(nil)
    try await desks.server.unplug("ear1")
    try await desks.server.unplug("mouth1")
    try await room.hears(TwoDesks.high)
    try await desks.calledEar.hears(Self.other)
    for way in ["microphone", "loudspeaker"] {
      try await eventually("the \(way) is told of") {
        desks.caller.seen.contains {
          if case .log(.warning, let words) = $0 {
            words.string.contains("the \(way) ") && words.string.contains("is not there")
          } else {
            false
          }
        }
      }
    }
    try await desks.server.plug("mouth1")
    try await desks.server.plug("ear1")
    try await desks.plugIn()
    try await desks.calledEar.hears(TwoDesks.low)
    try await desks.callersEar.hears(TwoDesks.high)
    try await room.hears(nil)
    await voice.stop()
    await room.stop()
    try await desks.end()
  }

  /// The server is asked for its canceller, and both streams of the call go through it.
  @Test func theServersEchoCanceller() async throws {
    let desks = try await TwoDesks(
      sinks: ["words"],
      modules: [
        // It cancels nothing at the monitor of a sink.
        "module-remap-source source_name=headset master=words.monitor",
        "module-filter-heuristics", "module-filter-apply",
      ], caller: [("microphone", "headset"), ("echoCancel", "yes")])
    // It takes a steady tone for noise. So this is a voice: 200 ms of every half second.
    let rate = TwoDesks.rate
    let words = TwoDesks.low.samples(seconds: 60).enumerated()
      .map { $0.offset % (rate / 2) < rate / 5 ? $0.element : 0 }
    let voice = try desks.server.speak(words, rate: rate, into: "words")
    try await desks.talk()
    for (device, stream) in [
      ("headset.echo-cancel", "source-output"), ("ear1.echo-cancel", "sink-input"),
    ] {
      let kind = stream == "sink-input" ? "sinks" : "sources"
      let isOnDevice = { () async throws -> Bool in
        let place = try await Self.rows(kind, desks).first { $0.count > 1 && $0[1] == device }?[0]
        let clients = try await Self.rows("clients", desks)
          .filter { $0.last == "ccterm-line-sip" }.map { $0[0] }
        return try await Self.rows("\(stream)s", desks).contains {
          $0.count > 2 && $0[1] == place && clients.contains($0[2])
        }
      }
      try await eventually("the \(stream) is on \(device)", within: 20, asking: isOnDevice)
    }
    // How loud is its own affair: its gain control turns what is so loud down by 40 dB.
    try await eventually("the words pass", within: 20) {
      let ear = desks.calledEar
      let pieces = TwoDesks.low.pieces(of: ear.samples(from: max(0, ear.count - rate)))
      return pieces.filter { $0 > 30 }.count > 3 && pieces.filter { $0 < 5 }.count > 3
    }
    try await desks.callersEar.hears(TwoDesks.high)
    await voice.stop()
    try await desks.end()
  }

  private static func rows(_ what: String, _ desks: TwoDesks) async throws -> [[String]] {
    try await desks.server.ask("list", "short", what).split(separator: "\n")
      .map { $0.split(separator: "\t").map(String.init) }
  }
}
