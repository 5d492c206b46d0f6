// The SIP line: who would take the calls, and where its password comes from.

import Glibc

/// Looks at the registrar and at the sound of the SIP line.
@MainActor enum SIPChecks {
  static func findings(_ configuration: Configuration) -> [Finding] {
    var findings = [FileChecks.program("ccterm-line-sip")]
    guard let list = configuration.text("sip.registrar") else {
      return findings + [
        .missing("registrar", "sip.registrar is not set", mend: "set sip.registrar and sip.account")
      ]
    }
    let transport = configuration.text("sip.transport") ?? "tcp"
    for part in list.split(separator: ",") {
      let text = part.split(separator: " ").joined()
      findings.append(registrar(text, transport))
    }
    if configuration.text("sip.account") == nil {
      findings.append(.missing("account", "sip.account is not set", mend: "set sip.account"))
    }
    if let command = configuration.text("sip.passwordCommand") {
      findings.append(TokenChecks.command(command, "sip.passwordCommand"))
    } else if configuration.text("sip.password") == nil, configuration.text("token.from") == "none"
    {
      findings.append(
        .warning(
          "password", "none is set", mend: "set sip.passwordCommand, as in pass show pbx/1001"))
    }
    findings += FileChecks.authority("sip.caFile", configuration)
    return findings + calls() + SoundChecks.findings(configuration)
  }

  /// Whether the line can write its calls down: who ends them if it dies.
  private static func calls() -> [Finding] {
    guard let program = Beside.program("ccterm-line-sip"),
      let run = ProbeRun.run([program, "--calls"], seconds: 5), let code = run.code
    else { return [] }
    let lines = run.output.split(separator: "\n").map(String.init)
    guard code != 0 else { return [.ok("calls", "written down in \(lines.first ?? "")")] }
    return [
      .warning(
        "calls", "not written down: \(lines.first ?? "no word why")",
        mend: lines.count > 1 ? lines[1] : "see XDG_STATE_HOME")
    ]
  }

  private static func registrar(_ text: String, _ transport: String) -> Finding {
    let (host, port) = split(text, usual: transport == "tls" ? 5061 : 5060)
    let answer =
      transport == "udp"
      ? Reach.udp(host, port) { options(host, own: $0) } : Reach.tcp(host, port)
    let words = "\(host):\(port) over \(transport): \(answer.words)"
    switch answer {
    case .answers: return .ok("registrar", words)
    case .silent where transport == "udp":
      // A registrar may leave strangers unanswered.
      return .warning(
        "registrar", words, mend: "if the desk does not sign in either: -c sip.transport=tcp")
    default:
      return .missing("registrar", words, mend: "see sip.registrar, the network and its firewall")
    }
  }

  /// `host`, `host:port`, `[v6]:port`.
  static func split(_ text: String, usual: UInt16) -> (host: String, port: UInt16) {
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      let host = String(text[text.index(after: text.startIndex)..<end])
      let port = UInt16(text[text.index(after: end)...].dropFirst())
      return (host, port ?? usual)
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let port = UInt16(parts[1]) else { return (text, usual) }
    return (String(parts[0]), port)
  }

  // RFC 3261, 11.1: any answer to it, a refusal too, is a sign of life.
  private static func options(_ host: String, own: UInt16) -> String {
    let id = SystemClock.now().uptime
    return """
      OPTIONS sip:\(host) SIP/2.0\r
      Via: SIP/2.0/UDP 0.0.0.0:\(own);rport;branch=z9hG4bK\(id)\r
      Max-Forwards: 70\r
      From: <sip:doctor@invalid>;tag=\(id)\r
      To: <sip:\(host)>\r
      Call-ID: \(id)@ccterm-doctor\r
      CSeq: 1 OPTIONS\r
      Content-Length: 0\r
      \r

      """
  }
}
