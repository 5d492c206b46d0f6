// The configuration's files and the program's own folder.

import CCCore
import CLinux
import Glibc

/// Looks at configuration, modes, state folder and programs.
@MainActor enum FileChecks {
  /// The configuration, read with these options; a finding says how it went.
  static func configuration(_ options: ConfigOptions) -> (Configuration?, [Finding]) {
    do throws(Failure) {
      let configuration = try options.load()
      let files = configuration.files
      guard !files.isEmpty else {
        return (
          configuration,
          [.ok("configuration", "none yet: the demo; see ccterm config show --help")]
        )
      }
      return (configuration, files.map(file))
    } catch { return (nil, [unreadable(error.sentence ?? "it cannot be read")]) }
  }

  /// Why there is no configuration; many a sentence has the command that mends it at its end.
  private static func unreadable(_ sentence: String) -> Finding {
    let (words, mend) = split(sentence)
    return .missing(
      "configuration", words, mend: mend ?? "mend that line, or see ccterm config show --help")
  }

  /// A sentence without the command that mends it, and that command where it names one.
  static func split(_ sentence: String) -> (words: String, mend: String?) {
    let mark = "; mend it: "
    var head = sentence[...]
    while !head.isEmpty, !head.hasSuffix(mark) { head.removeLast() }
    guard !head.isEmpty else { return (sentence, nil) }
    return (String(head.dropLast(mark.count)), String(sentence[head.endIndex...]))
  }

  private static func file(_ path: String) -> Finding {
    var status = stat()
    stat(path, &status)
    guard status.st_mode & 0o022 == 0 else {
      return .missing(
        "configuration", "others can change \(path), and it names programs to run",
        mend: "chmod go-w \(path)")
    }
    return .ok("configuration", path)
  }

  static func state() -> Finding {
    do throws(Failure) {
      let path = try StateFolder.path()
      var status = stat()
      guard stat(path, &status) == 0, access(path, W_OK) == 0 else {
        return .missing(
          "state", "\(path) cannot be written", mend: "sudo chown -R $USER \(path)")
      }
      guard status.st_mode & 0o077 == 0 else {
        return .warning("state", "others can look into \(path)", mend: "chmod 700 \(path)")
      }
      return .ok("state", path)
    } catch {
      return .missing(
        "state", error.sentence ?? "it cannot be made",
        mend: "export XDG_STATE_HOME=A FOLDER OF YOURS")
    }
  }

  /// A file of certificates that a key names; nothing where it can be read, or none is set.
  static func authority(_ key: String, _ configuration: Configuration) -> [Finding] {
    guard let path = configuration.text(key) else { return [] }
    switch cc_look_at_file(path) {
    case 0: return []
    case cc_no_file:
      return [.missing("authority", "\(key): \(path) is no file", mend: "set \(key)")]
    case -ENOENT, -ENOTDIR:
      return [.missing("authority", "\(key): \(path) is not there", mend: "set \(key)")]
    default:
      return [
        .missing("authority", "\(key): \(path) cannot be read", mend: "chmod a+r \(path)")
      ]
    }
  }

  /// A program of this house that has to stand beside `ccterm`.
  static func program(_ name: String) -> Finding {
    if Beside.program(name) != nil { return .ok("program", name) }
    return .missing(
      "program", "\(name) is not in \(Beside.folder)", mend: "make install (or swift build)")
  }
}
