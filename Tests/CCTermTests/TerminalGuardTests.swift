// The guard by itself: a Swift program that traps on the alternate screen, in raw mode.

import CCTestSupport
import CLinux
import Glibc
import Testing

@Suite(.serialized) struct TerminalGuardTests {
  /// Takes its terminal as the desk does, then does something that ends it.
  private func crash(_ end: @escaping () -> Void) throws -> Pty {
    try Pty {
      var usual = termios()
      tcgetattr(STDIN_FILENO, &usual)
      var raw = usual
      cfmakeraw(&raw)
      tcsetattr(STDIN_FILENO, TCSANOW, &raw)
      let taken = "\u{1B}[?1049h\u{1B}[?25l"
      let given = "\u{1B}[?25h\u{1B}[?1049l"
      guard cc_guard_arm(STDOUT_FILENO, &usual, given, given.utf8.count) == 0 else { _exit(99) }
      cc_guard_hold_stderr()
      cc_guard_hold_stderr()
      write(STDOUT_FILENO, taken, taken.utf8.count)
      end()
      _exit(98)
    }
  }

  private func expectGivenBack(_ pty: Pty) {
    #expect(pty.modes.isUsual)
    #expect(!pty.terminal.isAlternate)
    #expect(pty.text.cursor != nil)
    #expect(String(decoding: pty.output, as: UTF8.self).contains("\u{1B}[?1049h"))
  }

  @Test func lastWordsAreShownAfterTheScreenIsGivenBack() throws {
    let pty = try crash { fatalError("boom at the desk") }
    #expect([.signalled(SIGILL), .signalled(SIGTRAP)].contains(pty.end()))
    expectGivenBack(pty)
    #expect(pty.screen.contains("Fatal error: boom at the desk"))
  }

  @Test func anOverflownStackLeavesRoomForTheGuard() throws {
    let pty = try crash { _ = deep(0) }
    #expect(pty.end() == .signalled(SIGSEGV))
    expectGivenBack(pty)
  }

  @Test func disarmedItDoesNothing() throws {
    let pty = try crash {
      cc_guard_disarm()
      cc_guard_release_stderr()
      cc_guard_release_stderr()
      write(STDOUT_FILENO, "\u{1B}[?1049l\u{1B}[?25h", 14)
      abort()
    }
    #expect(pty.end() == .signalled(SIGABRT))
    #expect(!pty.terminal.isAlternate)
    #expect(!pty.modes.isUsual)  // disarmed: not its business any more
  }

  @Test func tooMuchToRestoreIsRefused() {
    var modes = termios()
    let bytes = [UInt8](repeating: 0, count: 513)
    #expect(cc_guard_arm(STDOUT_FILENO, &modes, bytes, bytes.count) == E2BIG)
  }
}

/// Recurses until the stack is full; not by a tail call, which would need none.
private func deep(_ depth: Int) -> Int {
  depth < 0 ? 0 : deep(depth + 1) &+ deep(depth + 2)
}
