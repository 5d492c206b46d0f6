// The supervisor's keys: the choice stays with the agent, the order holds, freeze thaws, filters find.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct FloorScreenTests {
  @Test func theChoiceBelongsToTheAgent() throws {
    var stage = FloorStage.busy
    stage.press("<Down><Down>")
    #expect(stage.screen.selection == FloorStage.key("blue/1002"))
    stage.seat("blue/1002", .idle)
    stage.wait(6)
    #expect(stage.names.firstIndex(of: "陈小明") == stage.names.count - 2, "before who is offline")
    #expect(stage.screen.selection == FloorStage.key("blue/1002"))
    let row = stage.frame().text.first { $0.contains("陈小明") && $0.contains("idle") }
    #expect(try #require(row).hasPrefix("▸"))
  }

  @Test func afterAKeyTheOrderHoldsForFiveSeconds() {
    var stage = FloorStage.busy
    stage.press("<Down>")
    let before = stage.names
    stage.seat("red/1001", .idle)
    stage.wait(4)
    #expect(stage.names == before, "the row changes where it stands")
    stage.wait(1)
    #expect(stage.names != before && stage.names.last == "Grace Okafor")
  }

  @Test func movingGoesThroughEverybodyAndStaysInside() {
    var stage = FloorStage.busy
    stage.press("<End>")
    #expect(stage.screen.selection == FloorStage.key("blue/1009"))
    stage.press("<Down><PgDn>")
    #expect(stage.screen.selection == FloorStage.key("blue/1009"))
    stage.press("<Home><Up>")
    #expect(stage.screen.selection == FloorStage.key("red/1001"))
    for _ in 0..<8 { stage.press("<Down>", 20, 5) }
    #expect(stage.row(2, 20, 5).contains("Grace") || stage.row(3, 20, 5).contains("Grace"))
  }

  @Test func filterAsItIsTyped() {
    var stage = FloorStage.busy
    stage.press("/")
    #expect(stage.frame().cursor == Panel.Cursor(x: 2, y: 22))
    stage.press("q")
    #expect(stage.asked.isEmpty, "every letter is text")
    stage.press("<BS>ei")
    #expect(Set(stage.names) == ["Li Wei", "Mei Lin", "Tom O'Neil"])
    stage.press(" w<Enter>")
    #expect(stage.names == ["Li Wei"] && stage.row(22).contains("filter: ei w"))
    stage.press("/<Esc>")
    #expect(stage.names.count == 9 && stage.screen.typing == nil)
  }

  @Test func aFrozenPictureSaysSoAndThaws() {
    var stage = FloorStage.busy
    stage.press(" ")
    let before = stage.names
    stage.seat("red/1001", .idle)
    stage.wait(58)
    #expect(stage.names == before)
    #expect(stage.row(0).contains("FROZEN 00:58, "))
    #expect(stage.row(4).contains("00:31:07"), "durations stand still")
    stage.press("s")
    #expect(stage.names != before, "a frozen picture can be sorted")
    stage.wait(2)
    #expect(stage.screen.frozen == nil && stage.row(22).contains("Live again"))
    stage.press(" ")
    stage.press(" ")
    #expect(stage.screen.frozen == nil)
  }

  @Test func sortTeamAndAlerts() {
    var stage = FloorStage.busy
    stage.press("s")
    #expect(stage.floor.sort == .status && stage.row(22) == " Sorted by status.")
    for title in ["Agent ▼", "Team ▼", "Today▼", "In state ▼"] {
      stage.press("s")
      #expect(stage.row(3).contains(title))
    }
    #expect(stage.floor.sort == .time)
    stage.press("!")
    #expect(stage.names == ["Ana Ruiz", "陈小明"])
    stage.press("!t<Down><Enter>")
    #expect(stage.screen.team == "blue" && stage.names.count == 4)
    #expect(stage.row(0).contains("team blue  4 agents"))
    stage.press("t<Home><Enter>")
    #expect(stage.names.count == 9)
  }

  @Test func anAlertIsSeen() {
    var stage = FloorStage.busy
    #expect(stage.row(21).hasPrefix(" ! Ana Ruiz: break over 30:00    ! 陈小明: post-call over 5:00"))
    stage.press("a")
    #expect(stage.row(22) == " Seen: Ana Ruiz, break over 30:00.")
    #expect(stage.row(21) == " ! 陈小明: post-call over 5:00")
    stage.press("<Down><Down>a")
    #expect(stage.row(21).isEmpty)
    stage.press("a<Home>")
    stage.press("<Esc>a")
    #expect(stage.row(22) == " There is no alert.")
  }

  @Test func quitAtOnceButAWallAsks() {
    var stage = FloorStage.busy
    stage.press("q")
    #expect(stage.asked == [.quit])
    var wall = FloorStage(isWall: true)
    wall.press("s /<Enter>")
    #expect(wall.floor.sort == .time && wall.screen.typing == nil)
    wall.press("q")
    wall.wait(0.3)
    wall.press("n")
    wall.wait(0.3)
    #expect(wall.asked.isEmpty && wall.screen.overlay == nil)
    wall.press("q")
    #expect(wall.frame().text.contains { $0.contains("Quit the wall? y/n") })
    wall.wait(0.3)
    wall.press("y")
    wall.wait(0.3)
    #expect(wall.asked == [.quit])
  }

  @Test func everyCommandHasOneKey() {
    let rows = FloorCommandTable.rows
    #expect(Set(rows.map(\.name)) == Set(FloorCommandName.allCases))
    #expect(Set(rows.map(\.key)).count == rows.count)
    for row in rows { #expect(FloorCommandTable.command(for: row.key) == row.name) }
    #expect(Set(FloorColumn.allCases.map(\.letter)).count == FloorColumn.allCases.count)
  }

  @Test func whatCouldNotBeReadIsNamed() {
    var stage = FloorStage.busy
    stage.tell(.anomaly(.badPayload))
    #expect(stage.row(22) == " ! Could not be read: 1 message.")
  }

  /// Any keys on any floor: no trap, and always a picture of the right size.
  @Test func anyKeys() {
    var random = Random(seed: 5)
    let keys: [Key] =
      FloorCommandTable.rows.map(\.key).filter { $0 != .character("q") }
      + [.character("x"), .backspace, .paste("li\u{1B}[2J"), .character("n"), .function(5)]
    for agents in [0, 1, 30] {
      var stage = FloorStage()
      for step in 0..<1_500 {
        if agents > 0, Int.random(in: 0..<3, using: &random) == 0 {
          stage.seat(
            "red/\(Int.random(in: 0..<agents, using: &random))",
            Seat(code: Int.random(in: 1...6, using: &random)))
        }
        let key = keys[Int.random(in: 0..<keys.count, using: &random)]
        for request in stage.screen.press(key, stage.floor, at: stage.now) {
          if case .floor(let event) = request { stage.tell(event) }
        }
        if step % 3 == 0 { stage.wait(Double.random(in: 0...9, using: &random)) }
        let (columns, rows) = step % 2 == 0 ? (80, 24) : (33, 10)
        #expect(stage.frame(columns, rows).text.count == rows)
        stage.screen.drawn(stage.floor, size: Size(columns: columns, rows: rows))
      }
    }
  }
}
