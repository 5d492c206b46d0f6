// What others of the same user can see of the desk: nothing.

import CLinux
import Glibc

/// Keeps passwords and tokens inside the program.
enum OwnMemory {
  /// No core file, no debugger, no `/proc/PID/mem`; called once, first.
  ///
  /// What is started after it has its own memory, and none of these limits but that of the core file.
  static func hide() {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    _ = cc_hide_memory()
  }
}
