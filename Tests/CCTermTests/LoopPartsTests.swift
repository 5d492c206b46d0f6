// The small parts of the loop: when to draw, what is due, how lines are cut.

import CCCore
import CCView
import Foundation
import Testing

@testable import CCTerm

@Suite struct LoopPartsTests {
  @Test func aKeyIsDrawnAtOnceAndABurstThirtyTimesASecond() {
    var pacer = FramePacer()
    #expect(pacer.deadline == nil)
    let step1 = pacer.draws(at: 0)
    #expect(!step1)
    pacer.wantFrame()
    let step2 = pacer.draws(at: 1000)
    #expect(step2)  // the first event after quiet
    var frames = 0
    for now in stride(from: Int64(2000), to: 1_000_002_000, by: 1_000_000) {
      pacer.wantFrame()
      if pacer.draws(at: now) { frames += 1 }
    }
    #expect((28...30).contains(frames))
    pacer.wantFrameNow()
    let step3 = pacer.draws(at: 1_000_002_001)
    #expect(step3)
    let step4 = pacer.draws(at: 2_000_000_000)
    #expect(!step4)
  }

  @Test func aWantedFrameHasADeadline() {
    var pacer = FramePacer()
    pacer.wantFrame()
    _ = pacer.draws(at: 500)
    pacer.wantFrame()
    #expect(pacer.deadline == 500 + FramePacer.interval)
    pacer.wantFrameNow()
    #expect(pacer.deadline == .min)
  }

  @Test func timersGoOffInTheirOrder() {
    var timers = Timers()
    timers.start(.wrapUp, at: 30)
    timers.start(.dialSilence, at: 10)
    timers.start(.wrapUp, at: 20)
    #expect(timers.next == 10)
    let step5 = timers.takeDue(at: 5)
    #expect(step5 == nil)
    let step6 = timers.takeDue(at: 25)
    #expect(step6 == .dialSilence)
    let step7 = timers.takeDue(at: 25)
    #expect(step7 == .wrapUp)
    let step8 = timers.takeDue(at: 25)
    #expect(step8 == nil)
    timers.start(.anomalies, at: 1)
    timers.cancel(.anomalies)
    #expect(timers.next == nil)
  }

  @Test func linesAreCutHoweverTheyArrive() {
    let text = Array("one\r\ntwo\n\nlast".utf8)
    for size in 1...text.count {
      var input = InputLines()
      var items: [InputLines.Item] = []
      for start in stride(from: 0, to: text.count, by: size) {
        items += input.feed(text[start..<min(text.count, start + size)])
      }
      items += input.end()
      let lines = ["one", "two", "", "last"].map { InputLines.Item.line(Array($0.utf8)) }
      #expect(items == lines + [.end])
    }
  }

  @Test func aLineTooLongIsDroppedAsAWhole() {
    var input = InputLines()
    var items = input.feed(ArraySlice([UInt8](repeating: 0x61, count: InputLines.limit + 1)))
    items += input.feed(ArraySlice("rest\nnext\n".utf8.map { $0 }))
    #expect(items == [.tooLong, .line(Array("next".utf8))])
  }

  @Test func theZoneKnowsTheChangesOfItsWeek() {
    setenv("TZ", "UTC", 1)
    tzset()
    #expect(SystemZone.read(round: 1_763_906_400_000).changes.map(\.secondsEast) == [0])
  }

  @Test @MainActor func lockNamesAreFileNames() {
    #expect(DeskLock.fileName("sip-1001@pbx.example") == "sip-1001@pbx.example")
    let odd = DeskLock.fileName("exec ../../x")
    #expect(!odd.contains("/"))
    #expect(odd != DeskLock.fileName("exec .._.._x"))
  }

  @Test @MainActor func theLogIsTurnedOverAndIsForTheUserAlone() throws {
    let sandbox = try Sandbox()
    let log = LogFile(folder: sandbox.folder.path)
    let now = Instant(uptime: 0, unix: 0)
    let long = SafeText(String(repeating: "x", count: 250))
    for _ in 0..<(LogFile.limit / 250 + 10) { log.add("line", long, at: now) }
    log.add("line", SafeText("bad\u{1B}[2Jwords"), at: now)
    #expect(sandbox.mode("log") == 0o600)
    #expect(sandbox.mode("log.old") == 0o600)
    #expect(sandbox.text("log")?.unicodeScalars.contains("\u{1B}") == false)
  }
}

@Suite struct SecretCommandTests {
  @MainActor private func run(_ command: String) throws -> Result<String, SecretCommand.Refusal> {
    let now = SystemClock.now().uptime
    let secret: SecretCommand
    do throws(Failure) {
      secret = try SecretCommand(command, name: "token.command", at: now)
    } catch { return .failure(.init(sentence: error.sentence ?? "")) }
    while true {
      var entry = pollfd(fd: secret.descriptor, events: Int16(POLLIN), revents: 0)
      poll(&entry, 1, 10_000)
      if let outcome = secret.ready(at: now) { return outcome.map(\.secret.revealed) }
    }
  }

  @Test @MainActor func theFirstLineIsTheSecret() throws {
    #expect(try run("printf 'hunter2\\nrest\\n'") == .success("hunter2"))
  }

  @Test @MainActor func failuresSayWhichKey() throws {
    #expect(try run("false") == .failure(.init(sentence: "token.command failed (exit 1).")))
    #expect(try run("true") == .failure(.init(sentence: "token.command printed nothing.")))
    // EX_TEMPFAIL asks to be tried again; everything else waits for a hand.
    #expect(
      try run("sh -c 'exit 75'")
        == .failure(.init(sentence: "token.command failed (exit 75).", mayPass: true)))
    #expect(
      try run("no-such-program-here")
        == .failure(
          .init(sentence: "token.command: no-such-program-here is not found or not executable.")))
  }

  @Test @MainActor func silenceEndsWithItsPatience() throws {
    let secret = try SecretCommand("sleep 100", name: "token.command", at: 0)
    #expect(secret.ready(at: 1) == nil)
    guard case .failure(let failure) = secret.ready(at: SecretCommand.patience) else {
      Issue.record("it has no end")
      return
    }
    #expect(failure.sentence == "token.command gave no answer in 30 s.")
  }

  @Test func midnightIsTheZonesAndComesOnce() {
    // One o'clock at night in Greenwich is three in the zone: its midnight was two hours earlier.
    let zone = Zone([.init(from: 0, secondsEast: 7200)])
    let start = Instant(uptime: 0, unix: 1_763_942_400_000 - 3 * 3_600_000)
    var midnight = Midnight(zone, at: start)
    #expect(midnight.deadline == 3600 * Instant.second)
    let before = start.advanced(by: 3599 * Instant.second)
    let at = start.advanced(by: 3600 * Instant.second)
    let early = midnight.hasPassed(at: before)
    let first = midnight.hasPassed(at: at)
    let second = midnight.hasPassed(at: at.advanced(by: Instant.second))
    #expect(!early && first && !second)
    #expect(midnight.deadline == (3600 + 86_400) * Instant.second)
  }

  @Test func aZoneThatIsNotThereIsNamed() {
    for name in ["Mars/Base", "../../etc/passwd", "Europe", "a b"] {
      #expect(throws: Failure.self) { try SystemZone.choose(name) }
    }
  }
}
