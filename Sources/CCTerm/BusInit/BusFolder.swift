// A new folder, filled while it has another name, and there at once or not at all.

import Glibc

/// Builds a folder under a name of its own and gives it the wanted one at the end.
///
/// What is there already is never touched: the wanted folder must not exist, or be empty.
struct BusFolder {
  /// The name while it is filled.
  let draft: String
  private let path: String

  init(_ path: String) throws(Failure) {
    self.path = path
    if let entries = Self.entries(path), !entries.isEmpty {
      throw .failed("\(shown(path)) is not empty; a set goes into a new folder.")
    }
    guard Self.entries(path) != nil || access(path, F_OK) != 0 else {
      throw .failed("\(shown(path)) is no folder.")
    }
    if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
      try Files.makeFolder(String(path[..<slash]))
    }
    draft = "\(path).making-\(getpid())"
    guard mkdir(draft, 0o700) == 0 else {
      throw .failed("\(shown(draft)) cannot be made: \(Files.reason()).")
    }
  }

  /// Writes a file for the user alone; its folders are made.
  func write(_ name: String, _ text: String) throws(Failure) {
    let file = "\(draft)/\(name)"
    if let slash = name.lastIndex(of: "/") { try Files.makeFolder("\(draft)/\(name[..<slash])") }
    let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw .failed("\(shown(file)) cannot be made: \(Files.reason()).")
    }
    defer { close(descriptor) }
    guard Say.write(text, to: descriptor) else {
      throw .failed("\(shown(file)) cannot be written: \(Files.reason()).")
    }
  }

  /// Gives it its name.
  func finish() throws(Failure) {
    guard rename(draft, path) == 0 else {
      throw .failed("\(shown(path)) cannot be made: \(Files.reason()).")
    }
  }

  /// Takes away what was made so far.
  func discard() { Self.remove(draft) }

  private static func remove(_ path: String) {
    for entry in entries(path) ?? [] { remove("\(path)/\(entry)") }
    if rmdir(path) != 0 { unlink(path) }
  }

  /// What is in a folder; nil where there is none.
  ///
  /// A link is none: what it leads to is not ours.
  private static func entries(_ path: String) -> [String]? {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
      let directory = opendir(path)
    else { return nil }
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
