// The log: washed lines in a file of the user's own.

import CCCore
import Glibc

/// Appends washed lines to `log` in the state folder; at 1 MB it becomes `log.old`.
///
/// A log that cannot be written stops nobody's work: what goes wrong here is left unsaid.
@MainActor final class LogFile {
  /// From so many bytes on a new file is begun.
  static let limit = 1 << 20

  private let path: String
  private var descriptor: Int32 = -1
  private var size = 0

  init(folder: String) { path = "\(folder)/log" }

  isolated deinit { if descriptor >= 0 { close(descriptor) } }

  /// What somebody says goes into the log; nothing is lost by a log that cannot be kept.
  static func logger(_ who: String) -> (SafeText) -> Void {
    guard let folder = try? StateFolder.path() else { return { _ in } }
    let log = LogFile(folder: folder)
    return { log.add(who, $0, at: SystemClock.now()) }
  }

  /// Adds a line, with the moment and who speaks.
  func add(_ who: String, _ text: SafeText, at now: Instant) {
    if descriptor < 0 { openFile() }
    guard descriptor >= 0 else { return }
    let line = "\(Timestamp.text(now.unix)) \(who): \(text)\n"
    Say.write(line, to: descriptor)
    size += line.utf8.count
    if size > Self.limit { rotate() }
  }

  private func openFile() {
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
    var status = stat()
    if descriptor >= 0, fstat(descriptor, &status) == 0 { size = Int(status.st_size) }
  }

  private func rotate() {
    close(descriptor)
    rename(path, "\(path).old")
    openFile()
  }
}
