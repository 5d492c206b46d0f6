// What the program gives up before it hears a stranger.

import CLinux
import Glibc

/// Limits for a program that reads messages from a network: no core file (it would hold the password),
/// bounded memory and files, and, unless it is to start a command of the user's, no new privileges.
enum Sandbox {
  /// The soft limits from before: those of the user's shell, for a command of hers.
  nonisolated(unsafe) private(set) static var shellLimits: [cc_limit] = []

  /// Called once, first.
  static func enter() {
    limit(__rlimit_resource_t(RLIMIT_CORE.rawValue), 0)
    limit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), 256)
    if cc_is_sanitized() == 0 { limit(__rlimit_resource_t(RLIMIT_AS.rawValue), 1 << 30) }
    cc_hide_memory()
    // libre prints there what it cannot read, and whoever reads it may be busy.
    cc_bound_stderr()
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  /// No new privileges from now on, neither here nor in what is started: before a socket is opened.
  static func renouncePrivileges() { cc_renounce_privileges() }

  private static func limit(_ resource: __rlimit_resource_t, _ value: UInt) {
    var limits = rlimit()
    guard getrlimit(resource, &limits) == 0 else { return }
    shellLimits.append(cc_limit(resource: Int32(resource), value: UInt64(limits.rlim_cur)))
    limits.rlim_cur = min(limits.rlim_max, value)
    setrlimit(resource, &limits)
  }
}
