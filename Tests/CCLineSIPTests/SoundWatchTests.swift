// "You hear nothing", "they do not hear you", and the levels.

import CCCore
import CCTestSupport
import Testing

@testable import CCLineSIP

@Suite struct SoundWatchTests {
  private func run(
    _ watch: inout SoundWatch, seconds: Double, spoken: Int? = 500, came: Bool? = true,
    levels: Bool = false
  ) -> [MediaNews] {
    (0..<Int(seconds * 50)).flatMap { _ in
      watch.take(.init(spoken: spoken, heard: spoken ?? 0, came: came), levels: levels)
    }
  }

  @Test func nothingIsSaidOfACallThatIsWell() {
    var watch = SoundWatch()
    #expect(run(&watch, seconds: 10).isEmpty)
    // A packet now and then is enough.
    for _ in 0..<10 {
      #expect(run(&watch, seconds: 2.9, came: false).isEmpty)
      #expect(run(&watch, seconds: 0.02).isEmpty)
    }
  }

  @Test func eachIsSaidAndTakenBack() {
    var watch = SoundWatch()
    #expect(run(&watch, seconds: 20, came: false) == [.hearsNothing(3)])
    #expect(run(&watch, seconds: 1) == [.hearsNothing(0)])
    #expect(run(&watch, seconds: 20, spoken: 3) == [.isNotHeard(3)])
    #expect(run(&watch, seconds: 1) == [.isNotHeard(0)])
  }

  @Test func whatLastsIsSaidAgain() {
    var watch = SoundWatch()
    #expect(
      run(&watch, seconds: 70, came: false) == [
        .hearsNothing(3), .hearsNothing(33), .hearsNothing(63),
      ])
    // On hold nothing is to come; taken back, it is said anew.
    #expect(run(&watch, seconds: 40, came: nil).isEmpty)
    #expect(run(&watch, seconds: 4, came: false) == [.hearsNothing(3)])
    #expect(run(&watch, seconds: 1) == [.hearsNothing(0)])
  }

  @Test func whatIsMeantIsNotSaid() {
    var watch = SoundWatch()
    // Muted, or held by one of the two.
    #expect(run(&watch, seconds: 20, spoken: nil, came: nil).isEmpty)
    #expect(run(&watch, seconds: 2.5, came: false).isEmpty)
  }

  @Test func levelsAreToldSeldom() {
    var watch = SoundWatch()
    #expect(run(&watch, seconds: 5, levels: true).count == 1)
    #expect(run(&watch, seconds: 0.2, spoken: 16_000, levels: true).count == 1)
    #expect(SoundWatch.step(0) == 0 && SoundWatch.step(100) == 0)
    #expect(SoundWatch.step(32_767) == 1 && SoundWatch.step(2_000) == 0.5)
  }

  @Test func theReportSaysWhatWasDropped() {
    var report = SoundReport(sent: 50)
    #expect(report.words == "sound: 50 packets out, 0 in, 0 lost, 0 late, 0 gaps")
    report.dropped.strangers = 7
    #expect(report.words.hasSuffix(", 7 from strangers"))
  }

  /// A far end that is answered and says nothing, and a stranger who says a lot.
  @Test func silenceIsSaidAndStrangersAreNotHeard() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    let ear = try BareSocket()
    let far = try await Sipp([
      .receive("INVITE"),
      .answer(
        200, "OK",
        sound: .lines([
          "v=0", "o=far 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0",
          "m=audio \(ear.port) RTP/AVP 0",
        ])), .receive("ACK"), .receive("BYE"), .answer(200, "OK"),
    ])
    line.dial("7\(far.port)")
    try await line.call(.talking)
    try await eventually("sound to the far end") { ear.receivedBytes != nil }
    // One packet of the far end's own: from here on nobody else is heard.
    let target = ear.lastSender
    let head: [UInt8] = [0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9]
    ear.send(head + [UInt8](repeating: 0xFF, count: 160), to: target)
    try await line.fence()
    let stranger = try BareSocket(host: 7)
    for number in 0..<100 {
      var packet = head
      packet[3] = UInt8(number)
      stranger.send(packet + [UInt8](repeating: 0x10, count: 160), to: target)
    }
    ear.send(Array("OPTIONS sip:you SIP/2.0".utf8), to: target)
    ear.send([], to: target)
    try await line.log("you hear nothing")
    line.send(.hangUp(id: 3, call: nil))
    let told = try await line.log("sound:")
    #expect(told.string.contains("1 in,"))
    #expect(told.string.contains("100 from strangers") && told.string.contains("garbage"))
    #expect(await far.finished() == 0)
  }
}
