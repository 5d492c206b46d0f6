// A program that is run for what it prints.

import CCLine
import CLinux
import Glibc

/// A running program, and the end of the pipe that it prints into.
struct PrintingProgram {
  /// Why a program could not be started.
  struct Refusal: Error, Hashable {
    /// The system's number for it.
    var code: Int32
  }

  /// What it prints; reading does not wait.
  let output: Int32
  private let pid: pid_t

  /// Starts a program; it has no terminal, and `input` (-1: nothing) as its stdin.
  ///
  /// `withErrors`: what it says on stderr is read too, and otherwise lost. `temporary`: its TMPDIR.
  init(
    _ path: String, _ words: [String], input: Int32 = -1, withErrors: Bool, temporary: String? = nil
  ) throws(Refusal) {
    var ends: [Int32] = [-1, -1]
    guard cc_pipe(&ends, 0) == 0 else { throw Refusal(code: errno) }
    defer { close(ends[1]) }
    var pid: pid_t = 0
    let code = Spawn.start(
      path, words, input: input, output: ends[1], errors: withErrors ? ends[1] : -1,
      temporary: temporary, pid: &pid)
    guard code == 0 else {
      close(ends[0])
      throw Refusal(code: code)
    }
    output = ends[0]
    self.pid = pid
  }

  /// Takes it away with its whole group, and closes its output.
  ///
  /// It may have closed its output and live on: it gets `milliseconds` to leave by itself.
  /// - Returns: its status as `waitpid` tells it, and whether it had ended by itself.
  func end(after milliseconds: Int) -> (status: Int32, byItself: Bool) {
    close(output)
    var rounds = milliseconds
    while cc_has_ended(pid) == 0, rounds > 0 {
      usleep(1000)
      rounds -= 1
    }
    let byItself = cc_has_ended(pid) == 1
    kill(-pid, SIGKILL)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return (status, byItself)
  }
}
