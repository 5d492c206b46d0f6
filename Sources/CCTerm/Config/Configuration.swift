// The configuration: layers, each over the one before.

import CCCore
import Glibc

/// What is configured, and where each value came from.
///
/// `/etc/ccterm/config.yaml`, then `$XDG_CONFIG_HOME/ccterm/config.yaml`, then `-c KEY=VALUE`. What
/// stands below `locked:` in the first cannot be overridden by the others.
struct Configuration: Hashable, Sendable {
  /// Where a value came from.
  enum Source: Hashable, Sendable {
    case usual
    case file(String, line: Int)
    case option
  }

  /// A value that was set.
  private struct Setting: Hashable, Sendable {
    var value: Secret
    var source: Source
    var lockedBy: String?
  }

  private var settings: [String: Setting] = [:]
  /// The files that were there.
  private(set) var files: [String] = []

  /// Reads all layers.
  static func load(options: [String] = []) throws(Failure) -> Configuration {
    try load(system: systemPath, user: userPath, options: options)
  }

  /// Reads these layers.
  static func load(
    system: String?, user: String?, options: [String]
  ) throws(Failure) -> Configuration {
    var configuration = Configuration()
    if let system { try configuration.takeFile(system, mayLock: true) }
    if let user { try configuration.takeFile(user, mayLock: false) }
    for option in options { try configuration.takeOption(option) }
    return configuration
  }

  private static var systemPath: String {
    (Environment.value("CCTERM_ETC") ?? "/etc/ccterm") + "/config.yaml"
  }

  private static var userPath: String? {
    Environment.folder("XDG_CONFIG_HOME", orHome: ".config").map { $0 + "/ccterm/config.yaml" }
  }

  // MARK: Asking

  /// Whether nobody has configured anything.
  var isEmpty: Bool { settings.isEmpty }

  /// A text; nil where none is set and there is no usual one.
  func text(_ name: String) -> String? {
    let value = settings[name]?.value.revealed ?? ConfigKey.named(name)?.usual ?? ""
    return value.isEmpty ? nil : value
  }

  /// Every key there is, and those that were set in an open map.
  var keys: [ConfigKey] {
    let known = Set(ConfigKey.all.map(\.name))
    let open = settings.keys.filter { !known.contains($0) }
    return ConfigKey.all + open.sorted().compactMap(ConfigKey.named)
  }

  /// A whole number.
  func number(_ name: String) -> Int { text(name).flatMap { Int($0) } ?? 0 }

  /// A flag.
  func flag(_ name: String) -> Bool { text(name) == "yes" }

  /// Where the value of a key came from.
  func source(_ name: String) -> Source { settings[name]?.source ?? .usual }

  /// The file that holds the value down, where one does.
  func lock(_ name: String) -> String? { settings[name]?.lockedBy }

  // MARK: Layers

  private mutating func takeFile(_ path: String, mayLock: Bool) throws(Failure) {
    let file: (bytes: [UInt8], mode: mode_t)?
    do throws(Failure) { file = try Files.read(path) } catch {
      throw .usage(error.sentence ?? "")
    }
    guard let file else { return }
    files.append(path)
    let entries: [YamlEntry]
    do throws(YamlError) { entries = try YamlReader.read(file.bytes) } catch {
      throw .usage("\(path), line \(error.line): \(error.problem).")
    }
    for entry in entries {
      let place = "\(path), line \(entry.line)"
      let isLocked = entry.key == "locked" || entry.key.hasPrefix("locked.")
      guard !isLocked || mayLock else {
        throw .usage("\(place): only \(Self.systemPath) may lock keys.")
      }
      let name = isLocked ? String(entry.key.dropFirst("locked.".count)) : entry.key
      if name.isEmpty { continue }
      let source = Source.file(path, line: entry.line)
      let key = try set(name, entry.value, source, at: place, lockedBy: isLocked ? path : nil)
      if key.isSecret, entry.value != nil, file.mode & 0o077 != 0 {
        throw .usage("\(path) holds \(name) and others can read it; mend it: chmod 600 \(path)")
      }
    }
  }

  private mutating func takeOption(_ option: String) throws(Failure) {
    guard let equals = option.firstIndex(of: "="), equals != option.startIndex else {
      throw .usage("-c \(option): KEY=VALUE is expected, as in -c seat.wrapUp=10.")
    }
    let name = String(option[..<equals])
    if ConfigKey.named(name)?.isSecret == true {
      // The arguments of a program can be read by everybody on the machine.
      throw .usage("-c \(name): a secret has no place in a command; put it into a file, mode 0600.")
    }
    try set(name, String(option[option.index(after: equals)...]), .option, at: "-c \(name)")
  }

  @discardableResult
  private mutating func set(
    _ name: String, _ value: String?, _ source: Source, at place: String, lockedBy: String? = nil
  ) throws(Failure) -> ConfigKey {
    guard let key = ConfigKey.named(name) else {
      let known = ConfigKey.all.map(\.name)
      let hint =
        Nearest.word(to: name, in: known).map { "did you mean \($0)?" }
        ?? "\u{201C}ccterm config show\u{201D} names all keys."
      throw .usage("\(place): there is no key \(SafeText(name)); \(hint)")
    }
    if let lock = settings[name]?.lockedBy, lockedBy == nil {
      throw .usage("\(place): \(name) is locked by \(lock).")
    }
    guard let value else { return key }
    switch key.checked(value) {
    case .success(var value):
      // A file beside the configuration is found wherever the program is started.
      if key.isPath, case .file(let path, _) = source, !value.hasPrefix("/"),
        let slash = path.lastIndex(of: "/")
      {
        value = path[...slash] + value
      }
      settings[name] = Setting(value: Secret(value), source: source, lockedBy: lockedBy)
    case .failure(let wrong):
      throw .usage("\(place): \(name) \(wrong.words).")
    }
    return key
  }
}
