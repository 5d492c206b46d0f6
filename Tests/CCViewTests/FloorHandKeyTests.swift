// Messages and wishes on the supervisor's screen: to whom, how they are typed, and how they are dropped.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct FloorHandKeyTests {
  @Test func nobodyIsThere() {
    for key in ["m", "u"] {
      var stage = FloorStage.busy
      stage.press(key)
      #expect(stage.screen.overlay == nil)
      #expect(stage.row(22) == " To whom? Choose an agent (arrows) or a team (t) first.")
      var away = FloorStage()
      away.seat("red/1001", .offline, name: "Ana Ruiz")
      away.press("t<Down><Enter>" + key)
      #expect(away.screen.overlay == nil, "\(key)")
      #expect(away.row(22) == " Nobody of that team is signed in.")
    }
  }

  /// A message that is begun is dropped by Escape and ^C, and nothing is sent.
  @Test func whatIsBegunCanBeDropped() {
    for begin in ["m", "mhello", "u", "ui"] {
      for key in ["<Esc>", "<C-c>"] {
        var stage = FloorStage.busy
        stage.press("<Down>" + begin)
        #expect(stage.screen.overlay != nil, "\(begin)")
        stage.press(key)
        #expect(stage.screen.overlay == nil && stage.asked.isEmpty, "\(begin)\(key)")
        stage.wait(2)
        #expect(stage.asked.isEmpty)
      }
      var stage = FloorStage.busy
      stage.press("<Down>" + begin + "<C-l>")
      #expect(stage.asked == [.redraw] && stage.screen.overlay != nil, "\(begin)")
    }
  }

  @Test func aMessageIsEditedAsAField() throws {
    var stage = FloorStage.busy
    stage.press("<Down>m")
    stage.press("<Enter>")
    #expect(stage.asked.isEmpty && stage.screen.overlay != nil, "there is nothing to send")
    stage.press("helo<Left>l<C-e>!<F5><Tab><Up>")
    stage.press("<paste: you>")
    guard case .message(_, let field)? = stage.screen.overlay else {
      Issue.record("the message is gone")
      return
    }
    #expect(field.text == "hello! you")
    let key = try #require(stage.screen.selection)
    stage.press("<Enter>")
    #expect(stage.asked == [.order(.message, "hello! you", to: .agent(key))])
    #expect(stage.screen.overlay == nil)
  }

  @Test func everyWishIsAskedOnceMore() throws {
    for (letter, wish, words) in [
      ("i", Order.Wish.seat(.idle), "for idle"), ("b", .seat(.busy), "for busy"),
      ("p", .seat(.shortBreak), "for short break"), ("o", .signOff, "to sign off"),
    ] {
      for (answer, isMeant) in [("y", true), ("n", false)] {
        var stage = FloorStage.busy
        stage.press("<Down>u")
        let key = try #require(stage.screen.selection)
        #expect(stage.row(22).contains("i idle  b busy  p short break  o sign off"))
        stage.press("xZ<Enter><F5>")
        #expect(stage.row(22).contains("i idle"), "what is no wish is nothing")
        stage.press(letter)
        #expect(stage.row(22).contains("\(words)? y/n"), "\(stage.row(22))")
        stage.wait(0.4)
        stage.press(answer)
        stage.wait(0.3)
        #expect(stage.asked == (isMeant ? [.order(wish, "", to: .agent(key))] : []))
        #expect(stage.screen.overlay == nil)
        stage.wait(2)
        #expect(stage.asked.count == (isMeant ? 1 : 0), "once")
      }
    }
  }

  /// To a team it is asked once more; who types on writes on, and it is asked again.
  @Test func aTeamIsAskedAbout() {
    var stage = FloorStage.busy
    stage.press("t<Down><Enter>m")
    stage.press("yes, now<Enter>")
    stage.wait(0.4)
    #expect(stage.row(22).contains("Send \u{201C}yes, now\u{201D} to all 2 of blue? y/n"))
    stage.press("<F5>")
    stage.wait(0.4)
    #expect(stage.asked.isEmpty)
    stage.press("!?")
    guard case .message(_, let field)? = stage.screen.overlay else {
      Issue.record("the message is gone")
      return
    }
    #expect(field.text == "yes, now!?")
    stage.press("<Enter>")
    stage.wait(0.4)
    stage.press("<paste: please>")
    stage.press("<Enter>")
    stage.wait(1)
    stage.press("y")
    stage.wait(0.3)
    #expect(stage.asked == [.order(.message, "yes, now!? please", to: .team("blue"))])
  }

  /// Three quarters of what is allowed is nearing, and not a second before.
  @Test func nearingBeginsAtThreeQuarters() throws {
    // A break may take 30 minutes, a post-call 5, idle 15.
    for (seat, limit) in [(Seat.shortBreak, 1_800), (.postCall, 300), (.idle, 900)] {
      for (seconds, sign) in [
        (0, " "), (limit * 3 / 4 - 1, " "), (limit * 3 / 4, "·"), (limit - 1, "·"), (limit, "!"),
      ] {
        var stage = FloorStage()
        stage.seat("red/1", seat, name: "Ana Ruiz")
        stage.wait(Double(seconds))
        let words = FloorWords(
          row: try #require(stage.floor.row(FloorStage.key("red/1"))),
          picture: FloorPicture(
            stage.floor, stage.screen, size: Size(columns: 80, rows: 24), look: stage.look,
            at: stage.now))
        let tier: FloorWords.Tier = sign == "!" ? .alert : sign == " " ? .usual : .nearing
        #expect(words.tier == tier, "\(seat) after \(seconds) s")
      }
    }
  }

  @Test func figuresOfADayInPercent() {
    func day(
      _ calls: Int, talk: Int = 0, acw: Int = 0, dials: Int? = nil, connected: Int? = nil,
      idle: Int? = nil
    ) -> DayFigures {
      DayFigures(
        calls: calls, talk: talk, afterCallWork: acw, dials: dials, connected: connected, idle: idle
      )
    }
    #expect(day(0, talk: 60).averageHandling == nil)
    #expect(day(1, talk: 60, acw: 30).averageHandling == 90)
    #expect(
      day(2, talk: 60, acw: 31).averageHandling == 46 && day(3, talk: 10).averageHandling == 3)
    #expect(day(1, dials: 0, connected: 0).connectRate == nil)
    #expect(day(1, dials: 4).connectRate == nil && day(1, connected: 4).connectRate == nil)
    #expect(day(1, dials: 1, connected: 1).connectRate == 100)
    #expect(day(1, dials: 3, connected: 1).connectRate == 33)
    #expect(day(1, dials: 3, connected: 4).connectRate == 100, "never more than all")
    #expect(day(1, talk: 60, acw: 20).occupancy == nil, "idle is not counted")
    #expect(day(1, idle: 0).occupancy == nil && day(1, idle: 1).occupancy == 0)
    #expect(day(1, talk: 60, acw: 20, idle: 20).occupancy == 80)
    #expect(day(1, talk: 1, idle: 0).occupancy == 100)
  }

  /// The bar leaves two cells before what stands behind it, however long it is.
  @Test func theBarKeepsItsDistance() {
    for agents in [1, 20, 29, 30, 31, 60] {
      var stage = FloorStage()
      for number in 0..<agents { stage.seat("red/\(number)", .idle, since: "13:00:00") }
      for columns in [60, 61, 70, 80, 120] {
        let row = stage.row(2, columns, 24)
        guard let words = row.range(of: "longest idle") else {
          Issue.record("\(agents) in \(columns): \(row)")
          continue
        }
        let bar = row[..<words.lowerBound]
        #expect(bar.hasSuffix("  "), "\(row)")
        #expect(bar.count == max(1 + min(agents, columns / 2) + 2, columns - 28), "\(row)")
      }
    }
  }
}
