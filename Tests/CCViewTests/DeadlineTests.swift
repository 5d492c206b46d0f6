// When the picture changes by itself: not before the screen's deadline, and then indeed.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct DeadlineTests {
  @Test(arguments: 0..<7)
  func nothingChangesBeforeTheDeadline(_ index: Int) throws {
    var stage = [
      Story.idleForLong, Story.talking, Story.incoming, Story.postCall, Story.linkLost,
      Story.consultation, Stage(),
    ][index]
    for _ in 0..<8 {
      let deadline = try #require(stage.screen.deadline(stage.desk, at: stage.now))
      #expect(deadline > stage.now.uptime)
      #expect(deadline <= stage.now.uptime + Instant.second)
      let before = stage.frame()
      var early = stage
      early.now = stage.now.advanced(by: deadline - 1 - stage.now.uptime)
      early.screen.tick(early.desk, at: early.now)
      #expect(early.frame() == before)
      stage.now = stage.now.advanced(by: deadline - stage.now.uptime)
      stage.screen.tick(stage.desk, at: stage.now)
      #expect(stage.frame() != before)
    }
  }

  @Test func menusAndMessagesHaveTheirTime() throws {
    var stage = Stage()
    stage.press("<F2>")
    stage.wait(4.5)
    let deadline = try #require(stage.screen.deadline(stage.desk, at: stage.now))
    #expect(deadline <= stage.now.uptime + Instant.second / 2)
    stage.press("<Esc><F8>")
    #expect(!stage.message.isEmpty)
    stage.wait(31)
    #expect(stage.message.isEmpty)
  }
}
