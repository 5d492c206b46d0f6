// The supervisor's keys at the ends of everything: pages, menus, lists, and what goes by itself.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct FloorKeyTests {
  /// Sixty agents of three teams, with names in the order of their numbers.
  private static func crowd() -> FloorStage {
    var stage = FloorStage()
    for number in 0..<60 {
      let team = ["blue", "green", "red"][number % 3]
      stage.seat(
        "\(team)/\(100 + number)", .idle, name: SafeText("agent \(100 + number)"),
        since: "13:00:00")
    }
    // By name, so that places are known.
    stage.press("ss")
    stage.wait(6)
    return stage
  }

  private static func chosen(_ stage: FloorStage) -> Int? {
    stage.screen.selection.flatMap { Int($0.agent) }.map { $0 - 100 }
  }

  @Test func aPageIsAsLongAsTheTable() {
    var stage = Self.crowd()
    #expect(stage.names.first == "agent 100" && stage.names.last == "agent 159")
    stage.press("<Home>")
    let page = stage.screen.pageRows
    #expect(page == FloorLayout(Size(columns: 80, rows: 24), stage.screen).table.height && page > 9)
    #expect(Self.chosen(stage) == 0 && stage.screen.top == 0)
    stage.press("<PgDn>")
    #expect(Self.chosen(stage) == page && stage.screen.top == 1, "one row further than fits")
    stage.press("<PgDn>")
    #expect(Self.chosen(stage) == 2 * page)
    stage.press("<PgUp>")
    #expect(Self.chosen(stage) == page && stage.screen.top == page)
    stage.press("<End>")
    #expect(Self.chosen(stage) == 59 && stage.screen.top == 60 - page)
    stage.press("<Down><PgDn>j")
    #expect(Self.chosen(stage) == 59)
    stage.press("<PgUp><Up>k")
    #expect(Self.chosen(stage) == 59 - page - 2)
    stage.press("g")
    #expect(Self.chosen(stage) == 0 && stage.screen.top == 0)
    stage.press("<Up><PgUp>k")
    #expect(Self.chosen(stage) == 0)
    stage.press("G")
    #expect(Self.chosen(stage) == 59)
  }

  /// Where nobody is chosen, the first key chooses at the edge of what is in sight.
  @Test func theFirstKeyChoosesInSight() {
    for (key, place) in [("<Down>", 0), ("<PgDn>", 0), ("<Up>", nil), ("<PgUp>", nil)]
      as [(String, Int?)]
    {
      var stage = Self.crowd()
      stage.press(key)
      #expect(Self.chosen(stage) == place ?? stage.screen.pageRows - 1, "\(key)")
      // From further down as well.
      stage.press("<End>")
      stage.press("<Esc>")
      stage.press(key)
      let top = 60 - stage.screen.pageRows
      #expect(Self.chosen(stage) == (place == nil ? 59 : top), "\(key) at the end")
    }
    var empty = FloorStage()
    empty.press("<Down><Up><PgDn><Home><End><Enter>")
    #expect(empty.screen.selection == nil && !empty.screen.follows)
  }

  @Test func theOrderHoldsForFiveSeconds() {
    var stage = FloorStage.busy
    stage.press("<Down>")
    stage.wait(4.999)
    #expect(stage.screen.held != nil)
    stage.wait(0.001)
    #expect(stage.screen.held == nil && stage.screen.selection != nil, "the choice stays")
    // Each key holds it anew.
    stage.press("<Down>")
    stage.wait(4)
    stage.press("<Down>")
    stage.wait(4)
    #expect(stage.screen.held != nil)
    // What orders anew lets it go at once, and shows the first rows.
    stage.press("s")
    #expect(stage.screen.held == nil && stage.screen.top == 0)
  }

  @Test func teamsFromTheFirstToTheLast() {
    var stage = Self.crowd()
    stage.press("t<Up><Enter>")
    #expect(stage.screen.team == nil && stage.screen.overlay == nil)
    for (keys, team) in [
      ("<Down>", "blue"), ("<Down><Down>", "green"), ("<Down><Down><Down>", "red"),
      ("<Down><Down><Down><Down><Down>", "red"), ("<End>", "red"), ("<End><Up>", "green"),
      ("<Home>", nil), ("<End><Home><Down>", "blue"),
    ] as [(String, String?)] {
      var stage = Self.crowd()
      stage.press("t" + keys + "<Enter>")
      #expect(stage.screen.team == team, "\(keys)")
      #expect(stage.names.count == (team == nil ? 60 : 20))
      // The menu opens on what is chosen.
      stage.press("t<Enter>")
      #expect(stage.screen.team == team, "opened again after \(keys)")
    }
    stage.press("t<Down>x<F5> ")
    #expect(stage.screen.overlay == .teams(index: 1), "other keys are nothing there")
    stage.press("<Esc>")
    #expect(stage.screen.overlay == nil && stage.screen.team == nil)
  }

  @Test func helpAndNumbersScrollInside() {
    var stage = Self.crowd()
    let rows = FloorCommandTable.rows.count
    for (open, last) in [("?", rows - 1), ("<F1>", rows - 1), ("n", 2)] {
      func top() -> Int? {
        switch stage.screen.overlay {
        case .help(let top), .numbers(let top): top
        default: nil
        }
      }
      stage.press(open)
      #expect(top() == 0, "\(open)")
      stage.press("<Up>")
      #expect(top() == 0)
      stage.press("<Down>")
      #expect(top() == 1)
      for _ in 0..<rows + 5 { stage.press("<Down>") }
      #expect(top() == last, "\(open)")
      stage.press("<Up>")
      #expect(top() == last - 1)
      stage.press("x")
      #expect(top() == nil && stage.screen.overlay == nil, "any other key closes it")
    }
  }

  @Test func inMenusTheKeysThatEndAndRedrawWork() {
    for open in ["?", "n", "t", "c"] {
      for (key, request) in [
        ("<C-c>", FloorRequest.quit), ("<C-q>", .quit), ("<F10>", .quit), ("<C-l>", .redraw),
      ] {
        var stage = Self.crowd()
        stage.press(open + key)
        #expect(stage.asked == [request], "\(key) in \(open)")
      }
      var stage = Self.crowd()
      stage.press(open + "<Esc>")
      #expect(stage.screen.overlay == nil && stage.asked.isEmpty)
    }
    var stage = Self.crowd()
    stage.press("<C-l><C-z>")
    #expect(stage.asked == [.redraw, .suspend])
    for key in ["q", "<F10>", "<C-q>", "<C-c>"] {
      stage.asked = []
      stage.press(key)
      #expect(stage.asked == [.quit], "\(key)")
    }
  }

  @Test func columnsGoAndComeBack() {
    var stage = FloorStage.busy
    #expect(stage.row(3).contains("Team"))
    stage.press("ct")
    #expect(stage.screen.hidden == [.team] && stage.screen.overlay == .columns)
    stage.press("Z9")
    #expect(stage.screen.hidden == [.team], "no such column")
    stage.press("<Enter>")
    #expect(stage.screen.overlay == nil && !stage.row(3).contains("Team"))
    stage.press("ctd<Enter>")
    #expect(stage.screen.hidden == [.today] && stage.row(3).contains("Team"))
  }

  /// Escape goes back one step at a time: what is followed, the filter, the choice.
  @Test func backIsOneStep() {
    var stage = FloorStage.busy
    stage.press("/ei<Enter><Down><Enter>")
    #expect(stage.screen.follows && stage.screen.filterText == "ei")
    stage.press("<Esc>")
    #expect(!stage.screen.follows && stage.screen.filterText == "ei")
    stage.press("<Esc>")
    #expect(stage.screen.filterText.isEmpty && stage.names.count == 9)
    #expect(stage.screen.selection != nil)
    stage.press("<Esc>")
    #expect(stage.screen.selection == nil)
    stage.press("!")
    #expect(stage.names.count == 2)
    stage.press("<Esc>")
    #expect(stage.names.count == 9 && !stage.screen.alertsOnly)
    // Following without a choice follows the first, and the same key ends it.
    stage.press("<Enter>")
    #expect(stage.screen.follows && stage.screen.selection == FloorStage.key("red/1001"))
    stage.press("<Enter>")
    #expect(!stage.screen.follows && stage.screen.selection != nil)
  }

  @Test func aFilterIsEditedAsAField() {
    var stage = FloorStage.busy
    stage.press("/lie<Left><BS><C-a>w<C-e>!<BS>")
    #expect(stage.screen.typing?.text == "wle")
    stage.press("<C-u>")
    #expect(stage.names.count == 9, "nothing is filtered")
    stage.press("ei")
    #expect(Set(stage.names) == ["Li Wei", "Mei Lin", "Tom O'Neil"])
    // The choice moves while it is typed, by the keys that type nothing.
    stage.press("<Down>")
    #expect(stage.screen.selection != nil && stage.screen.typing != nil)
    stage.press("<F2><Tab>")
    #expect(stage.screen.typing?.text == "ei")
    stage.press("<Enter>")
    #expect(stage.screen.filterText == "ei" && stage.screen.typing == nil)
    stage.press("/")
    #expect(stage.screen.typing?.text == "ei", "it goes on where it was")
    stage.press("<C-c>")
    #expect(stage.screen.filterText.isEmpty && stage.screen.typing == nil && stage.asked.isEmpty)
  }

  // MARK: What goes by itself

  @Test func howLongThingsStand() {
    var stage = FloorStage.busy
    stage.press("a")
    stage.wait(9.999)
    #expect(stage.screen.message != nil)
    stage.wait(0.001)
    #expect(stage.screen.message == nil, "said for 10 s")
    stage.tell(.anomaly(.badPayload))
    stage.wait(29.999)
    #expect(stage.screen.message?.isWarning == true)
    stage.wait(0.001)
    #expect(stage.screen.message == nil, "warned for 30 s")
    stage.press(" ")
    stage.wait(59.999)
    #expect(stage.screen.frozen != nil && stage.screen.message == nil)
    stage.wait(0.001)
    #expect(stage.screen.frozen == nil && stage.row(22).contains("Live again after 60 s."))
    stage.press("j")
    #expect(stage.screen.message == nil, "a command clears what was said")
  }

  @Test func whatAFloorIsToldOfAndWhatNot() {
    for (anomaly, isSaid) in [
      (.outdated, false), (.futureEpoch, true), (.tooMany, true), (.foreignTopic, true),
      (.badPayload, true), (.wrongVersion, true),
    ] as [(FloorAnomaly, Bool)] {
      #expect((anomaly.words(1) != nil) == isSaid, "\(anomaly)")
      #expect(anomaly.words(1)?.contains("1 message.") ?? true)
      #expect(anomaly.words(2)?.contains("2 messages.") ?? true)
    }
  }

  /// A floor is drawn with each whole second, and at what ends between two: the picture stands until then.
  @Test func nothingChangesBeforeItsMoment() {
    var stages: [(String, FloorStage)] = [("busy", .busy)]
    for keys in ["<Down>", " ", "a", "s", "<Enter>", "n", "b", "/ei", "m"] {
      var stage = FloorStage.busy
      stage.press(keys)
      stages.append((keys, stage))
    }
    for (name, start) in stages {
      var stage = start
      for step in 0..<16 {
        guard let deadline = stage.screen.deadline(at: stage.now) else { break }
        let wait = deadline - stage.now.uptime
        #expect(wait > 0 && wait <= Instant.second, "\(name), step \(step)")
        var before = stage
        before.now = before.now.advanced(by: wait - 1)
        let requests = before.screen.tick(at: before.now)
        let isSame = before.frame().text == stage.frame().text && requests.isEmpty
        #expect(isSame, "\(name), step \(step)")
        guard isSame, wait > 0 else { break }
        stage.now = stage.now.advanced(by: wait)
        _ = stage.screen.tick(at: stage.now)
      }
    }
  }

  @Test func frozenCountsWhatItMisses() {
    var stage = FloorStage.busy
    stage.press(" ")
    #expect(stage.screen.frozen?.changes == 0)
    stage.seat("red/1001", .idle)
    stage.seat("red/1006", .idle)
    #expect(stage.screen.frozen?.changes ?? 0 >= 2)
    stage.press("a")
    #expect(stage.row(22).contains("Seen: Ana Ruiz"), "the alert that is shown")
    stage.press(" ")
    #expect(stage.screen.frozen == nil && stage.names.first != "Ana Ruiz")
  }
}
