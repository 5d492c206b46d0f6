// What a line leaves to whoever ends its calls after its death.

import CLinux
import Glibc

/// The program that ends a dead line's calls, and what the line was told to register with.
///
/// It lies in a file of memory that the guardian holds too: no disk, no argument, no environment ever
/// has the token that stands in it.
final class Testament {
  let path: String
  let arguments: [String]
  /// The file; the program has it as its stdin.
  let descriptor: Int32

  /// A testament without a word yet; nil where the system has no room for it.
  init?(_ arguments: [String]) {
    guard let path = arguments.first else { return nil }
    self.path = path
    self.arguments = arguments
    descriptor = memfd_create("ccterm-line", cc_memfd_cloexec)
    guard descriptor >= 0 else { return nil }
  }

  deinit { close(descriptor) }

  /// The line is told to register: this is the line that tells it.
  func write(_ register: [UInt8]) {
    ftruncate(descriptor, 0)
    _ = pwrite(descriptor, register, register.count, 0)
  }
}
