// The part of the configuration that a line gets with `register`.

import CCJSON

/// Gathers the keys of a line: for `sip` those below `sip.`, without their first word; a map in them is
/// an object of its own.
enum LineSettings {
  /// What is the desk's own business: the password travels as the token, or as what a command printed.
  private static let kept = ["password", "passwordCommand"]

  /// What a line that passes the status on must know of `seat.`.
  private static func addSeat(_ object: inout JSONObject, _ configuration: Configuration) {
    object["ringAnyway"] = .bool(configuration.flag("seat.ringAnyway"))
    for name in ["onChange", "codes", "command"] {
      if let text = configuration.text("seat.\(name)") { object[name] = .string(text) }
    }
  }

  static func json(_ line: String, _ configuration: Configuration) -> JSONValue {
    var members: [JSONObject.Member] = []
    // Gathered before they are an object: a map may have tens of thousands of names.
    var maps: [String: [JSONObject.Member]] = [:]
    let prefix = "\(line)."
    for key in configuration.keys where key.name.hasPrefix(prefix) {
      let name = String(key.name.dropFirst(prefix.count))
      guard !kept.contains(name), let value = value(key, configuration) else { continue }
      guard let dot = name.firstIndex(of: ".") else {
        members.append(.init(name: name, value: value))
        continue
      }
      maps[String(name[..<dot]), default: []].append(
        .init(name: String(name[name.index(after: dot)...]), value: value))
    }
    for (map, inner) in maps.sorted(by: { $0.key < $1.key }) {
      members.append(.init(name: map, value: .object(JSONObject(inner))))
    }
    var object = JSONObject(members)
    if line == "sip" {
      addSeat(&object, configuration)
      // Its dial plan is about numbers, and a number has a form at home.
      if let country = configuration.text("numbers.country") {
        object["country"] = .string(country)
      }
    }
    return .object(object)
  }

  private static func value(_ key: ConfigKey, _ configuration: Configuration) -> JSONValue? {
    guard let text = configuration.text(key.name) else { return nil }
    return switch key.kind {
    case .number: .int(Int64(configuration.number(key.name)))
    case .flag: .bool(configuration.flag(key.name))
    case .text, .choice, .country, .secret: .string(text)
    }
  }
}
