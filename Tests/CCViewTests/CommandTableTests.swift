// The one table: no key, letter or word twice, and everything that is made from it.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct CommandTableTests {
  @Test func everyCommandHasOneRow() {
    let names = CommandTable.rows.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(Set(names) == Set(CommandName.allCases))
  }

  @Test func noKeyLetterOrWordNamesTwo() {
    let keys = CommandTable.rows.compactMap(\.key)
    #expect(Set(keys).count == keys.count)
    let letters = CommandTable.rows.compactMap(\.letter)
    #expect(Set(letters).count == letters.count)
    let words = CommandTable.rows.flatMap(\.words)
    #expect(Set(words).count == words.count)
  }

  @Test(arguments: [
    ("dial 132 1234", CommandName.dial, "132 1234"), ("hang up", .hangUp, ""),
    ("hang", .hangUp, ""), ("hangup", .hangUp, ""), ("h", .hangUp, ""), ("HANG UP", .hangUp, ""),
    ("a", .answer, ""), ("mu", .mute, ""), ("un", .unmute, ""), ("hel", .help, ""),
    ("hol", .hold, ""), ("info John Doe", .info, "John Doe"), ("sw", .swap, ""),
    ("keypad 12#", .dtmf, "12#"), ("take back", .takeBack, ""), ("status idle", .status, "idle"),
    ("rej", .reject, ""), ("res", .resume, ""), ("  last ", .last, ""), ("tr 1020", .tryNow, ""),
    ("t 4711", .transfer, "4711"), ("T +49 89 1234", .transfer, "+49 89 1234"),
    ("k 12", .dtmf, "12"), ("s idle", .status, "idle"), ("t", .transfer, ""),
  ])
  func wordsAndTheirBeginnings(_ line: String, _ name: CommandName, _ argument: String) {
    if line.hasPrefix("tr ") {
      #expect(CommandTable.match(word: line) == .ambiguous(["transfer", "try"]))
    } else {
      #expect(CommandTable.match(word: line) == .command(name, argument: argument))
    }
  }

  @Test func whatIsAmbiguousOrUnknown() {
    #expect(CommandTable.match(word: "re") == .ambiguous(["refuse", "reject", "resume", "recent"]))
    #expect(CommandTable.match(word: "dance") == .unknown)
    #expect(CommandTable.match(word: "") == .unknown)
  }

  @Test func wishesWithoutAScreen() throws {
    var stage = Stage()
    #expect(throws: WhyNot("No call is open.")) {
      try CommandTable.event(for: .hangUp, stage.desk)
    }
    stage.talk()
    let id = try #require(stage.desk.active?.id)
    #expect(try CommandTable.event(for: .hangUp, stage.desk) == .hangUp(id))
    #expect(try CommandTable.event(for: .dtmf, argument: "1 2#", stage.desk) == .dtmf(id, "12#"))
    #expect(throws: WhyNot.self) {
      try CommandTable.event(for: .dtmf, argument: "1x", stage.desk)
    }
    #expect(try CommandTable.event(for: .unmute, stage.desk) == .mute(id, false))
    #expect(
      try CommandTable.event(for: .status, argument: "sh", stage.desk) == .choose(.shortBreak))
    #expect(throws: WhyNot.self) { try CommandTable.event(for: .status, stage.desk) }
    #expect(try CommandTable.event(for: .why, stage.desk) == nil)
  }

  @Test func theBarOffersAtMostSixAndNothingThatCannotBe() {
    for (name, stage) in LayoutTests.stages {
      let picture = Picture(
        stage.desk, stage.screen, size: Size(columns: 80, rows: 24), look: stage.look,
        at: stage.now)
      let shown = KeyBar.shown(picture).prefix(6)
      #expect(Set(shown).count == shown.count)
      for command in shown where command != .dial {
        #expect(
          CommandTable.whyNot(command, stage.desk, stage.screen) == nil, "\(name): \(command)")
      }
      let last = stage.frame().text[23]
      #expect(!last.contains("…"), "\(name): the bar fits: \(last)")
    }
  }
}

@Suite struct SpokenTests {
  @Test(arguments: [
    (0, "0 seconds"), (1, "1 second"), (48, "48 seconds"), (60, "1 minute"), (83, "1 minute 23"),
    (120, "2 minutes"), (3600, "1 hour"), (3900, "1 hour 5 minutes"), (7261, "2 hours 1 minute"),
  ])
  func durations(_ seconds: Int, _ words: String) {
    #expect(Spoken.duration(seconds: seconds) == words)
  }

  @Test func agesAreToTheMinute() {
    #expect(Spoken.age(seconds: 41) == "41 seconds")
    #expect(Spoken.age(seconds: 161) == "2 minutes")
  }

  @Test func digits() {
    #expect(Spoken.digits("13212345678") == "1 3 2, 1 2 3 4, 5 6 7 8")
    #expect(Spoken.digits("+34612345678") == "plus 3 4, 6 1 2, 3 4, 5 6, 7 8")
    #expect(Spoken.digits("*31#") == "star 3 1 hash")
  }

  @Test(arguments: [
    (0, "00:00", "00:00:00", "0 s"), (59, "00:59", "00:00:59", "59 s"),
    (83, "01:23", "00:01:23", "01:23"), (3599, "59:59", "00:59:59", "59:59"),
    (3661, "1:01:01", "01:01:01", "1:01:01"), (-5, "00:00", "00:00:00", "0 s"),
  ])
  func figures(_ seconds: Int, _ small: String, _ panel: String, _ step: String) {
    #expect(Durations.small(seconds) == small)
    #expect(Durations.panel(seconds) == panel)
    #expect(Durations.step(seconds) == step)
  }

  @Test func timesOfDayFollowTheZone() {
    let zone = Zone([
      .init(from: 0, secondsEast: 3600), .init(from: 1_000_000_000_000, secondsEast: -5400),
    ])
    #expect(zone.clock(0) == "01:00:00")
    #expect(zone.clock(1_000_000_000_000) == "00:16:40")
    #expect(zone.day(-3_600_001) == -1 && zone.clock(-3_600_001) == "23:59:59")
    #expect(Zone.utc.minute(86_399_999) == "23:59")
  }
}
