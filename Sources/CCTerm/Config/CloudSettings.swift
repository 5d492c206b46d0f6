// The part of the configuration that ccterm-cloud gets, and how it gets it.

import CCCore
import CCJSON
import CLinux
import Glibc

/// Hands `ccterm-cloud` its settings: one JSON object in a file that exists in memory only.
///
/// Arguments and environment of a program can be read by others, so only the number of a descriptor
/// stands there: `--settings 5`.
enum CloudSettings {
  /// The sections that it gets.
  private static let sections = ["cloud", "token", "bus"]

  /// `{"cloud": {...}, "token": {...}, "bus": {...}}`; it may hold secrets.
  static func text(_ configuration: Configuration) -> Secret {
    var object = JSONObject()
    for section in sections { object[section] = LineSettings.json(section, configuration) }
    return Secret(JSONWriter.string(.object(object)))
  }

  /// A file in memory that holds the settings, read from its start; closed on exec.
  static func file(_ settings: Secret) throws(Failure) -> Int32 {
    let descriptor = memfd_create("ccterm-settings", cc_memfd_cloexec)
    guard descriptor >= 0, Say.write(settings.revealed, to: descriptor),
      lseek(descriptor, 0, SEEK_SET) == 0
    else { throw .failed("the settings cannot be handed over: \(Files.reason()).") }
    return descriptor
  }

  /// The arguments of `ccterm cloud ...` as `ccterm-cloud` gets them: `-c KEY=VALUE` is read here, and
  /// the settings are left open for it.
  static func handOver(to arguments: [String]) throws(Failure) -> [String] {
    let isHelp =
      arguments.isEmpty || arguments[0] == "help"
      || arguments.contains { ["-h", "--help", "--version"].contains($0) }
    if isHelp { return arguments }
    var (rest, options) = ([String](), [String]())
    var words = arguments[...]
    while let word = words.popFirst() {
      if word == "-c", let option = words.popFirst() {
        options.append(option)
      } else {
        rest.append(word)
      }
    }
    let settings = try file(text(Configuration.load(options: options)))
    guard fcntl(settings, F_SETFD, 0) == 0 else {
      throw .failed("the settings cannot be handed over: \(Files.reason()).")
    }
    return rest + ["--settings", String(settings)]
  }
}
