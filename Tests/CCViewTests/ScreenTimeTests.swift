// What time alone does to the screen: nothing between two moments that it names, and everything at them.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct ScreenTimeTests {
  /// Every state that has a clock of its own in it, or something that goes away by itself.
  private static var stages: [(name: String, stage: Stage)] {
    var stages: [(String, Stage)] = [
      ("idle", Story.idleForLong), ("talking", Story.talking), ("post-call", Story.postCall),
      ("ringing", Story.incoming), ("link lost", Story.linkLost),
      ("consultation", Story.consultation), ("sizes", Stage()),
    ]
    func add(_ name: String, _ base: Stage, _ change: (inout Stage) -> Void) {
      var stage = base
      change(&stage)
      stages.append((name, stage))
    }
    add("status menu", Story.idleForLong) { $0.press("<F2>") }
    add("keypad", Story.talking) { $0.press("<F6>12") }
    add("warning", Story.idleForLong) { $0.press("<F5>") }
    add("said", Story.talking) { $0.press("<F2><Esc>") }
    add("question", Story.idleForLong) {
      $0.press("<F10>")
      $0.wait(0.4)
      $0.press("y")
    }
    add("a key that waits", Story.talking) {
      $0.press("<F4>")
      $0.press(.function(4), after: 0.4)
    }
    add("held", Story.talking) { $0.line(.callState(call: "t", held: true, muted: nil)) }
    add("dialling", Story.idleForLong) { $0.press("200<Enter>") }
    add("refused", Story.idleForLong) {
      $0.press("200<Enter>")
      $0.call(.calling, id: "r")
      $0.wait(2.3)
      $0.call(.notEstablished, id: "r", reason: Reason("busy here", code: 486))
    }
    add("token", Story.idleForLong) {
      $0.line(.registered(account: nil, expiresIn: 290, secure: nil))
    }
    add("link down", Story.idleForLong) {
      $0.line(.unregistered(reason: "away", retryIn: 12, final: false))
      $0.wait(0.7)
    }
    return stages
  }

  private static func picture(_ stage: Stage) -> [String] { stage.text }

  /// The loop sleeps until the deadline: until then the picture is the one that was drawn.
  @Test func nothingChangesBeforeItsMoment() {
    for (name, start) in Self.stages {
      var stage = start
      for step in 0..<34 {
        guard let deadline = stage.screen.deadline(stage.desk, at: stage.now) else {
          Issue.record("\(name): no moment is named")
          break
        }
        let wait = deadline - stage.now.uptime
        #expect(wait > 0 && wait <= 60 * Instant.second, "\(name), step \(step): \(wait) ns")
        guard wait > 1 else { break }
        var before = stage
        before.now = before.now.advanced(by: wait - 1)
        let requests = before.screen.tick(before.desk, at: before.now)
        let isSame = Self.picture(before) == Self.picture(stage) && requests.isEmpty
        let changed = zip(Self.picture(stage), Self.picture(before)).filter { $0 != $1 }
        #expect(isSame, "\(name), step \(step), \(wait) ns: \(changed)")
        guard isSame else { break }
        stage.now = stage.now.advanced(by: wait)
        for request in stage.screen.tick(stage.desk, at: stage.now) {
          if case .desk(let event) = request { stage.tell(event) }
        }
      }
    }
  }

  /// A screen that shows seconds wakes up once for each, and not all the time.
  @Test func itSleepsBetweenSeconds() {
    for (name, start) in Self.stages {
      var stage = start
      let end = stage.now.uptime + 20 * Instant.second
      var wakes = 0
      while let next = stage.screen.deadline(stage.desk, at: stage.now), next <= end, wakes < 200 {
        wakes += 1
        stage.now = stage.now.advanced(by: max(1, next - stage.now.uptime))
        _ = stage.screen.tick(stage.desk, at: stage.now)
      }
      // Several clocks may run beside each other, each with its own beat.
      #expect((19...90).contains(wakes), "\(name): \(wakes) times in 20 s")
    }
  }

  // MARK: How long things stand

  /// What is said stands for 15 s, a warning for 30, an error until something else is said.
  @Test func howLongAMessageStands() {
    for (level, seconds) in [
      (.info, 15), (.cleared, 15), (.warning, 30), (.error, nil),
    ] as [(NoticeLevel, Int64?)] {
      var stage = Story.idleForLong
      stage.screen.observe(.notice(level, "heard"), stage.desk, at: stage.now)
      func isThere(_ after: Int64) -> Bool {
        var later = stage
        later.now = later.now.advanced(by: after)
        _ = later.screen.tick(later.desk, at: later.now)
        return later.screen.message != nil
      }
      guard let seconds else {
        #expect(isThere(3_600 * Instant.second), "\(level)")
        continue
      }
      #expect(isThere(seconds * Instant.second - 1), "\(level)")
      #expect(!isThere(seconds * Instant.second), "\(level)")
    }
  }

  @Test func theStatusMenuStandsFiveSeconds() {
    var stage = Story.idleForLong
    stage.press("<F2>")
    stage.wait(4.999)
    #expect(stage.screen.overlay != nil)
    stage.wait(0.001)
    #expect(stage.screen.overlay == nil && stage.message == "Status unchanged.")
    // For a second more its letters are not text; every other one is.
    var late = stage
    late.press(.character("b"), after: 0.999)
    #expect(late.screen.dial.isEmpty)
    late.press(.character("7"), after: 0)
    #expect(late.screen.dial.text == "7")
    stage.press(.character("b"), after: 1.001)
    #expect(stage.screen.dial.text == "b")
  }

  @Test func theKeypadStandsTenSecondsAfterItsLastKey() {
    var stage = Story.talking
    stage.press("<F6>")
    stage.wait(9.9)
    #expect(stage.screen.overlay != nil)
    stage.press(.character("1"), after: 0)
    stage.wait(9.999)
    #expect(stage.screen.overlay != nil, "each key counts")
    stage.wait(0.001)
    #expect(stage.screen.overlay == nil && stage.message != "Status unchanged.")
  }

  /// Menus without an end of their own stand as long as nobody closes them.
  @Test func helpAndPromptsStand() {
    for keys in ["<F1>", "<F7>", "<C-x>"] {
      var stage = Story.talking
      stage.press(keys)
      stage.wait(3_600)
      #expect(stage.screen.overlay != nil, "\(keys)")
    }
  }

  // MARK: Figures

  @Test func durationsFromBothSides() {
    for (seconds, small, panel, step, coarse) in [
      (-5, "00:00", "00:00:00", "0 s", "0 s"), (0, "00:00", "00:00:00", "0 s", "0 s"),
      (1, "00:01", "00:00:01", "1 s", "1 s"), (9, "00:09", "00:00:09", "9 s", "9 s"),
      (10, "00:10", "00:00:10", "10 s", "10 s"), (59, "00:59", "00:00:59", "59 s", "59 s"),
      (60, "01:00", "00:01:00", "01:00", "1 min"), (61, "01:01", "00:01:01", "01:01", "1 min"),
      (119, "01:59", "00:01:59", "01:59", "1 min"),
      (599, "09:59", "00:09:59", "09:59", "9 min"),
      (3_599, "59:59", "00:59:59", "59:59", "59 min"),
      (3_600, "1:00:00", "01:00:00", "1:00:00", "60 min"),
      (3_661, "1:01:01", "01:01:01", "1:01:01", "61 min"),
      (5_399, "1:29:59", "01:29:59", "1:29:59", "89 min"),
      (5_400, "1:30:00", "01:30:00", "1:30:00", "1 h 30 min"),
      (7_500, "2:05:00", "02:05:00", "2:05:00", "2 h 05 min"),
      (35_999, "9:59:59", "09:59:59", "9:59:59", "9 h 59 min"),
      (36_000, "10:00:00", "10:00:00", "10:00:00", "10 h 00 min"),
      (360_000, "100:00:00", "100:00:00", "100:00:00", "100 h 00 min"),
    ] {
      #expect(Durations.small(seconds) == small)
      #expect(Durations.panel(seconds) == panel)
      #expect(Durations.step(seconds) == step)
      #expect(Durations.coarse(seconds) == coarse)
    }
  }
}
