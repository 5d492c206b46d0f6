// The configuration, to be read by a person.

import CCCore

extension Configuration {
  /// Each key with its value and where that came from; secrets as `(set)`.
  func table() -> [String] {
    let rows = keys.map { key in (key.name, shown(key), origin(key.name)) }
    let first = rows.map(\.0.count).max() ?? 0
    let second = min(32, rows.map(\.1.count).max() ?? 0)
    return rows.map { name, value, origin in
      Self.padded(name, first) + "  " + Self.padded(value, second) + "  " + origin
    }
  }

  private func shown(_ key: ConfigKey) -> String {
    guard let value = text(key.name) else { return "-" }
    return key.isSecret ? Secret(value).description : SafeText(Self.withoutUser(value)).string
  }

  private func origin(_ name: String) -> String {
    let place =
      switch source(name) {
      case .usual: "default"
      case .file(let path, let line): "\(path):\(line)"
      case .option: "-c"
      }
    return place + (lock(name) == nil ? "" : " (locked)")
  }

  /// An address without the user and password that somebody wrote into it.
  private static func withoutUser(_ value: String) -> String {
    guard let rest = after("://", in: value),
      let at = rest.prefix(while: { $0 != "/" }).lastIndex(of: "@")
    else {
      return value
    }
    return String(value[..<rest.startIndex]) + "(set)" + String(rest[at...])
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func after(_ mark: String, in text: String) -> Substring? {
    var rest = text[...]
    while !rest.isEmpty {
      if rest.hasPrefix(mark) { return rest.dropFirst(mark.count) }
      rest = rest.dropFirst()
    }
    return nil
  }
}
