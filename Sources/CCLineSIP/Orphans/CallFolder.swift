// Where the calls of a line are written down, and why they cannot be.

import Glibc

/// A folder for the user alone, that outlasts the session; or what is wrong with it, and what mends it.
struct CallFolder: Hashable {
  /// Why calls are not written down as they should be.
  struct Trouble: Error, Hashable {
    /// As in `/home/li/.local/state/ccterm/line-sip is a symbolic link`.
    var why: String
    /// A command, or what to do.
    var mend: String
    /// Whether they are written down all the same, until the session ends.
    var isUntilLogout = false

    /// The warning of a line.
    var sentence: String {
      let what =
        isUntilLogout
        ? "calls are written down only until you log out" : "calls are not written down"
      return "\(what): \(why); mend: \(mend)"
    }
  }

  /// Ours alone, the one that is written to first.
  var folders: [String] = []
  var trouble: Trouble?

  /// `$XDG_STATE_HOME/ccterm/line-sip`, else `~/.local/state/ccterm/line-sip`.
  ///
  /// The run folder goes with the session: it is used only where there is no home to write in. Made
  /// here, for the user alone; one of ours that others can look into is shut.
  ///
  /// `isTried`: whether something is written there, since only that shows whether there is room.
  static func find(isTried: Bool = true) -> CallFolder {
    var found = CallFolder()
    do throws(Trouble) {
      guard let base = value("XDG_STATE_HOME") ?? value("HOME").map({ $0 + "/.local/state" }) else {
        throw Trouble(why: "neither XDG_STATE_HOME nor HOME names a folder", mend: "export HOME")
      }
      found.folders.append(try folder(in: base, isMade: true))
      if isTried { try attempt(found.folders[0]) }
    } catch {
      found.trouble = error
    }
    // What an earlier line left there is found too, also where this one writes elsewhere.
    guard let run = value("XDG_RUNTIME_DIR"),
      let path = try? folder(in: run, isMade: found.trouble != nil)
    else { return found }
    found.folders.append(path)
    if isTried, found.trouble != nil, (try? attempt(path)) != nil {
      found.trouble?.isUntilLogout = true
    }
    return found
  }

  private static func value(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
  }

  private static func folder(in base: String, isMade: Bool) throws(Trouble) -> String {
    var path = ""
    for part in "\(base)/ccterm/line-sip".split(separator: "/") {
      path += "/\(part)"
      guard isMade, mkdir(path, 0o700) != 0, errno != EEXIST else { continue }
      let why = reason(errno)
      // One that is there, and may not be made, may be looked into all the same.
      if access(path, F_OK) != 0 {
        throw Trouble(why: "\(path) cannot be made: \(why)", mend: elsewhere)
      }
    }
    try shut(path)
    return path
  }

  private static func attempt(_ path: String) throws(Trouble) {
    guard let file = CallFile.create(in: path, of: "") else { throw unwritable(path, errno) }
    defer { file.remove() }
    guard file.say("") else { throw unwritable(path, errno) }
  }

  /// Refuses what is not our own folder, and closes one that is to others.
  private static func shut(_ path: String) throws(Trouble) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      throw Trouble(why: "\(path) cannot be looked at: \(reason(errno))", mend: elsewhere)
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: break
    case S_IFLNK: throw Trouble(why: "\(path) is a symbolic link", mend: "rm \(path)")
    default: throw Trouble(why: "\(path) is no folder", mend: "rm \(path)")
    }
    guard status.st_uid == geteuid() else {
      throw Trouble(why: "\(path) belongs to another user", mend: elsewhere)
    }
    guard status.st_mode & 0o077 != 0 else { return }
    // By its descriptor: nobody puts a link in its place meanwhile.
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    defer { if folder >= 0 { close(folder) } }
    guard folder >= 0, fchmod(folder, 0o700) == 0 else {
      throw Trouble(why: "others can look into \(path)", mend: "chmod 700 \(path)")
    }
  }

  /// Why nothing can be written into a folder.
  static func unwritable(_ path: String, _ code: Int32) -> Trouble {
    let mend =
      switch code {
      case ENOSPC, EDQUOT: "make room on its disk"
      case EFBIG: "see ulimit -f"
      case EMFILE, ENFILE: "see ulimit -n"
      case EACCES: "chmod 700 \(path)"
      default: elsewhere
      }
    return Trouble(why: "\(path) cannot be written: \(reason(code))", mend: mend)
  }

  private static let elsewhere = "export XDG_STATE_HOME=A FOLDER OF YOURS"

  private static func reason(_ code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }

  /// What `ccterm doctor` asks: prints the folder, or what is wrong and what mends it, a line each; the exit
  /// code: 0 calls are written down, 1 they are not, or not for long.
  static func check() -> Int32 {
    let found = find()
    guard let trouble = found.trouble else {
      print(found.folders.first ?? "")
      return 0
    }
    print(trouble.why)
    print(trouble.mend)
    return 1
  }
}
