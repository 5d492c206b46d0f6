// A command that prints a secret: run beside the loop, never in its way.

import CCCore
import CCLine
import CLinux
import Glibc

/// Runs a command and takes its first line of output as a secret.
///
/// What it prints goes nowhere else. It has no terminal: one that wants to ask something fails.
@MainActor final class SecretCommand {
  /// How it came out; the sentence never holds what was printed.
  typealias Outcome = Result<Secret, Failure>

  /// How long it may take, in nanoseconds.
  static let patience: Int64 = 30 * Instant.second
  /// The most bytes it may print.
  static let limit = 65_536

  let deadline: Int64
  /// Readable when there is something to read; -1 once it is done.
  private(set) var descriptor: Int32 = -1

  private let name: String
  private var pid: pid_t = 0
  private var output = [UInt8]()

  /// Starts it; `name` is the key of the configuration it stands at, for the sentences.
  init(_ command: String, name: String, at now: Int64) throws(Failure) {
    self.name = name
    deadline = now + Self.patience
    let words: [String]
    switch CommandWords.split(command) {
    case .success(let split): words = split
    case .failure(let refusal): throw .failed("\(name): \(refusal.sentence)")
    }
    let found = Self.find(words.first ?? "")
    guard let path = found else {
      throw .failed("\(name): \(shown(words.first ?? "")) is not found or not executable.")
    }
    var ends: [Int32] = [-1, -1]
    guard cc_pipe(&ends, 0) == 0 else { throw .failed("\(name): \(Files.reason()).") }
    defer { close(ends[1]) }
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    let code = pointers.withUnsafeMutableBufferPointer { arguments in
      path.withCString { path in
        var order = cc_spawn(
          path: path, argv: arguments.baseAddress, directory: nil, input: -1, output: ends[1],
          error: -1, outlives: 0)
        return cc_spawn(&order, &pid)
      }
    }
    guard code == 0 else {
      close(ends[0])
      throw .failed("\(name): \(path) cannot be run: \(Files.reason(code)).")
    }
    descriptor = ends[0]
  }

  isolated deinit { end() }

  /// Reads what is there; not nil once it has ended, or has taken too long.
  func ready(at now: Int64) -> Outcome? {
    guard descriptor >= 0 else { return nil }
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count > 0 {
        output += chunk[..<count]
        if output.count > Self.limit { return fail("prints too much") }
      } else if count == 0 {
        return finish()
      } else if errno != EINTR {
        break
      }
    }
    return now >= deadline ? fail("gave no answer in 30 s") : nil
  }

  private func finish() -> Outcome {
    let status = end()
    guard status == 0 else {
      return .failure(.failed("\(name) failed (exit \((status >> 8) & 0xFF))."))
    }
    let line = output.prefix { $0 != 0x0A && $0 != 0x0D }
    guard !line.isEmpty else { return .failure(.failed("\(name) printed nothing.")) }
    return .success(Secret(String(decoding: line, as: UTF8.self)))
  }

  private func fail(_ what: String) -> Outcome {
    end()
    return .failure(.failed("\(name) \(what)."))
  }

  /// Takes it away with its whole group; its status if it had ended by itself.
  @discardableResult
  private func end() -> Int32 {
    guard descriptor >= 0 else { return 0 }
    close(descriptor)
    descriptor = -1
    var status: Int32 = 0
    // It may close its output and live on: give it a moment to leave by itself.
    var rounds = 20
    while cc_has_ended(pid) == 0, rounds > 0 {
      usleep(1000)
      rounds -= 1
    }
    kill(-pid, SIGKILL)
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return status
  }

  private static func find(_ name: String) -> String? {
    if name.contains("/") { return access(name, X_OK) == 0 ? name : nil }
    let search = Environment.value("PATH") ?? "/usr/local/bin:/usr/bin:/bin"
    return search.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }
}
