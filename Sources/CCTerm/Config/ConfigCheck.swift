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
      guard let url = configuration.text("bus.url") else { return }
      _ = try BusOptions(address: url, at: "bus.url", configuration)
      // A floor has neither; a desk has both.
      guard configuration.text("bus.team") != nil || configuration.text("bus.agent") != nil else {
        return
      }
      _ = try DeskBusOptions(configuration)
    }
    for key in commands {
      guard let words = configuration.text(key) else { continue }
      if case .failure(let refusal) = CommandWords.split(words) {
        problems.append(SafeText("\(key): \(refusal.sentence)"))
      }
    }
    return problems + line(configuration)
  }

  private static let commands = [
    "sip.passwordCommand", "token.command", "bus.passwordCommand", "seat.command",
  ]

  /// What the SIP line says of its part, where there is one.
  private static func line(_ configuration: Configuration) -> [SafeText] {
    let isUsed = configuration.keys.contains { key in
      ["sip.", "seat."].contains { key.name.hasPrefix($0) }
        && configuration.source(key.name) != .usual
    }
    let isSIP = configuration.text("line") == "sip"
    guard isUsed || isSIP else { return [] }
    guard let program = Beside.program("ccterm-line-sip") else {
      let words =
        "ccterm-line-sip is not installed in \(Beside.folder): nothing below sip. is checked."
      return isSIP ? [SafeText(words)] : []
    }
    var object = LineSettings.json("sip", configuration).object ?? JSONObject()
    if !isSIP {
      // Another line is used: its part has to make sense, and need not be whole.
      for (name, stand) in [("registrar", "pbx.invalid"), ("account", "1")]
      where object[name] == nil { object[name] = .string(stand) }
    }
    do throws(Failure) {
      let input = try CloudSettings.file(Secret(JSONWriter.string(.object(object))))
      defer { close(input) }
      let run = ProbeRun.run([program, "--check"], input: input, seconds: 5)
      let sentences = run?.output.split(separator: "\n").map { SafeText($0 + ".") } ?? []
      guard let code = run?.code, code == 0 || !sentences.isEmpty else {
        return ["ccterm-line-sip gave no answer: nothing below sip. is checked."]
      }
      return sentences.map { SafeText($0.string.replacingDoubleStop) }
    } catch { return [SafeText(error.sentence ?? "")] }
  }
}

extension String {
  /// One full stop at its end, where there are two.
  fileprivate var replacingDoubleStop: String { hasSuffix("..") ? String(dropLast()) : self }
}
