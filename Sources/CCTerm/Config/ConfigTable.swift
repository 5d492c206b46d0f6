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
    return key.isSecret ? Secret(value).description : SafeText(value).string
  }

  private func origin(_ name: String) -> String {
    switch source(name) {
    case .usual: "default"
    case .file(let path, let line): "\(path):\(line)" + (lock(name) == nil ? "" : " (locked)")
    case .option: "-c"
    }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
