// Who ends a line's children when the desk is killed and cannot do it itself.

import CLinux
import Glibc

/// A shell that waits for our death and then kills a process group.
///
/// The kernel kills the line with the desk, and does not know of programs that the line has started.
/// The shell holds the reading end of a pipe that only we can write to: however we die, it sees the
/// end. While we live it costs a sleeping process of less than a megabyte.
struct Guardian {
  private let pid: pid_t
  private let leash: Int32

  /// Guards a group; nil where there is no shell or no room for one, and the line goes unguarded.
  init?(group: pid_t) {
    var ends: [Int32] = [-1, -1]
    guard cc_pipe(&ends, -1) == 0 else { return nil }
    var pid: pid_t = 0
    let failure = Spawn.start(
      "/bin/sh", ["sh", "-c", "read -r end; kill -KILL \"-$1\"", "ccterm-guardian", "\(group)"],
      input: ends[0], output: -1, errors: -1, outlives: true, pid: &pid)
    close(ends[0])
    guard failure == 0 else {
      close(ends[1])
      return nil
    }
    self.pid = pid
    leash = ends[1]
  }

  /// Ends the guard; must come before the group's leader is reaped, when its number becomes free.
  func dismiss() {
    kill(pid, SIGKILL)
    close(leash)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR { continue }
  }
}
