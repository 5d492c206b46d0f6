// The configuration: layers, each over the one before.

import CCCore
import Glibc

/// What is configured, and where each value came from.
///
/// `/etc/ccterm/config.yaml`, then `$XDG_CONFIG_HOME/ccterm/config.yaml`, then `-c KEY=VALUE`. What
/// stands below `locked:` in the first cannot be overridden by the others, nor by an option of the
/// command line, nor by a key that means the same (`KeyFamily`). `CCTERM_ETC` names another folder for
/// the first; the locks of `/etc/ccterm` hold there too.
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

  /// Why a key cannot be set.
  private struct Lock: Hashable, Sendable {
    /// The file that says so.
    var file: String
    /// The locked key that this one could stand in for; nil: it is locked itself.
    var with: String?
  }

  private var settings: [String: Setting] = [:]
  /// By canonical name: what is locked, and what is held with it.
  private var locks: [String: Lock] = [:]
  /// The files that were there.
  private(set) var files: [String] = []

  /// Reads all layers.
  static func load(options: [String] = []) throws(Failure) -> Configuration {
    let other = Environment.value("CCTERM_ETC").map { $0 + "/config.yaml" }
    return try load(
      locks: other == nil ? nil : systemPath, system: other ?? systemPath, user: userPath,
      options: options)
  }

  /// Reads these layers; of `locks` only what is locked there counts.
  static func load(
    locks: String? = nil, system: String?, user: String?, options: [String]
  ) throws(Failure) -> Configuration {
    var configuration = Configuration()
    if let locks, system.map({ !Files.isSame(locks, $0) }) ?? true {
      try configuration.takeFile(locks, mayLock: true)
      configuration.settings = configuration.settings.filter { $0.value.lockedBy != nil }
    }
    if let system { try configuration.takeFile(system, mayLock: true) }
    if let user { try configuration.takeFile(user, mayLock: false) }
    for option in options { try configuration.takeOption(option) }
    return configuration
  }

  private static let systemPath = "/etc/ccterm/config.yaml"

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
    let open = settings.keys.filter { !ConfigKey.isInTable($0) }
    return ConfigKey.all + open.sorted().compactMap(ConfigKey.named)
  }

  /// A whole number.
  func number(_ name: String) -> Int { text(name).flatMap { Int($0) } ?? 0 }

  /// A flag.
  func flag(_ name: String) -> Bool { text(name) == "yes" }

  /// Where the value of a key came from.
  func source(_ name: String) -> Source { settings[name]?.source ?? .usual }

  /// The file that holds the value down, where one does.
  func lock(_ name: String) -> String? { locks[KeyFamily.canonical(name)]?.file }

  /// What is locked, and what is held with it, in a sentence for each file that locks.
  var lockSentences: [String] {
    Set(locks.values.map(\.file)).sorted().map { file in
      let own = locks.filter { $0.value.file == file }
      let names = own.filter { $0.value.with == nil }.keys.sorted().joined(separator: ", ")
      let others = own.filter { $0.value.with != nil }.keys.sorted().joined(separator: ", ")
      return "locked by \(file): \(names)"
        + (others.isEmpty ? "" : "; what could stand in their place: \(others)")
    }
  }

  /// The value of an option of the command line that is a key as well: it counts first, unless locked.
  func text(_ name: String, or option: String?, named word: String) throws(Failure) -> String? {
    guard let option else { return text(name) }
    if let lock = locks[KeyFamily.canonical(name)], option != text(name) {
      throw .usage("\(word): \(Self.sentence(name, lock))")
    }
    return option
  }

  private static func sentence(_ name: String, _ lock: Lock) -> String {
    "\(name) is locked by \(lock.file)" + (lock.with.map { ", with \($0)." } ?? ".")
  }

  // MARK: Layers

  private mutating func takeFile(_ path: String, mayLock: Bool) throws(Failure) {
    let file: (bytes: [UInt8], mode: mode_t)?
    do throws(Failure) { file = try Files.read(path) } catch {
      throw .usage(error.sentence ?? "")
    }
    guard let file else { return }
    // It names programs to run, and whom to send a password to.
    do throws(Failure) { try Files.checkOwn(path) } catch { throw .usage(error.sentence ?? "") }
    files.append(path)
    let entries: [YamlEntry]
    do throws(YamlError) { entries = try YamlReader.read(file.bytes) } catch {
      throw .usage("\(path), line \(error.line): \(error.problem).")
    }
    for entry in entries where !Self.isLock(entry) {
      let place = "\(path), line \(entry.line)"
      let source = Source.file(path, line: entry.line)
      let key = try set(entry.key, entry.value, source, at: place)
      if key.isSecret, entry.value != nil, file.mode & 0o077 != 0 { throw Self.open(path, key) }
    }
    // Last, so that one without a value holds what the file itself has set.
    for entry in entries where Self.isLock(entry) {
      let key = try lock(entry, path, mayLock: mayLock)
      if key?.isSecret == true, entry.value != nil, file.mode & 0o077 != 0 {
        throw Self.open(path, key)
      }
    }
  }

  private static func open(_ path: String, _ key: ConfigKey?) -> Failure {
    .usage(
      "\(path) holds \(key?.name ?? "a secret") and others can read it; mend it: chmod 600 \(path)")
  }

  private static func isLock(_ entry: YamlEntry) -> Bool {
    entry.key == "locked" || entry.key.hasPrefix("locked.")
  }

  /// How a lock is written.
  static let lockForm =
    "below \u{201C}locked:\u{201D} stand keys with the values that they are held at, "
    + "as in \u{201C}locked: {sip.registrar: pbx.example}\u{201D}"

  /// Takes a line below `locked:`; one without a value holds what is set, or what is usual.
  private mutating func lock(
    _ entry: YamlEntry, _ path: String, mayLock: Bool
  ) throws(Failure) -> ConfigKey? {
    let place = "\(path), line \(entry.line)"
    guard mayLock else { throw .usage("\(place): only \(Self.systemPath) may lock keys.") }
    guard entry.key != "locked" else {
      guard entry.value != nil else { return nil }
      throw .usage(
        "\(place): \(Self.lockForm).")
    }
    let name = String(entry.key.dropFirst("locked.".count))
    let source = Source.file(path, line: entry.line)
    let key = try set(name, entry.value, source, at: place, lockedBy: path)
    let present = settings[name]?.value.revealed ?? key.usual
    let value = entry.value == "" ? "" : present
    settings[name] = Setting(value: Secret(value), source: source, lockedBy: path)
    locks[KeyFamily.canonical(name)] = Lock(file: path, with: nil)
    for other in KeyFamily.held(with: name, at: value) where locks[other] == nil {
      locks[other] = Lock(file: path, with: name)
    }
    return key
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
    // In the file that locks, what is held with a lock may be set; elsewhere nothing of it.
    if let lock = locks[KeyFamily.canonical(name)], lock.file != lockedBy {
      throw .usage("\(place): \(Self.sentence(name, lock))")
    }
    guard let value else { return key }
    switch key.checked(value) {
    case .success(var value):
      if key.isPath, value.hasPrefix("~/"), let home = Environment.value("HOME") {
        value = home + value.dropFirst()
      }
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
