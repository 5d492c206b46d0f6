// Who ends a line when the desk is killed and cannot do it itself.

import CLinux
import Glibc

/// A small process that waits for our death, and for the line's.
///
/// A line hears of our death by the end of its input, and hangs up then. The guardian gives it a second
/// for that, asks its whole group to end by SIGTERM, and kills what is left after another second. Where
/// the line itself died in a call, it becomes the line's successor: the program that ends what the line
/// left. It holds the reading end of a pipe that only we can write to: however we die, it sees the end.
/// Who kills it in the same moment finds that another one, its keeper, does its work.
struct Guardian {
  private let pid: pid_t
  private let leash: Int32
  /// Readable when the guardian itself has died.
  let watch: Int32

  /// A guardian that is still told whom to guard; nil where there is no room for one.
  init?(_ testament: Testament?) {
    var ends: [Int32] = [-1, -1]
    guard cc_pipe(&ends, -1) == 0 else { return nil }
    var argv: [UnsafeMutablePointer<CChar>?] =
      (testament?.arguments ?? []).map { strdup($0) } + [nil]
    defer { for argument in argv { free(argument) } }
    var pid: pid_t = 0
    let path = testament.map { strdup($0.path) } ?? nil
    defer { free(path) }
    let failure = argv.withUnsafeMutableBufferPointer { argv in
      var order = cc_guardian(
        leash: ends[0], successor: path, argv: argv.baseAddress,
        testament: testament?.descriptor ?? -1)
      return cc_guardian_start(&order, &pid)
    }
    Glibc.close(ends[0])
    guard failure == 0 else {
      Glibc.close(ends[1])
      return nil
    }
    self.pid = pid
    leash = ends[1]
    watch = pidfd_open(pid, 0)
  }

  /// Whom it guards.
  func guards(_ group: pid_t) {
    var group = group
    _ = write(leash, &group, MemoryLayout<pid_t>.size)
  }

  /// How long a guardian may take to go, in milliseconds.
  private static let patience: Int32 = 200

  /// Ends the guard; must come before the group's leader is reaped, when its number becomes free.
  func dismiss() {
    // It goes by itself, so that its keeper knows that nothing is left to do.
    var entry = pollfd(fd: watch, events: Int16(POLLIN), revents: 0)
    if write(leash, "q", 1) != 1 || watch < 0 || poll(&entry, 1, Self.patience) <= 0 {
      kill(pid, SIGKILL)
    }
    close()
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR { continue }
  }

  /// The line is dead and buried, and the next one is to end what it left: this one does so where we die
  /// before that.
  func waits() { _ = write(leash, "b", 1) }

  /// The line is dead and buried: what it left is ended.
  ///
  /// Returns the process, which is to be reaped one day.
  func succeed() -> pid_t {
    _ = write(leash, "m", 1)
    close()
    return pid
  }

  /// Takes the status of one that was killed by somebody else; false while it lives.
  func buries() -> Bool {
    guard cc_has_ended(pid) != 0 else { return false }
    dismiss()
    return true
  }

  private func close() {
    Glibc.close(leash)
    if watch >= 0 { Glibc.close(watch) }
  }
}
