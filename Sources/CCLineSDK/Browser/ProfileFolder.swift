// The browser's folder: new for each run, for nobody else, and gone afterwards.

import Glibc

/// A profile folder, mode 0700, named after the process that made it, and locked while that lives.
///
/// Whatever the browser writes lies in it, its temporary files too: a browser that is killed takes none
/// of them away. The lock is the kernel's and goes with the process, however it ends; a number would be
/// another's one day, and is another's in a container.
struct ProfileFolder {
  let path: String
  /// The browser's TMPDIR.
  var temporary: String { "\(path)/t" }
  private let lock: Int32

  private static let prefix = "ccterm-sdk-"
  /// The longest path of a profile: the browser's socket lies in its TMPDIR, and the name of a socket has
  /// 107 bytes (unix(7)), of which `/t/org.chromium.Chromium.scoped_dir.XXXXXX/SingletonSocket` takes 58.
  private static let longest = 49

  /// Makes one where the session keeps what is to vanish with it (in memory, as a rule), or in the
  /// temporary folder; nil with `errno` set where that fails.
  init?() {
    let base = Self.base
    Self.sweep(base)
    // Whoever sweeps may take one that is not locked yet.
    for _ in 1...8 {
      var template = Array("\(base)/\(Self.prefix)\(getpid())-XXXXXX".utf8CString)
      guard mkdtemp(&template) != nil else { return nil }
      let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
      guard let lock = Self.lock(path) else { continue }
      self.path = path
      self.lock = lock
      guard mkdir(temporary, 0o700) == 0 else {
        let why = errno
        remove()
        errno = why
        return nil
      }
      return
    }
    errno = EAGAIN
    return nil
  }

  /// Removes it with all that is in it.
  func remove() {
    Self.remove(path)
    close(lock)
  }

  /// The folder that profiles stand in.
  static var base: String {
    for name in ["XDG_RUNTIME_DIR", "TMPDIR"] {
      if let value = getenv(name) {
        let path = String(cString: value)
        // "/ccterm-sdk-4194304-XXXXXX".
        let isShort = path.utf8.count + 26 <= longest
        if path.hasPrefix("/"), isShort, access(path, W_OK) == 0 { return path }
      }
    }
    return "/tmp"
  }

  // MARK: What dead lines left

  /// `ccterm-line-sdk --end-orphans`: removes what dead lines left; the exit code: 0 where nothing is
  /// left.
  ///
  /// Processes of a browser that was just killed may still write.
  static func endOrphans() -> Int32 {
    for _ in 1...40 {
      if !sweep(base) { return 0 }
      usleep(50_000)
    }
    return 1
  }

  /// Removes what nobody holds; whether something of it is left.
  @discardableResult
  private static func sweep(_ base: String) -> Bool {
    var isLeft = false
    for name in entries(base) where name.hasPrefix(prefix) {
      let path = "\(base)/\(name)"
      var information = stat()
      guard lstat(path, &information) == 0, information.st_uid == geteuid(),
        information.st_mode & S_IFMT == S_IFDIR, let lock = lock(path)
      else { continue }
      remove(path)
      close(lock)
      isLeft = isLeft || access(path, F_OK) == 0
    }
    return isLeft
  }

  /// Takes a folder's lock; nil where a living line has it, or the folder is gone.
  private static func lock(_ path: String) -> Int32? {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard folder >= 0 else { return nil }
    var (named, ours) = (stat(), stat())
    guard flock(folder, LOCK_EX | LOCK_NB) == 0, fstat(folder, &ours) == 0,
      lstat(path, &named) == 0, named.st_ino == ours.st_ino, named.st_dev == ours.st_dev
    else {
      close(folder)
      return nil
    }
    return folder
  }

  private static func remove(_ path: String) {
    var information = stat()
    guard lstat(path, &information) == 0 else { return }
    if information.st_mode & S_IFMT == S_IFDIR {
      for name in entries(path) { remove("\(path)/\(name)") }
      rmdir(path)
    } else {
      unlink(path)
    }
  }

  private static func entries(_ path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
