// The signals a program with a screen answers to.

import Glibc

/// What concerns the terminal among signals.
///
/// All of them must be blocked and read from a signalfd, before there is a second thread: a thread
/// that did not block one would get it, and do with it what is usually done.
@MainActor enum TerminalSignals {
  /// What `Terminal.handle(_:)` wants to be told of.
  static let all = [SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM, SIGHUP, SIGQUIT]

  /// Ends the program as the signal would have: whoever started it sees what it died of.
  ///
  /// The terminal must have been given back.
  static func die(by number: Int32) -> Never {
    signal(number, SIG_DFL)
    raise(number)
    var set = set(of: number)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    exit(128 + number)  // it was a signal that ends nothing
  }

  /// Stops the program's process group, as `^Z` does in a terminal of usual modes.
  ///
  /// The whole group: whatever wraps this program must stop too, or the shell would wait for it.
  /// Returns when the program goes on; at once where nobody could wake it, in an orphaned group.
  static func stop() {
    signal(SIGTSTP, SIG_DFL)
    kill(0, SIGTSTP)
    var set = set(of: SIGTSTP)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)  // here it stops
    pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  private static func set(of number: Int32) -> sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, number)
    return set
  }
}
