// The file that names the calls of this program while they live.

import CCJSON
import CLinux
import Glibc

/// One file a process, mode 0600, locked by the kernel as long as the process lives.
///
/// A file whose lock is free was left by a line that died: what stands in it are calls whose far ends
/// still listen to nobody. Without a folder nothing is written and nothing is found.
final class DialogBook {
  private let folder: String?
  private let account: String
  private var descriptor: Int32 = -1
  private var records: [DialogRecord] = []

  /// `account` tells the calls of one account from those of another.
  init(account: String, folder: String? = DialogBook.usualFolder()) {
    self.account = account
    self.folder = folder
  }

  deinit { leave() }

  /// `$XDG_RUNTIME_DIR/ccterm`, else `$XDG_STATE_HOME/ccterm`, else `~/.local/state/ccterm`, each with
  /// `/line-sip`; made here, for the user alone.
  static func usualFolder() -> String? {
    func value(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    guard
      let base = value("XDG_RUNTIME_DIR") ?? value("XDG_STATE_HOME")
        ?? value("HOME").map({ $0 + "/.local/state" })
    else { return nil }
    var path = ""
    for part in "\(base)/ccterm/line-sip".split(separator: "/") {
      path += "/\(part)"
      mkdir(path, 0o700)
    }
    var information = stat()
    guard lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFDIR,
      information.st_uid == geteuid(), information.st_mode & 0o077 == 0
    else { return nil }
    return path
  }

  /// A call began to talk.
  func add(_ record: DialogRecord) {
    records.removeAll { $0.callID == record.callID }
    records.append(record)
    write()
  }

  /// A call is over.
  func remove(_ record: DialogRecord) {
    let before = records.count
    records.removeAll { $0.callID == record.callID }
    if records.count != before { write() }
  }

  /// Removes the file.
  func leave() {
    guard descriptor >= 0, let path else { return }
    unlink(path)
    close(descriptor)
    descriptor = -1
  }

  /// The dialogs that dead lines of this account left, each only once: their files are removed.
  func takeOrphans() -> [DialogRecord] {
    guard let folder, let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var orphans: [DialogRecord] = []
    while let entry = readdir(directory), orphans.count < 32 {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.hasPrefix(Self.prefix), name.hasSuffix(Self.suffix) else { continue }
      orphans += take("\(folder)/\(name)")
    }
    return orphans
  }

  // MARK: Files

  private static let prefix = "calls-"
  private static let suffix = ".json"
  /// Seconds after which an orphan is left alone.
  private static let longestWait = 3_600

  private var path: String? { folder.map { "\($0)/\(Self.prefix)\(getpid())\(Self.suffix)" } }

  private func take(_ path: String) -> [DialogRecord] {
    let file = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else { return [] }
    defer { close(file) }
    // A line that lives holds its lock.
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = read(file, &bytes, bytes.count)
    var information = stat()
    // What nobody came back for is nobody's call any more.
    if fstat(file, &information) == 0, time(nil) - information.st_mtim.tv_sec > Self.longestWait {
      unlink(path)
      return []
    }
    guard count > 0, let json = try? JSONReader.read(bytes[..<count]) else {
      unlink(path)
      return []
    }
    guard json["account"]?.string == account else { return [] }
    unlink(path)
    guard case .array(let list)? = json["calls"] else { return [] }
    return list.compactMap { DialogRecord($0) }
  }

  private func write() {
    guard let path else { return }
    if descriptor < 0 {
      guard !records.isEmpty else { return }
      unlink(path)
      descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
      guard descriptor >= 0 else { return }
      flock(descriptor, LOCK_EX | LOCK_NB)
    }
    let text = JSONWriter.write(
      .object(
        JSONObject([
          .init(name: "account", value: .string(account)),
          .init(name: "calls", value: .array(records.map(\.json))),
        ])))
    if pwrite(descriptor, text, text.count, 0) == text.count {
      ftruncate(descriptor, off_t(text.count))
    }
  }
}
