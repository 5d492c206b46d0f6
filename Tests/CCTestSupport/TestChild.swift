// A child process of a test, which does not outlive it.

import CLinux
import Foundation

/// A program in a process group of its own: stopped by its pid, reaped here, killed by the kernel when
/// the tests die.
public final class TestChild: @unchecked Sendable {
  /// Its process, and its group.
  public let pid: Int32
  private let status = Mutexed<Int32?>(nil)

  /// Starts a program; descriptors stay the caller's, -1 is /dev/null.
  ///
  /// With an environment it has that one and no other; the process is the program's either way.
  public init(
    _ path: String, _ arguments: [String], in directory: String,
    environment: [String: String]? = nil, input: Int32 = -1, output: Int32 = -1, error: Int32 = -1
  ) throws {
    let settings = environment.map { ["/usr/bin/env", "-i"] + $0.map { "\($0)=\($1)" } }
    let all = (settings ?? []) + [path] + arguments
    pid = try Spawner.shared.run {
      let path = all[0]
      var words = all.map { strdup($0) } + [nil]
      defer { for word in words { free(word) } }
      var pid: pid_t = 0
      let failure = path.withCString { path in
        directory.withCString { directory in
          words.withUnsafeMutableBufferPointer { words in
            var order = cc_spawn()
            order.path = path
            order.argv = UnsafePointer(words.baseAddress)
            order.directory = directory
            order.input = input
            order.output = output
            order.error = error
            return cc_spawn(&order, &pid)
          }
        }
      }
      guard failure == 0 else { throw NotInTime("\(path): \(String(cString: strerror(failure)))") }
      return pid
    }
  }

  /// Its exit code, or minus the signal that ended it; nil while it runs.
  public var exitCode: Int32? {
    status.with { status in
      if status == nil {
        var raw: Int32 = 0
        if waitpid(pid, &raw, WNOHANG) == pid {
          status = raw & 0x7F == 0 ? raw >> 8 & 0xFF : -(raw & 0x7F)
        }
      }
      return status
    }
  }

  /// Waits for the end and returns the exit code.
  public func ended(within seconds: Double = 60) async throws -> Int32 {
    try await eventually("process \(pid) ends", within: seconds) { self.exitCode != nil }
    return exitCode ?? 0
  }

  /// Whether it has not ended yet.
  public var isRunning: Bool { exitCode == nil }

  /// Waits for the end here, on this thread; false where it took longer.
  public func ends(within seconds: Double = 60) -> Bool {
    let end = Date.now + seconds
    while isRunning {
      guard Date.now < end else { return false }
      poll(nil, 0, 5)
    }
    return true
  }

  /// Runs a program to its end here: its exit code, and what it wrote.
  public static func run(
    _ path: String, _ arguments: [String], in directory: String = "/", withErrors: Bool = true
  ) throws -> (code: Int32?, output: String) {
    let pipe = Pipe()
    let output = pipe.fileHandleForWriting.fileDescriptor
    let child = try TestChild(
      path, arguments, in: directory, output: output, error: withErrors ? output : -1)
    try pipe.fileHandleForWriting.close()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    _ = child.ends()
    return (child.exitCode, String(decoding: data, as: UTF8.self))
  }

  /// Asks it to end, and makes it end where it does not.
  public func stop() async {
    guard exitCode == nil else { return }
    kill(pid, SIGTERM)
    if (try? await ended(within: 3)) == nil {
      kill(-pid, SIGKILL)
      _ = try? await ended(within: 3)
    }
    // Whatever it started.
    kill(-pid, SIGKILL)
  }

  deinit {
    guard exitCode == nil else { return }
    kill(-pid, SIGKILL)
    var raw: Int32 = 0
    waitpid(pid, &raw, 0)
  }
}

/// The one thread that starts children: they die with the thread that started them, and threads of a
/// pool come and go.
final class Spawner: @unchecked Sendable {
  static let shared = Spawner()
  private let waiting = Mutexed<[@Sendable () -> Void]>([])
  private let wake = DispatchSemaphore(value: 0)

  private init() {
    Self.leaveOurHomeAlone()
    Thread.detachNewThread { [self] in
      while true {
        wake.wait()
        let work = waiting.with { $0.isEmpty ? nil : $0.removeFirst() }
        work?()
      }
    }
  }

  /// What the children keep below a home goes into a folder of this run: what killed lines of earlier runs
  /// left is nobody's here, and nothing is left in the home of whoever runs the tests.
  private static func leaveOurHomeAlone() {
    guard let folder = state else { return }
    setenv("XDG_STATE_HOME", folder.url.path, 1)
    atexit { try? Spawner.state.map { try FileManager.default.removeItem(at: $0.url) } }
  }

  private static let state = try? TestFolder()

  /// Does something while no child is being started.
  func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) throws -> T {
    let result = Mutexed<Result<T, any Error>?>(nil)
    let done = DispatchSemaphore(value: 0)
    waiting.with {
      $0.append {
        let outcome = Result(catching: body)
        result.with { $0 = outcome }
        done.signal()
      }
    }
    wake.signal()
    done.wait()
    guard let outcome = result.with({ $0 }) else { throw NotInTime("the spawner") }
    return try outcome.get()
  }
}
