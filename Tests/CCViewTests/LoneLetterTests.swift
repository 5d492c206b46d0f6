// Running text answers no question: on the desk, at the floor, on a wall; and loses no letter.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct LoneLetterTests {
  /// A call that talks, the cursor in its note, and a slip of the finger.
  private func slip(_ key: String = "<F10>", after note: String = "tell ") -> Stage {
    var stage = Stage()
    stage.talk()
    stage.press(note)
    stage.press(key)
    return stage
  }

  /// How fast people type: a quick one, a usual one, a slow one, and one who looks for each key.
  @Test(arguments: [0.0, 0.06, 0.15, 0.25, 0.4, 0.9])
  func aWordIsNoAnswer(_ gap: Double) {
    for (pause, word) in [(0.5, "they"), (0.05, "they"), (3, "they"), (0.31, "happy now")] {
      var stage = slip()
      stage.wait(pause)
      for key in Keys.parse(word) { stage.press(key, after: gap) }
      stage.wait(2)
      #expect(stage.asked.isEmpty && stage.desk.hasOpenCall, "\(word) at \(gap)")
      #expect(stage.screen.note.text == "tell \(word)", "\(word) at \(gap)")
      #expect(stage.screen.question == nil)
    }
  }

  /// A word that begins with the answer, as fast as people who write notes type.
  @Test(arguments: ["yes", "you", "no", "ya1", "y ", "n."])
  func aWordThatBeginsLikeAnAnswerIsNone(_ word: String) {
    for gap in [0.0, 0.06, 0.15, 0.25] {
      var stage = slip()
      stage.wait(0.5)
      for key in Keys.parse(word) { stage.press(key, after: gap) }
      stage.wait(2)
      #expect(stage.asked.isEmpty && stage.screen.note.text == "tell \(word)", "\(word) at \(gap)")
    }
  }

  @Test func aLetterThatStandsAloneAnswersAtOnceEnough() {
    for letter in ["y", "Y"] {
      var stage = slip()
      stage.wait(0.3)
      stage.press(letter)
      #expect(stage.asked.isEmpty, "it may be the beginning of a word")
      #expect(
        stage.screen.deadline(stage.desk, at: stage.now).map {
          $0 <= stage.now.uptime + 300_000_000
        } == true)
      stage.wait(0.3)
      #expect(stage.asked == [.quit] && stage.screen.note.text == "tell ")
    }
    var stage = slip()
    stage.wait(0.3)
    stage.press("n")
    stage.wait(0.3)
    #expect(
      stage.asked.isEmpty && stage.screen.question == nil && stage.screen.note.text == "tell ")
  }

  /// The next key comes when the letter has stood alone, and before anybody looked at the clock.
  @Test func aKeyThatComesLateDoesNotUndoTheAnswer() {
    var stage = slip()
    stage.wait(0.5)
    stage.press("y")
    stage.now = stage.now.advanced(by: 400_000_000)
    let requests = stage.screen.press(.character("x"), stage.desk, at: stage.now)
    #expect(requests.contains(.quit))
  }

  @Test func aKeyHeldDownIsOneLetter() {
    var stage = slip()
    stage.wait(0.5)
    stage.press(.character("y"), after: 0)
    stage.press(.character("y"), after: 0.225)
    for _ in 0..<5 { stage.press(.character("y"), after: 0.03) }
    #expect(stage.asked == [.quit])
    // From before it could be read until after: it is meant in the end.
    stage = slip()
    for _ in 0..<30 { stage.press(.character("y"), after: 0.033) }
    #expect(stage.asked == [.quit])
  }

  @Test func whatIsRubbedOutAnswersNothing() {
    for key in ["<BS>", "<Left>", "<Tab>", "<C-w>", "<F1>", "<Esc>"] {
      var stage = slip()
      stage.wait(0.5)
      stage.press("y\(key)")
      stage.wait(2)
      #expect(stage.asked.isEmpty, "\(key)")
    }
  }

  @Test func enterAfterTheAnswerChangesNothing() {
    var stage = slip()
    stage.wait(0.5)
    stage.press("y<Enter>")
    stage.wait(0.3)
    #expect(stage.asked == [.quit])
  }

  @Test func aPasteIsTextAndTypeAheadIsToo() {
    for text in ["y", "Y", "y\n", "they"] {
      var stage = slip()
      stage.wait(0.5)
      stage.press(.paste(text))
      stage.wait(2)
      #expect(stage.asked.isEmpty && stage.screen.question == nil)
      #expect(stage.screen.note.text == "tell \(text)")
    }
    // All at one moment, as after a loop that was busy.
    var stage = slip()
    for key in Keys.parse("ey and y") { stage.press(key, after: 0) }
    stage.wait(2)
    #expect(stage.asked.isEmpty && stage.screen.note.text == "tell ey and y")
  }

  @Test func everyQuestionOfTheDeskIsSo() {
    // The line is cut.
    var stage = Stage([.dial])
    stage.press("200<Enter>")
    stage.call(.talking, id: "c")
    stage.press("<F8>")
    stage.wait(0.5)
    stage.press("they")
    stage.wait(2)
    #expect(!stage.events.contains { $0.isHangUp } && stage.screen.note.text == "they")
    // Offline.
    stage = Stage()
    stage.press("<Tab><F2>o")
    stage.wait(0.5)
    stage.press("they")
    stage.wait(2)
    #expect(stage.events.isEmpty && stage.screen.info.text == "they")
    // Blind: the rest goes on into the number.
    stage = slip()
    stage.press("<F7>1020<F7>")
    stage.wait(0.5)
    stage.press("34y5")
    stage.wait(2)
    #expect(!stage.events.contains { if case .transfer = $0 { true } else { false } })
    guard case .transfer(let prompt)? = stage.screen.overlay else {
      Issue.record("the prompt is gone")
      return
    }
    #expect(prompt.number.text == "102034y5")
    // A menu under the question gets no letter of it.
    stage = Stage()
    stage.press("<F2><F10>")
    stage.wait(0.5)
    stage.press("pip")
    stage.wait(2)
    #expect(stage.events.isEmpty && stage.asked.isEmpty && stage.screen.dial.text == "pip")
  }

  @Test func anAnswerIsForTheCallThatWasAskedAbout() {
    var stage = slip("<F7>1020<F7>")
    stage.wait(0.5)
    stage.press("y")
    stage.call(.ended, id: "c")
    stage.wait(2)
    #expect(!stage.events.contains { if case .transfer = $0 { true } else { false } })
  }

  // MARK: The floor

  @Test(arguments: [0.0, 0.15, 0.4, 0.9])
  func aMessageThatGoesOnIsNotSent(_ gap: Double) {
    var stage = FloorStage.busy
    stage.press("t<Down><Enter>m")
    stage.press("tell<Enter>")
    stage.wait(0.5)
    for letter in " they" {
      stage.wait(gap)
      stage.press(String(letter))
    }
    stage.wait(2)
    #expect(stage.asked.isEmpty)
    #expect(stage.row(22).contains("tell they"))
    stage.press("<Enter>")
    stage.wait(0.3)
    stage.press("y")
    stage.wait(0.3)
    #expect(stage.asked == [.order(.message, "tell they", to: .team("blue"))])
  }

  @Test(arguments: [0.0, 0.15, 0.25, 0.4, 0.9])
  func aWishIsNotAskedByAWord(_ gap: Double) {
    for word in ["they", "yes", "ay"] where gap < 0.3 || word != "yes" {
      var stage = FloorStage.busy
      stage.press("<Down>uo")
      stage.wait(0.5)
      for letter in word {
        stage.wait(gap)
        stage.press(String(letter))
      }
      stage.wait(2)
      #expect(stage.asked.isEmpty, "\(word) at \(gap)")
    }
  }

  @Test func aWallIsNotLeftByAWord() {
    for word in ["quality", "qyes", "quay", "qay"] {
      var wall = FloorStage(isWall: true)
      for letter in word {
        wall.wait(0.15)
        wall.press(String(letter))
      }
      wall.wait(2)
      #expect(wall.asked.isEmpty, "\(word)")
    }
    var wall = FloorStage(isWall: true)
    wall.press("q")
    wall.wait(0.5)
    wall.press("y")
    #expect(wall.asked.isEmpty)
    wall.wait(0.3)
    #expect(wall.asked == [.quit])
  }
}
