// A command that is told the agent's status.

import CCCore
import CCLine
import CLibre
import CLinux
import Glibc

/// One run of `seat.command`, from its start to its exit code; it lives until then, whoever lets go of it.
///
/// It runs as in her own shell: the line's own limits are none of its.
final class CommandRun {
  private let words: [String]
  private var done: ((SafeText?) -> Void)?
  private let deadline = Timer()
  private var process: pid_t = 0
  private var descriptor: Int32 = -1
  private var watch: Watch?

  /// How long it may take, in milliseconds.
  static let patience = 10_000

  init(_ words: [String], done: @escaping (SafeText?) -> Void) {
    self.words = words
    self.done = done
  }

  /// Starts it.
  func start() {
    // env(1) looks in PATH, and ends with 127 where nothing is found there.
    let path = "/usr/bin/env"
    let error = Spawn.start(
      path, [path] + words, input: -1, output: -1, errors: STDERR_FILENO,
      limits: Sandbox.shellLimits, pid: &process)
    guard error == 0 else {
      return finish(SafeText("seat.command: \(Reasons.text(of: error))"))
    }
    descriptor = pidfd_open(process, 0)
    guard descriptor >= 0 else { return kill() }
    deadline.start(after: Self.patience) { [self] in kill() }
    watch = Watch(descriptor) { [self] in ended() }
  }

  private func ended() {
    var status: Int32 = 0
    guard waitpid(process, &status, WNOHANG) == process else { return }
    unwatch()
    let code = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + (status & 0x7F)
    switch code {
    case 0: finish(nil)
    case 127: finish(SafeText("seat.command: \(words.first ?? "") was not found"))
    default: finish(SafeText("seat.command ended with \(code)"))
    }
  }

  private func kill() {
    Glibc.kill(-process, SIGKILL)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    unwatch()
    finish(SafeText("seat.command took more than \(Self.patience / 1000) s"))
  }

  private func unwatch() {
    deadline.cancel()
    watch = nil
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
  }

  private func finish(_ why: SafeText?) {
    let done = self.done
    self.done = nil
    done?(why)
  }
}
