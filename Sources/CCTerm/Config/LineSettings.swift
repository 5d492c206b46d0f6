// The part of the configuration that a line gets with `register`.

import CCJSON

/// Gathers the keys of a line: for `sip` those below `sip.`, without their first word.
enum LineSettings {
  /// What is the desk's own business: the password travels as the token, from its source.
  private static let kept = ["password", "passwordCommand"]

  static func json(_ line: String, _ configuration: Configuration) -> JSONValue {
    var object = JSONObject()
    let prefix = "\(line)."
    for key in ConfigKey.all where key.name.hasPrefix(prefix) {
      let name = String(key.name.dropFirst(prefix.count))
      guard !kept.contains(name), let text = configuration.text(key.name) else { continue }
      switch key.kind {
      case .number: object[name] = .int(Int64(configuration.number(key.name)))
      case .flag: object[name] = .bool(configuration.flag(key.name))
      case .text, .choice, .secret: object[name] = .string(text)
      }
    }
    return .object(object)
  }
}
