// The pictures of the floor, cell by cell.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct FloorPictureTests {
  @Test func theFloorOfTheDesign() {
    var stage = FloorStage.busy
    stage.press("<Down><Down><Down><Down><Down>")
    stage.check("floor")
  }

  @Test func theAgentWhoIsFollowed() {
    var stage = FloorStage.busy
    stage.press("/wei<Enter><Down><Enter>/<Esc>")
    stage.check("floor-follow")
  }

  @Test func frozen() {
    var stage = FloorStage.busy
    stage.press(" ")
    stage.wait(12)
    for agent in ["green/1005", "blue/1008"] { stage.seat(agent, .busy) }
    stage.check("floor-frozen")
  }

  @Test func theFeedIsGone() {
    var stage = FloorStage.busy
    stage.tell(.feed(.down(reason: "broker.example closed the connection")))
    stage.wait(50)
    stage.check("floor-not-live")
  }

  @Test func bigNumbers() {
    var stage = FloorStage.busy
    stage.press("b")
    stage.check("floor-big")
  }

  @Test func teamsAndColumns() {
    var stage = FloorStage.busy
    stage.press("t<Down>")
    stage.check("floor-teams")
    stage.press("<Enter>")
    stage.check("floor-team")
    stage.press("cn")
    stage.check("floor-columns")
  }

  @Test func numbers() {
    var stage = FloorStage.busy
    stage.press("n")
    stage.check("floor-numbers")
  }

  @Test func typingAFilter() {
    var stage = FloorStage.busy
    stage.press("/busy r")
    stage.check("floor-filter")
  }

  @Test func help() {
    var stage = FloorStage.busy
    stage.press("?")
    stage.check("floor-help")
  }

  @Test func theWall() {
    var stage = FloorStage.busy
    stage.screen = FloorScreen(source: "mqtt broker.example", isWall: true)
    stage.check("floor-wall")
    Golden.check("floor-wall-200x50", Story.picture(stage.frame(200, 50)), file: #filePath)
    #expect(!stage.frame().text.joined().contains("1234"), "a wall shows no numbers")
    stage.tell(.feed(.down(reason: "gone")))
    stage.wait(5)
    #expect(stage.row(0).contains("NOT LIVE since 14:05:12"))
  }

  @Test func everySizeIsDrawnWithinItself() {
    for keys in ["", "b", "<Down><Enter>", "?", "t", "c", "n", "/x"] {
      var stage = FloorStage.busy
      stage.press(keys)
      for columns in stride(from: 1, through: 310, by: 7) {
        for rows in stride(from: 1, through: 82, by: 3) {
          let frame = stage.frame(columns, rows)
          for panel in frame.panels {
            #expect(panel.rect.x + panel.rect.width <= columns)
            #expect(panel.rect.y + panel.rect.height <= rows)
            #expect(panel.rows.count == panel.rect.height)
          }
        }
      }
    }
  }

  @Test func theBarIsDividedHonestly() {
    #expect(FloorTotalsPanel.parts([11, 17, 6, 3, 2, 1], of: 40) == [11, 17, 6, 3, 2, 1])
    #expect(FloorTotalsPanel.parts([1, 99_999], of: 40) == [1, 39])
    #expect(FloorTotalsPanel.parts([0, 0], of: 0) == [0, 0])
    #expect(FloorTotalsPanel.parts([5, 0, 5], of: 9).reduce(0, +) == 9)
  }

  @Test func whatNobodyHasSaidIsMarked() {
    var stage = FloorStage()
    stage.seat("red/1", .idle, name: "Kept", retained: true)
    #expect(stage.row(4).contains("idle?") && stage.row(4).contains("≥"))
    stage.seat("red/1", .idle)
    #expect(stage.row(4).contains("○ idle "))
    #expect(!stage.row(4).contains("idle?"))
  }
}
