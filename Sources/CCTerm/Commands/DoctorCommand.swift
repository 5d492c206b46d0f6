// `ccterm doctor`: what is missing, and the command that mends it.

import ArgumentParser
import CCJSON

/// Looks at this machine with a line's needs in mind.
struct DoctorCommand: ParsableCommand, Runnable {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Look for what is missing, and name the command that mends it.",
    discussion: """
      Looks at terminal, locale, configuration and files; then at what the line needs: for sip the
      registrar and the sound, for sdk the token's source, the browser (asked itself for WebRTC and a
      microphone) and the vendor's script. No token is issued: that would void the one in use.

        ccterm doctor
        ccterm doctor --line sdk
        ccterm doctor --keys         press each key, see what arrives

      ok: it is as it should be. warning: it works, but worse than it could. missing: it is needed and
      not there; then the exit code is 1.
      """)

  @Option(help: "The line that is to work: sip, sdk, ...; the configured one by default.")
  var line: String?

  @Flag(help: "Press each key of the desk and see whether it arrives.")
  var keys = false

  @Flag(help: "One JSON object a finding, and one for the whole.")
  var json = false

  @OptionGroup var config: ConfigOptions

  @MainActor func start() throws(Failure) {
    guard !(keys && json) else { throw .usage("--keys and --json: one of the two.") }
    if keys { return try KeyTest.run() }
    let doctor = Doctor(options: config, line: line) { finding in
      if json { Say.out(finding.json) } else { finding.rows.forEach(Say.out) }
    }
    let isFit = try doctor.examine()
    if json {
      Say.out(JSONWriter.string(["v": 1, "type": "doctor", "ok": .bool(isFit)]))
    }
    guard isFit else {
      throw .failed("something that is needed is missing; the lines above say what mends it.")
    }
  }
}
