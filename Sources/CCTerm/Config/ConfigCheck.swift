// What of a configuration cannot work, found without trying it.

import CCCore
import CCJSON
import CCLine
import Glibc

/// Reads every value as the one reads it that needs it.
@MainActor enum ConfigCheck {
  /// A sentence for each fault; none: it can be used.
  static func problems(_ configuration: Configuration) -> [SafeText] {
    var problems: [SafeText] = []
    func attempt(_ body: () throws(Failure) -> Void) {
      do throws(Failure) { try body() } catch { problems.append(SafeText(error.sentence ?? "")) }
    }
    attempt { () throws(Failure) in
      let choice = try LineChoice(configuration.text("line") ?? "demo")
      _ = try CredentialSource(configuration, for: choice)
    }
    attempt { () throws(Failure) in
      guard let choice = try? LineChoice(configuration.text("line") ?? "demo") else { return }
      try DeskProgram.checkHangUp(choice, configuration)
    }
    attempt { () throws(Failure) in
      guard let url = configuration.text("bus.url") else { return }
      _ = try BusOptions(address: url, at: "bus.url", configuration)
      guard !isFloor(configuration) else { return }
      _ = try DeskBusOptions(configuration)
    }
    for key in ConfigFiles.commands {
      guard let words = configuration.text(key) else { continue }
      if case .failure(let refusal) = CommandWords.split(words) {
        problems.append(SafeText("\(key): \(refusal.sentence)"))
      }
    }
    return problems + ConfigFiles.problems(configuration) + line("sip", configuration)
      + line("sdk", configuration)
  }

  /// What works for some and not for others, or elsewhere, a sentence each: it is said, and is no fault.
  static func notes(_ configuration: Configuration) -> [SafeText] {
    var notes = ConfigFiles.missing(configuration)
    if configuration.text("bus.url") != nil, isFloor(configuration) {
      notes.append(
        "bus.url is set, and bus.team and bus.agent are not: enough for a floor, not for a desk.")
    }
    if configuration.text("line") == "sip", configuration.text("sip.password") == nil,
      configuration.text("sip.passwordCommand") == nil, configuration.text("token.from") == "none"
    {
      notes.append(
        "line is sip, and no password is set: only a registrar that asks for none will do.")
    }
    return notes
  }

  /// A floor has neither a team of its own nor an agent nor a line; a desk has them.
  private static func isFloor(_ configuration: Configuration) -> Bool {
    ["bus.team", "bus.agent"].allSatisfy { configuration.text($0) == nil }
      && configuration.source("line") == .usual
  }

  /// Where what holds comes from, for the last sentence.
  static func origins(_ configuration: Configuration) -> String? {
    let files = configuration.files.joined(separator: ", ")
    if !files.isEmpty { return files }
    return configuration.keys.contains { configuration.source($0.name) != .usual }
      ? "what -c sets" : nil
  }

  /// What only one of the lines reads.
  private static let sections = ["sip": ["sip.", "seat."], "sdk": ["sdk."]]
  /// What another line's part may lack: it has to make sense, and need not be whole.
  private static let needed = ["sip": [("registrar", "pbx.invalid"), ("account", "1")]]

  /// What a line of this house says of its part, where there is one.
  private static func line(_ name: String, _ configuration: Configuration) -> [SafeText] {
    let isSet = configuration.keys.contains { key in
      (sections[name] ?? []).contains { key.name.hasPrefix($0) }
        && configuration.source(key.name) != .usual
    }
    let isUsed = configuration.text("line") == name
    guard isSet || isUsed else { return [] }
    let unchecked = "nothing below \(name). is checked."
    guard let program = Beside.program("ccterm-line-\(name)") else {
      let words = "ccterm-line-\(name) is not installed in \(Beside.folder): \(unchecked)"
      return isUsed ? [SafeText(words)] : []
    }
    var object = LineSettings.json(name, configuration).object ?? JSONObject()
    if !isUsed {
      for (key, stand) in needed[name] ?? [] where object[key] == nil {
        object[key] = .string(stand)
      }
    }
    do throws(Failure) {
      let input = try CloudSettings.file(Secret(JSONWriter.string(.object(object))))
      defer { close(input) }
      let run = ProbeRun.run([program, "--check"], input: input, seconds: 5)
      let sentences = run?.output.split(separator: "\n").map { SafeText($0 + ".") } ?? []
      guard let code = run?.code, code == 0 || !sentences.isEmpty else {
        return [SafeText("ccterm-line-\(name) gave no answer: \(unchecked)")]
      }
      return sentences.map { SafeText($0.string.replacingDoubleStop) }
    } catch { return [SafeText(error.sentence ?? "")] }
  }
}

extension String {
  /// One full stop at its end, where there are two.
  fileprivate var replacingDoubleStop: String { hasSuffix("..") ? String(dropLast()) : self }
}
