// Who ends what a dead line left, where the next one never comes.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLine

@Suite(.serialized) @MainActor struct HeirTests {
  private let folder: TestFolder
  init() throws { folder = try TestFolder() }

  private var mark: String { folder.path("ended") }
  private var isEnded: Bool { FileManager.default.fileExists(atPath: mark) }
  private var successor: [String] {
    ["/bin/sh", "-c", "cat > \(mark).new; mv \(mark).new \(mark)"]
  }

  /// A line that is told to register and dies at once, the first time it is started; later ones go on.
  private func dead(_ next: String = "sleep 60") throws -> ChildHarness {
    let child = try ChildHarness(
      """
      #!/bin/bash
      [ -e \(folder.path("second")) ] && { \(next); exit; }
      touch \(folder.path("second"))
      read -r command
      kill -9 $$
      """, successor: successor
    ) { $0.firstWait = 300 * Instant.millisecond }
    child.start()
    child.send(.register(id: 1, token: Secret("t")))
    child.waitForDeath(1)
    return child
  }

  /// The agent quits in the moment that her line has died: the customer is not left behind.
  @Test func theEndInTheBackOffEndsTheCalls() throws {
    let child = try dead()
    child.line.stop(at: Clock.now())
    child.wait { isEnded }
  }

  /// The next line is there, and has not registered: it has not looked for what was left.
  @Test func theEndBeforeTheNextOneHasRegisteredEndsThem() throws {
    let child = try dead("read -r command; read -r command; exit 0")
    child.wait { child.events.last == .started }
    #expect(!isEnded)
    child.line.stop(at: Clock.now())
    child.wait { isEnded }
  }

  /// What the next one registers with is long in coming, or never comes: the customer does not wait for it.
  @Test func noRegistrationEndsThem() throws {
    let child = try dead()
    child.wait { isEnded }
    #expect(child.line.isRunning)
  }

  @Test func whoRegisteredDoesItItself() throws {
    let child = try dead(#"echo '{"type":"registered","account":"a"}'; read -r command"#)
    child.wait { child.events.contains { if case .registered = $0 { true } else { false } } }
    child.line.stop(at: Clock.now())
    child.line.finish()
    #expect(!isEnded)
  }
}
