// One file in which a line writes down what the next one must know, held locked.

import CCJSON
import CLinux
import Glibc

/// A file of calls, or of a place at the registrar, mode 0600: whoever holds its lock answers for what stands
/// in it.
///
/// Each change is one more line with all that is true now; the newest whole line counts, so that a death
/// in the middle of a write takes nothing back. The lock is the kernel's and goes with the process,
/// however it ends; it is there before the file says anything. The name has a mark of its account, so that
/// a line need not open what thousands of lines of other accounts left, and is random otherwise, since a
/// process's number is unique neither in containers that share a home nor on machines that do.
final class CallFile {
  /// What is written down; the beginning of such a file's name.
  enum Kind: String {
    case calls = "calls-"
    case binding = "binding-"
  }

  /// The end of such a file's name.
  private static let suffix = ".json"
  /// The longest file that is read; long before that a new one is begun.
  static let longest = 262_144

  let path: String
  private var descriptor: Int32
  private(set) var length = 0

  private init(_ path: String, _ descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit { letGo() }

  /// What a file's name says of its account: eight digits (FNV-1a, 32 bits).
  ///
  /// Two accounts may share it: whose a file is, it says itself.
  static func mark(of account: String) -> String {
    let hash = account.utf8.reduce(0x811C_9DC5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// Whether a name says that the file is another account's; names of lines before this one say nothing.
  static func isAnothers(_ name: String, than account: String, _ kind: Kind = .calls) -> Bool {
    let mark = name.utf8.dropFirst(kind.rawValue.utf8.count).prefix(9)
    guard mark.count == 9, mark.last == UInt8(ascii: "-"),
      mark.dropLast().allSatisfy({ "0123456789abcdef".utf8.contains($0) })
    else { return false }
    return !mark.dropLast().elementsEqual(Self.mark(of: account).utf8)
  }

  /// Whether a file was last written so long ago that nobody can wait for what stands in it, by the wall
  /// clock; the file is not opened for that.
  static func looksForgotten(_ path: String) -> Bool {
    var information = stat()
    guard lstat(path, &information) == 0 else { return false }
    return Int(cc_unix() / 1000) - information.st_mtim.tv_sec > Orphans.longestWait
  }

  /// A new file of an account, locked and still empty; nil where there is no room or no right.
  static func create(
    in folder: String, of account: String, _ kind: Kind = .calls
  ) -> CallFile? {
    // Who looks for orphans may hold an empty file for a moment, and takes it away.
    for _ in 1...8 {
      let mark = SIPText.mark() + SIPText.mark()
      let path = "\(folder)/\(kind.rawValue)\(Self.mark(of: account))-\(mark)\(suffix)"
      let file = open(path, O_CREAT | O_EXCL | O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
      guard file >= 0 else { return nil }
      if flock(file, LOCK_EX | LOCK_NB) == 0, isThere(file) { return CallFile(path, file) }
      close(file)
    }
    return nil
  }

  /// Those that nobody holds any more, one after the other, as long as `take` says true; those of others only
  /// where they look forgotten.
  static func eachLeft(
    _ kind: Kind = .calls, of account: String, in folders: [String], _ take: (CallFile) -> Bool
  ) {
    for folder in folders {
      guard let directory = opendir(folder) else { continue }
      defer { closedir(directory) }
      while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        guard name.hasPrefix(kind.rawValue), name.hasSuffix(suffix) else { continue }
        let path = "\(folder)/\(name)"
        if isAnothers(name, than: account, kind), !looksForgotten(path) { continue }
        guard let file = Self.take(path, of: account) else { continue }
        guard take(file) else { return }
      }
    }
  }

  /// A file that nobody holds any more; nil if somebody does, or it is another account's.
  ///
  /// Whose it is is read before it is locked: who only looks must not keep its owner's next line from it.
  static func take(_ path: String, of account: String) -> CallFile? {
    let file = open(path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard file >= 0 else { return nil }
    var information = stat()
    // The lock first: between the look and the lock another may have ended what it named.
    // Nor is anybody else's word taken for whom to hang up.
    guard fstat(file, &information) == 0, information.st_mode & S_IFMT == S_IFREG,
      information.st_uid == geteuid()
    else {
      close(file)
      return nil
    }
    let taken = CallFile(path, file)
    taken.length = Int(information.st_size)
    if let owner = taken.content?["account"]?.string, owner != account,
      taken.age <= Orphans.longestWait
    {
      return nil
    }
    guard flock(file, LOCK_EX | LOCK_NB) == 0, isThere(file), fstat(file, &information) == 0 else {
      return nil
    }
    taken.length = Int(information.st_size)
    return taken
  }

  private static func isThere(_ file: Int32) -> Bool {
    var information = stat()
    return fstat(file, &information) == 0 && information.st_nlink > 0
  }

  /// Seconds since it was written last; 0 where that cannot be told.
  ///
  /// By the clock of this machine where it has not been started anew since: a wall clock that was set
  /// makes no call older.
  var age: Int {
    if let content, content["boot"]?.string == Boot.id, let written = content["uptime"]?.int {
      return max(0, Boot.seconds - written)
    }
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { return 0 }
    return max(0, Int(cc_unix() / 1000) - information.st_mtim.tv_sec)
  }

  /// What it says now; nil if nothing in it can be read.
  var content: JSONValue? {
    var bytes = [UInt8](repeating: 0, count: min(length, Self.longest))
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    for line in bytes[..<count].split(separator: UInt8(ascii: "\n")).reversed() {
      if let json = try? JSONReader.read(line), json["account"]?.string != nil { return json }
    }
    return nil
  }

  /// Says what is true now; false where there is no room, or the file was taken away.
  func say(_ content: JSONValue) -> Bool {
    // A torn line before it ends here.
    let text =
      (isTorn ? [UInt8(ascii: "\n")] : []) + JSONWriter.write(content) + [UInt8(ascii: "\n")]
    guard descriptor >= 0, Self.isThere(descriptor), length + text.count <= Self.longest / 2
    else { return false }
    let count = write(descriptor, text, text.count)
    length += max(0, count)
    return count == text.count
  }

  /// Whether its last line was not written to its end, by us or by whoever had it before.
  private var isTorn: Bool {
    var last = UInt8(ascii: "\n")
    return length > 0 && pread(descriptor, &last, 1, off_t(length - 1)) == 1
      && last != UInt8(ascii: "\n")
  }

  /// Nothing is left to be ended: the file goes.
  func remove() {
    guard descriptor >= 0 else { return }
    unlink(path)
    letGo()
  }

  /// Lets go of it and leaves it to whoever comes next.
  func letGo() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }
}

/// The time since this machine was started.
enum Boot {
  /// What tells this start of it from every other (random(4)); empty where the kernel does not say.
  static let id: String = {
    let file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return "" }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(file, &bytes, bytes.count)
    return String(decoding: bytes[..<max(0, count)].prefix { $0 > 0x20 }, as: UTF8.self)
  }()

  /// Whole seconds of it, its sleep included.
  static var seconds: Int { Int(cc_uptime() / 1_000_000_000) }
}
