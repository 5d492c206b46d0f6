// Things that stand where a file is expected, and are none.

import Foundation

/// What a path may name instead of a file; who opens one without looking waits for ever.
public enum NoFile: String, Sendable, CaseIterable {
  /// A FIFO that nobody writes to.
  case fifo
  /// A folder.
  case folder
  /// A socket that nobody listens at.
  case socket
  /// A device that never ends.
  case zero

  /// Makes one in a folder, under a name of its own; its path.
  public func make(in folder: URL) -> String {
    let path = folder.appending(path: "no-file-\(rawValue)").path
    switch self {
    case .fifo: mkfifo(path, 0o600)
    case .folder: mkdir(path, 0o700)
    case .socket:
      let descriptor = Foundation.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(descriptor) }
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
      _ = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
    case .zero: return "/dev/zero"
    }
    return path
  }
}
