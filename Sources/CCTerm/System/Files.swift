// Small things done with files.

import CCCore
import CLinux
import Glibc

/// Reads and makes files; every failure is told in a sentence.
enum Files {
  /// The bytes of a file and its mode; nil where there is none.
  ///
  /// - Throws: `Failure.failed` where it is there and cannot be read, or is beyond `limit` bytes.
  static func read(_ path: String, limit: Int = 1 << 20) throws(Failure) -> (
    bytes: [UInt8], mode: mode_t
  )? {
    // A FIFO that nobody writes to would be waited for.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      // A socket is not opened at all.
      if errno == ENXIO { throw .failed("\(path) is no file.") }
      throw .failed("\(path) cannot be read: \(reason()).")
    }
    defer { close(descriptor) }
    var status = stat()
    // Nor a pipe or a socket; /dev/null is what some put in a file's place.
    guard fstat(descriptor, &status) == 0,
      [S_IFREG, S_IFCHR].contains(status.st_mode & S_IFMT)
    else {
      throw .failed("\(path) is no file.")
    }
    var bytes = [UInt8]()
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count == 0 { break }
      guard count > 0 else { throw .failed("\(path) cannot be read: \(reason()).") }
      bytes += chunk[..<count]
      guard bytes.count <= limit else { throw .failed("\(path) is too long.") }
    }
    return (bytes, status.st_mode)
  }

  /// Whether two names are one file; what is not there is no other's.
  static func isSame(_ one: String, _ other: String) -> Bool {
    var (first, second) = (stat(), stat())
    guard stat(one, &first) == 0, stat(other, &second) == 0 else { return one == other }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }

  /// A path from the root on.
  static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(Environment.workingFolder ?? "")/\(path)"
  }

  /// Refuses what others can change: the file or folder itself, and every folder on its way.
  ///
  /// - Throws: `Failure.failed` that names the place and the command that mends it.
  static func checkOwn(_ path: String) throws(Failure) {
    var name = [CChar](repeating: 0, count: Int(PATH_MAX))
    let found = cc_distrust(path, &name, name.count)
    let culprit = String(
      decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let place = SafeText(culprit).string
    switch found {
    case 0: return
    case 1:
      throw .failed(
        "others can change \(place), and so what ccterm reads there; mend it: chmod go-w \(place)")
    case 2:
      throw .failed(
        "\(place) belongs to another user, and so does what ccterm reads there; choose another folder."
      )
    default: throw .failed("\(SafeText(path)) cannot be looked at: \(reason(-found)).")
    }
  }

  /// Makes a folder and those above it; the new ones are for the user alone.
  static func makeFolder(_ path: String) throws(Failure) {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex {
      try makeFolder(String(path[..<slash]))
      if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    }
    throw .failed("\(path) cannot be made: \(reason()).")
  }

  /// The last error of the system, in words.
  static func reason(_ code: Int32 = errno) -> String {
    String(cString: strerror(code))
  }
}

/// What the environment says.
enum Environment {
  /// A variable; nil where it is absent or empty.
  static func value(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  /// The name of the user that the program runs as; nil where the system knows none.
  static var user: String? {
    guard let entry = getpwuid(geteuid()), let name = entry.pointee.pw_name else { return nil }
    return String(cString: name)
  }

  /// The working folder; nil where it is gone.
  static var workingFolder: String? {
    guard let path = getcwd(nil, 0) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }

  /// A folder of the XDG base directory specification: relative ones are to be ignored.
  static func folder(_ name: String, orHome tail: String) -> String? {
    if let path = value(name), path.hasPrefix("/") { return path }
    return value("HOME").map { "\($0)/\(tail)" }
  }
}
