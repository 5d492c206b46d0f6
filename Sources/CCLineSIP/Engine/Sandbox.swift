// What the program gives up before it hears a stranger.

import CLinux
import Glibc

/// Limits for a program that reads messages from a network: no core file (it would hold the password),
/// no new privileges, bounded memory and files.
enum Sandbox {
  /// Called once, first.
  static func enter() {
    limit(__rlimit_resource_t(RLIMIT_CORE.rawValue), 0)
    limit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), 256)
    if cc_is_sanitized() == 0 { limit(__rlimit_resource_t(RLIMIT_AS.rawValue), 1 << 30) }
    cc_renounce()
    // libre prints there what it cannot read, and whoever reads it may be busy.
    cc_bound_stderr()
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  private static func limit(_ resource: __rlimit_resource_t, _ value: UInt) {
    var limits = rlimit()
    guard getrlimit(resource, &limits) == 0 else { return }
    limits.rlim_cur = min(limits.rlim_max, value)
    setrlimit(resource, &limits)
  }
}
