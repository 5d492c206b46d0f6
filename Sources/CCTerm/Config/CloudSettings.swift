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

  /// `{"cloud": {...}, "token": {...}, "bus": {...}}`; it may hold secrets, and `busPassword` is one.
  static func text(_ configuration: Configuration, busPassword: Secret? = nil) -> Secret {
    var object = JSONObject()
    for section in sections { object[section] = LineSettings.json(section, configuration) }
    if let busPassword {
      var bus = object["bus"]?.object ?? JSONObject()
      bus["password"] = .string(busPassword.revealed)
      object["bus"] = .object(bus)
    }
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
  @MainActor static func handOver(to arguments: [String]) throws(Failure) -> [String] {
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
    let configuration = try Configuration.load(options: options)
    if rest.first == "feed" {
      let other = rest.firstIndex { $0 == "--to" }.flatMap { index in
        rest.indices.contains(index + 1) ? rest[index + 1] : nil
      }
      let joined = rest.first { $0.hasPrefix("--to=") }.map { String($0.dropFirst(5)) }
      _ = try configuration.text("bus.url", or: joined ?? other, named: "--to")
    }
    let password = rest.first == "feed" ? try busPassword(configuration) : nil
    let settings = try file(text(configuration, busPassword: password))
    guard fcntl(settings, F_SETFD, 0) == 0 else {
      throw .failed("the settings cannot be handed over: \(Files.reason()).")
    }
    return rest + ["--settings", String(settings)]
  }

  /// What `bus.passwordCommand` prints, waited for; nil where there is none.
  @MainActor private static func busPassword(_ configuration: Configuration) throws(Failure)
    -> Secret?
  {
    guard let words = configuration.text("bus.passwordCommand") else { return nil }
    guard configuration.text("bus.passwordFile") == nil else { throw BusOptions.twoPasswords }
    let command = try SecretCommand(
      words, name: "bus.passwordCommand", at: SystemClock.now().uptime)
    while true {
      let now = SystemClock.now().uptime
      switch command.ready(at: now) {
      case .success(let found)?: return found.secret
      case .failure(let refusal)?: throw .failed(refusal.sentence)
      case nil:
        var entry = pollfd(fd: command.descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&entry, 1, Int32(clamping: (command.deadline - now) / Instant.millisecond + 1))
      }
    }
  }
}
