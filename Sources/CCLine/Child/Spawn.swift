// Starting a program through the spawner in C.

import CLinux
import Glibc

/// The door to `cc_spawn`.
public enum Spawn {
  /// What the kernel does to a child when the thread that started it ends.
  public enum Death: Hashable, Sendable {
    /// It is killed: for programs that nobody needs without us.
    case kill
    /// It is asked to end.
    case terminate
    /// Nothing: somebody else sees to it.
    case none

    fileprivate var signal: Int32 {
      switch self {
      case .kill: SIGKILL
      case .terminate: SIGTERM
      case .none: -1
      }
    }
  }

  /// Starts a program with these descriptors as its 0, 1 and 2 (-1: /dev/null); returns 0 or an errno.
  ///
  /// `temporary`: the TMPDIR of its environment; nil: ours. `limits`: soft limits that it has
  /// instead of ours.
  public static func start(
    _ path: String, _ arguments: [String], in directory: String? = nil, input: Int32,
    output: Int32, errors: Int32, temporary: String? = nil, limits: [cc_limit] = [],
    atOurDeath death: Death = .kill, pid: inout pid_t
  ) -> Int32 {
    var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    let folder = directory.map { strdup($0) } ?? nil
    let temporary = temporary.map { strdup($0) } ?? nil
    defer {
      for argument in argv { free(argument) }
      free(folder)
      free(temporary)
    }
    return path.withCString { path in
      argv.withUnsafeMutableBufferPointer { argv in
        limits.withUnsafeBufferPointer { limits in
          var order = cc_spawn(
            path: path, argv: argv.baseAddress, directory: folder, input: input, output: output,
            error: errors, temporary: temporary, death: death.signal, limits: limits.baseAddress,
            limit_count: Int32(limits.count))
          return cc_spawn(&order, &pid)
        }
      }
    }
  }
}
