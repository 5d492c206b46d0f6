// A look for sound devices, in a process of its own.

import CCLine
import CLibre
import CLinux
import Glibc

/// Runs this program with `--sound` and reads what it finds.
final class SoundSearch {
  private var done: ((SoundFinding) -> Void)?
  private let deadline = Timer()
  private var process: pid_t = 0
  private var output: Int32 = -1
  private var bytes: [UInt8] = []
  private var watch: Watch?

  /// How long it may take, in milliseconds.
  private static let patience = 5_000
  /// More is no answer, in bytes.
  private static let most = 8_192

  init(done: @escaping (SoundFinding) -> Void) { self.done = done }

  /// Starts it.
  func start(_ word: String, _ choice: DeviceChoice) {
    let words = [
      "ccterm-line-sip", "--sound", word, choice.microphone, choice.loudspeaker, choice.ringer,
    ]
    var ends: [Int32] = [-1, -1]
    guard cc_pipe(&ends, 0) == 0 else { return finish(errno) }
    output = ends[0]
    let error = Spawn.start(
      "/proc/self/exe", words, input: -1, output: ends[1], errors: -1, pid: &process)
    close(ends[1])
    guard error == 0 else { return finish(error) }
    deadline.start(after: Self.patience) { [weak self] in self?.finish(ETIMEDOUT) }
    watch = Watch(output) { [weak self] in self?.read() }
  }

  /// Ends it without an answer.
  func cancel() {
    done = nil
    finish(ECANCELED)
  }

  private func read() {
    var chunk = [UInt8](repeating: 0, count: 1024)
    let count = Glibc.read(output, &chunk, chunk.count)
    if count > 0, bytes.count < Self.most {
      bytes += chunk[..<count]
    } else if count >= 0 || (errno != EAGAIN && errno != EINTR) {
      finish(0)
    }
  }

  private func finish(_ error: Int32) {
    deadline.cancel()
    if output >= 0 {
      watch = nil
      close(output)
      output = -1
    }
    if process > 0 {
      kill(-process, SIGKILL)
      var status: Int32 = 0
      while waitpid(process, &status, 0) < 0, errno == EINTR {}
      process = 0
    }
    let done = self.done
    self.done = nil
    done?(
      SoundFinding(String(decoding: bytes, as: UTF8.self))
        ?? SoundFinding(
          .silence,
          "the devices could not be looked for"
            + (error == 0 ? "" : ": \(Reasons.text(of: error))")))
  }
}
