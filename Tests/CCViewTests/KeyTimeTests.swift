// Held keys and lone letters to the millisecond, from both sides of each of their times.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct KeyTimeTests {
  private static func at(_ milliseconds: Int64) -> Instant {
    Instant(uptime: 50_000 * Instant.second, unix: 0).advanced(
      by: milliseconds * Instant.millisecond)
  }

  /// What F4 is taken for at these moments.
  private func verdicts(_ moments: Int64...) -> [HeldKey.Verdict] {
    var held = HeldKey()
    return moments.map { held.verdict(on: .function(4), at: Self.at($0), isCommand: true) }
  }

  @Test func aKeyThatBounces() {
    #expect(verdicts(0, 0) == [.press, .isRepeat])
    #expect(verdicts(0, 59) == [.press, .isRepeat])
    #expect(verdicts(0, 60) == [.press, .press])
    // What bounced is held: what comes soon after is a repeat too.
    #expect(verdicts(0, 59, 179) == [.press, .isRepeat, .isRepeat])
    #expect(verdicts(0, 59, 180) == [.press, .isRepeat, .press])
  }

  @Test func whatMayBeTheFirstRepeat() {
    for (gap, verdict) in [
      (60, .press), (199, .press), (200, .mayBeRepeat), (500, .mayBeRepeat),
      (1_050, .mayBeRepeat), (1_051, .press),
    ] as [(Int64, HeldKey.Verdict)] {
      #expect(verdicts(0, gap) == [.press, verdict], "\(gap) ms")
    }
    for (gap, verdict) in [
      (33, .isRepeat), (92, .isRepeat), (120, .isRepeat), (121, .press), (199, .press),
    ] as [(Int64, HeldKey.Verdict)] {
      #expect(verdicts(0, 500, 500 + gap) == [.press, .mayBeRepeat, verdict], "\(gap) ms")
    }
    // A third press after two in their own time may be one again.
    #expect(verdicts(0, 500, 1_000) == [.press, .mayBeRepeat, .mayBeRepeat])
    // A key that is held down repeats, until it is let go.
    #expect(
      verdicts(0, 500, 540, 660, 781, 1_000)
        == [.press, .mayBeRepeat, .isRepeat, .isRepeat, .press, .mayBeRepeat])
  }

  @Test func anotherKeyIsAnotherKey() {
    var held = HeldKey()
    func verdict(_ key: Key, _ moment: Int64, isCommand: Bool = true) -> HeldKey.Verdict {
      held.verdict(on: key, at: Self.at(moment), isCommand: isCommand)
    }
    #expect(verdict(.function(4), 0) == .press && verdict(.function(3), 10) == .press)
    #expect(verdict(.function(4), 20) == .press, "the other one came between")
    // What is text repeats as often as it likes.
    for moment in 0..<5 as Range<Int64> {
      #expect(verdict(.character("1"), 100 + moment * 33, isCommand: false) == .press)
    }
    #expect(verdict(.enter, 500) == .press)
    #expect(verdict(.enter, 900) == .mayBeRepeat)
    #expect(verdict(.enter, 950, isCommand: false) == .press, "it went into a note meanwhile")
    #expect(verdict(.enter, 1_090) == .press, "and is not held")
  }

  // MARK: Letters

  private static func letter(asked: Int64 = 0) -> LoneLetter { LoneLetter(asked: at(asked)) }

  @Test func aLetterStandsAloneAfterThreeTenths() {
    for answer in ["y", "n", "Y", "N"] as [Character] {
      var letter = Self.letter()
      #expect(letter.until == nil)
      #expect(letter.type(answer, at: Self.at(300)) == nil)
      #expect(letter.until == Self.at(600).uptime)
      #expect(letter.due(at: Self.at(599)) == nil)
      #expect(letter.due(at: Self.at(600)) == Character(answer.lowercased()))
      #expect(letter.due(at: Self.at(900)) == nil && letter.until == nil, "once")
    }
  }

  /// What comes before the question could be read answers nothing, and is no text either.
  @Test func itIsDeafAtFirst() {
    for (moment, isHeard) in [(0, false), (299, false), (300, true)] as [(Int64, Bool)] {
      var letter = Self.letter()
      #expect(letter.type("y", at: Self.at(moment)) == nil)
      #expect((letter.due(at: Self.at(moment + 300)) == "y") == isHeard, "\(moment) ms")
    }
    var wall = LoneLetter(asked: Self.at(0), isDeaf: false)
    #expect(wall.type("y", at: Self.at(0)) == nil && wall.due(at: Self.at(300)) == "y")
    // A key held down from before is one letter: it counts from when it could have been read.
    var held = Self.letter()
    #expect(held.type("y", at: Self.at(100)) == nil && held.type("y", at: Self.at(299)) == nil)
    #expect(held.until == Self.at(400).uptime)
    #expect(held.type("y", at: Self.at(300)) == nil && held.until == Self.at(600).uptime)
    #expect(held.due(at: Self.at(600)) == "y")
  }

  /// After text it takes a second until a letter may answer, after another key three tenths.
  @Test func whatComesBeforeIt() {
    for (gap, isAnswer) in [(300, false), (999, false), (1_000, true)] as [(Int64, Bool)] {
      var letter = Self.letter()
      #expect(letter.type("a", at: Self.at(400)) == "a")
      #expect((letter.type("y", at: Self.at(400 + gap)) == nil) == isAnswer, "\(gap) ms after text")
      var pasted = Self.letter()
      #expect(pasted.paste("yes", at: Self.at(400)) == "yes")
      #expect(
        (pasted.type("y", at: Self.at(400 + gap)) == nil) == isAnswer, "\(gap) ms after a paste")
    }
    for (gap, isAnswer) in [(299, false), (300, true)] as [(Int64, Bool)] {
      var letter = Self.letter()
      letter.take(.tab, at: Self.at(400))
      #expect((letter.type("y", at: Self.at(400 + gap)) == nil) == isAnswer, "\(gap) ms after Tab")
    }
    // A key that edits takes back that there was text.
    var edited = Self.letter()
    _ = edited.type("a", at: Self.at(400))
    edited.take(.backspace, at: Self.at(500))
    #expect(edited.type("y", at: Self.at(800)) == nil)
    // Enter does not.
    var entered = Self.letter()
    _ = entered.type("a", at: Self.at(400))
    entered.take(.enter, at: Self.at(500))
    #expect(entered.type("y", at: Self.at(800)) == "y")
  }

  @Test func whatComesBehindIt() {
    var letter = Self.letter()
    _ = letter.type("y", at: Self.at(400))
    #expect(letter.type("e", at: Self.at(699)) == "ye" && letter.until == nil, "a word")
    letter = Self.letter()
    _ = letter.type("y", at: Self.at(400))
    #expect(letter.type("n", at: Self.at(500)) == "yn", "not both")
    letter = Self.letter()
    _ = letter.type("Y", at: Self.at(400))
    #expect(letter.type("y", at: Self.at(500)) == nil, "one key with and without Shift")
    #expect(letter.type("s", at: Self.at(550)) == "Yys")
    letter = Self.letter()
    _ = letter.type("y", at: Self.at(400))
    #expect(letter.paste("es", at: Self.at(500)) == "yes" && letter.until == nil)
    // Rubbed out, it answers nothing; Enter behind it changes nothing.
    letter = Self.letter()
    _ = letter.type("y", at: Self.at(400))
    letter.take(.backspace, at: Self.at(500))
    #expect(letter.until == nil && letter.due(at: Self.at(900)) == nil)
    letter = Self.letter()
    _ = letter.type("n", at: Self.at(400))
    letter.take(.enter, at: Self.at(500))
    #expect(letter.due(at: Self.at(700)) == "n")
  }
}
