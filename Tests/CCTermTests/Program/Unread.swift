// A program whose output nobody reads.

import CCTestSupport
import CLinux
import Foundation

/// A run of `ccterm` into a pipe that stays unread; it is killed with the value.
final class Unread {
  let child: TestChild
  private let pipe = Pipe()
  private let input = Pipe()

  init(_ arguments: [String], in sandbox: Sandbox) throws {
    // F_SETPIPE_SZ: one page.
    _ = fcntl(pipe.fileHandleForWriting.fileDescriptor, 1031, 4096)
    child = try TestChild(
      Products.path("ccterm"), arguments, in: sandbox.folder.path,
      environment: sandbox.environment, input: input.fileHandleForReading.fileDescriptor,
      output: pipe.fileHandleForWriting.fileDescriptor)
  }

  /// Whether not one byte more fits.
  var isFull: Bool {
    var entry = pollfd(
      fd: pipe.fileHandleForWriting.fileDescriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&entry, 1, 0) == 0
  }

  /// The processor time that it has used, in seconds.
  var processorTime: Double {
    let text = (try? String(contentsOfFile: "/proc/\(child.pid)/stat", encoding: .utf8)) ?? ""
    let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
      return 0
    }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}
