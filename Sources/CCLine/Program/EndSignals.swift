// The signals that ask a line program to end.

import CLinux
import Glibc

/// What a line program ends its calls for, instead of dying with them.
public enum EndSignals {
  /// All that end a program by default and are no crash, the real-time signals among them.
  public static var all: [Int32] {
    [
      SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU,
      SIGIO,
      SIGSYS, SIGPWR, SIGSTKFLT,
    ] + (cc_first_real_time()...cc_last_real_time()).map { $0 }
  }

  /// How long the end may take, in milliseconds, before the program is ended by the signal.
  public static let milliseconds: Int32 = 1_800
}
