// The log: washed lines in a file of the user's own.

import CCCore
import Glibc

/// Appends washed lines to `log` in the state folder; at 1 MB it becomes `log.old`, and the one before goes.
///
/// One writer a process; several desks and a floor may share the file. So each line looks whether the file
/// is still there under its name, and one alone moves it away. A log that cannot be written stops nobody's
/// work: what goes wrong here is left unsaid.
@MainActor final class LogFile {
  /// From so many bytes on a new file is begun.
  static let limit = 1 << 20

  private let path: String
  private let limit: Int
  private var descriptor: Int32 = -1
  private static var shared: LogFile?

  init(folder: String, limit: Int = LogFile.limit) {
    path = "\(folder)/log"
    self.limit = limit
  }

  isolated deinit { if descriptor >= 0 { close(descriptor) } }

  /// What somebody says goes into the log; nothing is lost by a log that cannot be kept.
  static func logger(_ who: String) -> (SafeText) -> Void {
    guard let log = shared ?? (try? StateFolder.path()).map({ LogFile(folder: $0) }) else {
      return { _ in }
    }
    shared = log
    return { log.add(who, $0, at: SystemClock.now()) }
  }

  /// Adds a line, with the moment and who speaks.
  func add(_ who: String, _ text: SafeText, at now: Instant) {
    guard let size = openFile() else { return }
    let line = "\(Timestamp.text(now.unix)) \(who): \(text)\n"
    Say.write(line, to: descriptor)
    if size + line.utf8.count > limit { rotate() }
  }

  /// Has the file open that bears the name now; its size.
  private func openFile() -> Int? {
    var named = stat()
    var ours = stat()
    if descriptor >= 0 {
      if fstat(descriptor, &ours) == 0, lstat(path, &named) == 0, ours.st_ino == named.st_ino,
        ours.st_dev == named.st_dev
      {
        return Int(ours.st_size)
      }
      close(descriptor)
    }
    // A FIFO that nobody reads would be waited for.
    descriptor = open(
      path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
    guard descriptor >= 0 else { return nil }
    guard fstat(descriptor, &ours) == 0, ours.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      descriptor = -1
      return nil
    }
    return Int(ours.st_size)
  }

  /// Moves the file away, unless another program is just doing so or has done it.
  private func rotate() {
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return }
    var named = stat()
    var ours = stat()
    if fstat(descriptor, &ours) == 0, lstat(path, &named) == 0, ours.st_ino == named.st_ino {
      rename(path, "\(path).old")
    }
    close(descriptor)
    descriptor = -1
  }
}
