// `ccterm cloud script`: whether the vendor's script is reachable, and really a script.

import ArgumentParser
import CCCloud
import CCCore
import CCJSON
import CLinux
import Foundation

/// Fetches the script as a browser would, and says what came; `ccterm doctor` asks.
struct ScriptCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "script",
    abstract: "Look whether the SDK's script is reachable and really a script.")

  @Argument(help: "Its address.")
  var address: String

  // ccterm hands its settings to every word; this one needs none.
  @OptionGroup var settings: SettingsOption

  /// The largest script that is looked at.
  static let limit = 8 << 20

  func run() async throws {
    let host = SafeText(SafeAddress.host(address), limit: 80).string
    let answer: HTTPAnswer
    do throws(HTTPTrouble) {
      answer = try await HTTPTransport().carry(
        HTTPAsk("GET", address, patience: 15, limit: Self.limit))
    } catch { return try refuse("\(host) \(error.words).") }
    if let trouble = Self.trouble(answer) { return try refuse("\(host) \(trouble).") }
    let now = cc_unix()
    var object = JSONObject()
    object["ok"] = .bool(true)
    object["bytes"] = .int(Int64(answer.body.count))
    object["skew"] = HTTPDate.skew(answer, now: now).map { .int(Int64($0)) }
    Out.line(JSONWriter.string(.object(object)))
  }

  /// Why an answer is not the script; nil if it can be.
  static func trouble(_ answer: HTTPAnswer) -> String? {
    if (300...399).contains(answer.status) {
      return "sends elsewhere (\(answer.status)): a captive portal or a proxy stands between"
    }
    guard (200...299).contains(answer.status) else { return "failed (HTTP \(answer.status))" }
    if answer.isPage {
      return
        "answers with a web page instead of the script: a captive portal or a proxy stands between"
    }
    return answer.body.isEmpty ? "answers with nothing" : nil
  }

  private func refuse(_ sentence: String) throws {
    Out.line(JSONWriter.string(["error": .string(sentence)]))
    throw ExitCode(1)
  }
}
