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
  private var records: [CallRecord] = []
  private var length = 0

  /// Where this line listens: the next one does so too, and hears what is still on its way to this one.
  var port: UInt16?

  /// What dead lines left.
  struct Orphans: Hashable {
    var calls: [CallRecord] = []
    /// Where one of them listened.
    var port: UInt16?
  }

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

  /// A call is under way, or has come further.
  ///
  /// What is too long for the file is left out: it would cost the other calls their record.
  func put(_ record: CallRecord, insteadOf old: CallRecord? = nil) {
    records.removeAll { $0.callID == record.callID || $0.callID == old?.callID }
    if CallRecord(record.json) == record, JSONWriter.write(record.json).count <= Self.longestRecord
    {
      records.append(record)
    }
    write()
  }

  /// A call is over.
  func remove(_ record: CallRecord) {
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
    length = 0
  }

  /// The calls that dead lines of this account left, each only once: their files are removed.
  func takeOrphans() -> Orphans {
    var orphans = Orphans()
    guard let folder, let directory = opendir(folder) else { return orphans }
    defer { closedir(directory) }
    while let entry = readdir(directory), orphans.calls.count < 32 {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.hasPrefix(Self.prefix), name.hasSuffix(Self.suffix) else { continue }
      guard let left = take("\(folder)/\(name)") else { continue }
      orphans.calls += left.calls
      orphans.port = orphans.port ?? left.port
    }
    return orphans
  }

  // MARK: Files

  private static let prefix = "calls-"
  private static let suffix = ".json"
  /// Seconds after which an orphan is left alone.
  private static let longestWait = 3_600
  /// The longest file that is read, and a record in it: two fit.
  private static let longestFile = 65_536
  private static let longestRecord = 24_000

  private var path: String? { folder.map { "\($0)/\(Self.prefix)\(getpid())\(Self.suffix)" } }

  private func take(_ path: String) -> Orphans? {
    let file = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else { return nil }
    defer { close(file) }
    // A line that lives holds its lock.
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: Self.longestFile)
    let count = read(file, &bytes, bytes.count)
    var information = stat()
    // What nobody came back for is nobody's call any more.
    if fstat(file, &information) == 0, time(nil) - information.st_mtim.tv_sec > Self.longestWait {
      unlink(path)
      return nil
    }
    guard count > 0, let json = try? JSONReader.read(bytes[..<count]),
      let owner = json["account"]?.string
    else {
      unlink(path)
      return nil
    }
    guard owner == account else { return nil }
    unlink(path)
    guard case .array(let list)? = json["calls"] else { return nil }
    let port = json["port"]?.int.flatMap { UInt16(exactly: $0) }
    return Orphans(calls: list.compactMap { CallRecord($0) }, port: port == 0 ? nil : port)
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
    var text = JSONWriter.write(
      .object(
        JSONObject([
          .init(name: "account", value: .string(account)),
          .init(name: "port", value: .int(Int64(port ?? 0))),
          .init(name: "calls", value: .array(records.map(\.json))),
        ])))
    let shorter = text.count
    // A line that dies between the two calls leaves no rest of the longer text behind.
    text += Array(repeating: UInt8(ascii: " "), count: max(0, length - shorter))
    if pwrite(descriptor, text, text.count, 0) == text.count {
      ftruncate(descriptor, off_t(shorter))
      length = shorter
    }
  }
}
