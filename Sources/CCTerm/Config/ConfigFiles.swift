// Whether what a configuration names is there, and whether a secret may go where it points.

import CCCore
import CCLine
import Glibc

/// Looks at files, programs and addresses of a configuration without opening any of them.
@MainActor enum ConfigFiles {
  /// A sentence for each that is not on this machine: it may come yet, and is no fault of what is written.
  static func missing(_ configuration: Configuration) -> [SafeText] {
    var problems: [SafeText] = []
    for key in configuration.keys where key.isPath && isUsed(key.name, configuration) {
      guard let path = configuration.text(key.name), access(path, F_OK) != 0 else { continue }
      problems.append(SafeText("\(key.name): \(path) is not there."))
    }
    for key in commands where isUsed(key, configuration) {
      guard let text = configuration.text(key), case .success(let words) = CommandWords.split(text),
        let word = words.first, ProgramSearch.path(word) == nil
      else { continue }
      problems.append(SafeText("\(key): \(word) is not found."))
    }
    if let sound = configuration.text("sip.audio"), sound.hasPrefix("file:") {
      let path = String(sound.dropFirst(5).prefix { $0 != "," })
      if !path.isEmpty, access(path, R_OK) != 0 {
        problems.append(SafeText("sip.audio: \(path) is not there."))
      }
    }
    return problems
  }

  /// A sentence for an address that no secret goes to.
  static func problems(_ configuration: Configuration) -> [SafeText] {
    guard configuration.text("token.from") == "url", let url = configuration.text("token.url"),
      let why = refusal(of: url)
    else { return [] }
    return [SafeText("token.url \(why).")]
  }

  /// Commands whose program is looked for; what is shared with the line is the line's word too.
  static let commands = [
    "sip.passwordCommand", "token.command", "bus.passwordCommand", "seat.command",
  ]

  /// A source of the token that is not chosen may stay where it is.
  private static func isUsed(_ key: String, _ configuration: Configuration) -> Bool {
    guard configuration.source(key) != .usual else { return false }
    switch key {
    case "token.file": return configuration.text("token.from") == "file"
    case "token.command": return configuration.text("token.from") == "command"
    case "token.secretFile": return configuration.text("token.from") == "url"
    // It is of the host that serves tokens.
    case "cloud.agentsFile", "cloud.secretFile": return false
    default: return true
    }
  }

  /// Why a secret does not go to an address, as the one says it that asks there; nil: it may.
  static func refusal(of address: String) -> String? {
    let parts = address.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1].isEmpty, parts[0].hasSuffix(":") else {
      return "has no address that can be used: https://HOST/PATH is expected"
    }
    let place = parts[2].prefix { !"/?#".contains($0) }
    if place.contains("@") {
      return "has a user in its address; a secret has no place there"
    }
    let host: Substring
    if place.hasPrefix("["), let end = place.firstIndex(of: "]") {
      host = place[...end]
    } else {
      host = place.prefix { $0 != ":" }
    }
    guard !host.isEmpty else {
      return "has no address that can be used: https://HOST/PATH is expected"
    }
    switch parts[0].lowercased() {
    case "https:": return nil
    case "http:" where ThisMachine.isNamed(host): return nil
    case "http:":
      return "would get secrets in the clear: https:// is expected, http:// only to localhost"
    default: return "has an address that is neither https:// nor http://"
    }
  }
}
