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

  @Test func signalsThatEndAProgramGiveTheScreenBack() throws {
    for number in [
      SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGIO, SIGSYS, SIGPWR, SIGSTKFLT, 34,
      50,
      64,
    ] as [Int32] {
      let pty = try crash { kill(getpid(), number) }
      #expect(pty.end() == .signalled(number))
      expectGivenBack(pty)
    }
  }

  @Test func whoIgnoresOneGoesOnSo() throws {
    let pty = try Pty {
      signal(SIGUSR1, SIG_IGN)
      var usual = termios()
      tcgetattr(STDIN_FILENO, &usual)
      guard cc_guard_arm(STDOUT_FILENO, &usual, "", 0) == 0 else { _exit(99) }
      kill(getpid(), SIGUSR1)
      _exit(7)
    }
    #expect(pty.end() == .exited(7))
  }

  /// The main thread hears nothing any more, as one that waits for a dead mount.
  @Test(arguments: [true, false]) func whoDoesNotEndIsEnded(_ takesTheSignal: Bool) throws {
    let pty = try crash {
      var ends = sigset_t()
      sigemptyset(&ends)
      sigaddset(&ends, SIGTERM)
      sigaddset(&ends, SIGHUP)
      pthread_sigmask(SIG_BLOCK, &ends, nil)
      guard cc_end_watch(&ends, 200) == 0 else { _exit(97) }
      kill(getpid(), SIGTERM)
      if takesTheSignal {
        var number: Int32 = 0
        sigwait(&ends, &number)
        cc_end_begins(number)
      }
      var all = sigset_t()
      sigfillset(&all)
      pthread_sigmask(SIG_BLOCK, &all, nil)
      while true { pause() }
    }
    #expect(pty.end() == .signalled(SIGTERM))
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
