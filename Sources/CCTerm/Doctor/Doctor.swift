// Everything that `ccterm doctor` looks at, in its order.

import CCCore

/// Looks at what a line needs, from the terminal to the vendor.
@MainActor struct Doctor {
  var options: ConfigOptions
  /// `--line`; nil: the configured one.
  var line: String?
  /// Takes each finding as it comes: the browser needs a few seconds.
  var tell: (Finding) -> Void

  /// Looks at everything; whether nothing that is needed is missing.
  func examine() throws(Failure) -> Bool {
    var isFit = true
    func take(_ findings: [Finding]) {
      for finding in findings {
        if finding.state == .missing { isFit = false }
        tell(finding)
      }
    }
    take(TerminalChecks.findings())
    let (configuration, findings) = FileChecks.configuration(options)
    take(findings)
    take([FileChecks.state()])
    guard let configuration else { return false }
    let choice = try LineChoice(line ?? configuration.text("line") ?? "demo")
    take([.ok("line", choice.name.string)])
    take(lineFindings(choice, configuration))
    take(BusChecks.findings(configuration))
    return isFit
  }

  private func lineFindings(_ choice: LineChoice, _ configuration: Configuration) -> [Finding] {
    switch choice {
    case .demo, .replay: return []
    case .program("sip"):
      return SIPChecks.findings(configuration)
        + TokenChecks.findings(configuration, isNeeded: false)
    case .program("sdk"):
      return TokenChecks.findings(configuration, isNeeded: true)
        + BrowserChecks.findings(configuration)
    case .program(let name): return [FileChecks.program("ccterm-line-\(name)")]
    case .exec(let command): return exec(command, choice, configuration)
    }
  }

  private func exec(
    _ command: String, _ choice: LineChoice, _ configuration: Configuration
  ) -> [Finding] {
    let word = command.split(separator: " ").first.map(String.init) ?? ""
    var findings = [
      ProgramSearch.path(word).map { Finding.ok("command", $0) }
        ?? .missing("command", "\(word) is not found", mend: "see --line, and PATH")
    ]
    if let name = choice.settingsName {
      findings += TokenChecks.findings(configuration, isNeeded: name == "sdk")
      findings.append(
        .warning(
          "elsewhere", "the line runs where that command says; this looked at this machine only",
          mend: "there: ccterm doctor --line \(name)"))
    }
    return findings
  }
}
