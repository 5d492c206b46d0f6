// The browser's folder: new for each run, for nobody else, and gone afterwards.

import Glibc

/// A profile folder, mode 0700, named after the process that made it.
struct ProfileFolder {
  let path: String

  private static let prefix = "ccterm-sdk-"

  /// Makes one where the session keeps what is to vanish with it (in memory, as a rule), or in the
  /// temporary folder; nil with `errno` set where that fails.
  init?() {
    let base = Self.base
    Self.sweep(base)
    var template = Array("\(base)/\(Self.prefix)\(getpid())-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { return nil }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Removes it with all that is in it.
  func remove() { Self.remove(path) }

  /// The folder that profiles stand in.
  static var base: String {
    for name in ["XDG_RUNTIME_DIR", "TMPDIR"] {
      if let value = getenv(name) {
        let path = String(cString: value)
        if path.hasPrefix("/"), access(path, W_OK) == 0 { return path }
      }
    }
    return "/tmp"
  }

  // What a killed line left behind: nobody else would ever remove it.
  private static func sweep(_ base: String) {
    for name in entries(base) where name.hasPrefix(prefix) {
      let owner = name.dropFirst(prefix.count).prefix { $0 != "-" }
      var information = stat()
      guard let pid = pid_t(owner), kill(pid, 0) != 0, errno == ESRCH,
        lstat("\(base)/\(name)", &information) == 0, information.st_uid == geteuid()
      else { continue }
      remove("\(base)/\(name)")
    }
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
