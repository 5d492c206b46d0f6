// The agents' file on the disk.

import CCCloud
import CCCore
import CLinux
import Foundation

/// Reads and writes the list of agents; what it holds is for the service's user alone.
struct AgentFile: Sendable {
  let path: String

  /// What tells one version of the file from another.
  struct Version: Hashable, Sendable {
    var device: UInt64
    var inode: UInt64
    var size: Int64
    var seconds: Int
    var nanoseconds: Int
  }

  /// The version that is there now; nil: none.
  var version: Version? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Version(
      device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
      seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
  }

  /// Reads the list; empty where there is no file.
  func read() throws -> AgentList {
    let descriptor = cc_open_file(path)
    if descriptor == -ENOENT { return AgentList() }
    guard descriptor != cc_no_file else { throw ToolFailure.failed("\(path) is no file.") }
    guard descriptor >= 0 else {
      throw ToolFailure.failed("\(path) cannot be read: \(SecretFile.reason(-descriptor)).")
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    fstat(descriptor, &status)
    guard status.st_mode & 0o077 == 0 else {
      throw ToolFailure.failed("others can read \(path); mend it: chmod 600 \(path)")
    }
    try SecretFile.checkOwn(path)
    guard status.st_size <= 16 << 20 else { throw ToolFailure.failed("\(path) is too long.") }
    let data = try handle.readToEnd() ?? Data()
    do throws(AgentList.Wrong) { return try AgentList(String(decoding: data, as: UTF8.self)) } catch
    {
      throw ToolFailure.failed("\(path), line \(error.line): \(error.words).")
    }
  }

  /// Changes the list: read, changed and put in place under a lock, whole or not at all.
  func change(_ edit: (inout AgentList) throws -> Void) throws {
    let lock = try takeLock()
    defer { close(lock) }
    var list = try read()
    if version == nil { try SecretFile.checkOwn(folder) }
    try edit(&list)
    let draft = "\(path).new"
    // What another one left, or put there, is not written into.
    unlink(draft)
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw ToolFailure.failed("\(draft) cannot be written: \(SecretFile.reason()).")
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try handle.write(contentsOf: Data(list.text.utf8))
      try handle.synchronize()
    } catch { throw ToolFailure.failed("\(draft) cannot be written.") }
    keepOwner(descriptor)
    guard rename(draft, path) == 0 else {
      throw ToolFailure.failed("\(path) cannot be written: \(SecretFile.reason()).")
    }
  }

  private var folder: String { URL(filePath: path).deletingLastPathComponent().path }

  /// How long another one's change is waited for, in milliseconds.
  private static let patience = 5_000

  private func takeLock() throws -> Int32 {
    let name = "\(path).lock"
    let lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
    guard lock >= 0 else {
      throw ToolFailure.failed("\(name) cannot be made: \(SecretFile.reason()).")
    }
    var status = stat()
    guard fstat(lock, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(lock)
      throw ToolFailure.failed("\(name) is no file.")
    }
    for _ in 0..<Self.patience / 20 {
      if flock(lock, LOCK_EX | LOCK_NB) == 0 { return lock }
      usleep(20_000)
    }
    close(lock)
    throw ToolFailure.failed("\(path) is being changed by another program: try again.")
  }

  // An administrator changes what the service's user must be able to read: the file's owner stays, and
  // a new file belongs to whom its folder belongs.
  private func keepOwner(_ descriptor: Int32) {
    guard geteuid() == 0 else { return }
    var status = stat()
    if stat(path, &status) == 0 || stat(folder, &status) == 0 {
      fchown(descriptor, status.st_uid, status.st_gid)
    }
  }
}
