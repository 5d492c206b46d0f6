// Every value that is shown as an example is run: in documents, in the help, and of every key.

import CCTestSupport
import Foundation
import Testing

@testable import CCTerm

@Suite struct ExampleValueTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  private func check(_ text: String) throws -> (code: Int32?, out: [String], errors: String) {
    // Only the company locks.
    let locks = text.contains("locked:")
    try sandbox.write("etc/config.yaml", locks ? text : "")
    try sandbox.write("config/ccterm/config.yaml", locks ? "" : text)
    return try Running.once(["config", "check"], in: sandbox)
  }

  /// Every block of YAML in the documents, and the files that packages bring.
  private static func blocks() throws -> [(place: String, text: String)] {
    var blocks: [(String, String)] = []
    let documents = try FileManager.default.contentsOfDirectory(atPath: Repository.path("docs"))
      .filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }
    for name in documents + ["README.md"] {
      let text = try String(contentsOfFile: Repository.path(name), encoding: .utf8)
      for (index, part) in text.components(separatedBy: "```yaml\n").dropFirst().enumerated() {
        blocks.append(("\(name) \(index + 1)", part.components(separatedBy: "```")[0]))
      }
    }
    for name in [
      "mosquitto/desk-config.yaml", "mosquitto/floor-config.yaml", "token-service/config.yaml",
    ] {
      let path = Repository.path("packaging/\(name)")
      blocks.append((name, try String(contentsOfFile: path, encoding: .utf8)))
    }
    let help = ConfigCommand.Show.configuration.discussion
    let sample = help.components(separatedBy: "looks like this:\n")
    if sample.count == 2 {
      let parts = sample[1].components(separatedBy: "\n\nIn /etc/ccterm")
      blocks.append(("config show --help", parts[0]))
      let lock = parts.last?.components(separatedBy: "usual:\n").last ?? ""
      blocks.append(("config show --help, locks", lock))
    }
    return blocks
  }

  @Test func everyBlockOfTheDocumentsIsRight() throws {
    let blocks = try Self.blocks()
    #expect(blocks.count >= 8 && blocks.count { $0.place.hasPrefix("config show") } == 2)
    #expect(blocks.count { $0.text.contains("locked:") } == 3)
    for (place, text) in blocks {
      let run = try check(text)
      #expect(run.code == 0, "\(place): \(run.out) \(run.errors)")
    }
  }

  /// What a key of any text takes; each is also in its help where that shows one.
  private static let texts: [String: [String]] = [
    "line": [
      "demo", "sip", "sdk", "replay:FILE", "exec:COMMAND", "exec:ssh my-pc ccterm line sip",
    ],
    "desk.account": ["Ana Ruiz", "李伟"],
    "seat.codes": ["break=*45 idle=*46", "break=*45 idle=*46 offline=*47"],
    "seat.command": ["/usr/local/bin/tell-pbx 1001"],
    "sip.registrar": [
      "pbx.example", "pbx.example:5070", "a.example,b.example", "192.0.2.1", "[2001:db8::1]:5060",
    ],
    "sip.domain": ["pbx.example"],
    "sip.account": ["1001", "1001@pbx.example"],
    "sip.password": ["secret"],
    "sip.passwordCommand": ["pass show pbx/1001"],
    "sip.trusted": ["192.0.2.7, 10.0.0.0/8", "proxy.example", "2001:db8::/32", "2001:db8::1"],
    "sip.codecs": ["opus,pcmu,pcma", "pcma"],
    "sip.audio": ["auto", "pulse", "alsa", "none", "file:IN,OUT"],
    "sip.microphone": ["calm"], "sip.loudspeaker": ["calm_out"], "sip.ringer": ["Headset"],
    "sip.infoHeader": ["X-CC-Info"],
    "sip.realm": ["pbx.example"],
    "sip.dialPlan": ["0900X. -> refuse; 0|Z. -> +49"],
    "sip.emergency": ["112 911 999", "112, 110"],
    "sdk.script": ["https://host.example/sdk.js", "file:/opt/sdk.js"],
    "sdk.origin": ["https://softphone.invalid"],
    "sdk.browser": ["/usr/bin/chromium"],
    "token.url": ["https://token.example/v1/token"],
    "token.body": ["{\"agent\":\"li\"}"], "token.user": ["liwei"], "token.secret": ["x"],
    "token.secretFile": ["~/.config/ccterm/token-secret"],
    "token.path": ["data.token"], "token.expiresPath": ["data.expires"],
    "token.command": ["pass show token"], "token.file": ["/run/user/1000/token"],
    "cloud.api": ["https://api.example"], "cloud.key": ["KEY"], "cloud.secret": ["x"],
    "cloud.secretFile": ["/etc/ccterm/vendor-secret"],
    "cloud.agentsFile": ["/etc/ccterm/token-agents"], "cloud.team": ["cloud"],
    "bus.url": ["mqtts://broker.example", "mqtts://a.example,b.example:8884", "mqtt://localhost"],
    "bus.team": ["red"], "bus.agent": ["1001"], "bus.name": ["Ana Ruiz"], "bus.user": ["red/1001"],
    "bus.passwordFile": ["bus.password"], "bus.passwordCommand": ["pass show bus"],
    "bus.caFile": ["bus-ca.crt"],
    "sip.caFile": ["/etc/ssl/pbx.pem"],
    "time.zone": ["Europe/Madrid"],
  ]

  /// What has to stand beside a key so that it makes sense at all.
  private static let beside: [String: String] = [
    "sip.caFile": "sip.transport: tls\n", "bus.caFile": "bus.url: mqtts://broker.example\n",
  ]

  @Test func everyKeyTakesWhatItIsSaidToTake() throws {
    for key in ConfigKey.all {
      let values: [String]
      switch key.kind {
      case .choice(let words): values = words
      case .flag: values = ["yes", "no", "true", "false", "on", "off"]
      case .number(let range): values = ["\(range.lowerBound)", "\(range.upperBound)"]
      case .country: values = ["GB", "44", "+44"]
      case .text, .secret: values = try #require(Self.texts[key.name], "no example of \(key.name)")
      }
      for value in values + (key.usual.isEmpty ? [] : [key.usual]) {
        // What stands alone in the check would ask for what belongs to it.
        if key.name == "token.from", value != "none" { continue }
        let quoted = value.replacingOccurrences(of: "'", with: "''")
        let more =
          (Self.beside[key.name] ?? "")
          + (key.name == "sip.srtp" ? "sip.transport: tls\n" : "")
          + (value == "sip" ? "sip: {registrar: pbx.example, account: 1}\n" : "")
          + (key.name == "seat.onChange" && value == "command" ? "seat.command: /bin/true\n" : "")
        let run = try check("\(key.name): '\(quoted)'\n\(more)")
        #expect(run.code == 0, "\(key.name): \(value): \(run.out) \(run.errors)")
      }
    }
  }

  /// What cannot work is said, by whoever it is that would need it.
  @Test(arguments: [
    (
      "sip.dialPlan: 0|Z. -> +49; 0900X. -> refuse",
      "can never be reached: “0|Z. -> +49” comes first"
    ),
    ("sip.dialPlan: 0900X", "a rule is PATTERN -> RESULT"),
    ("sip.emergency: one one two", "sip.emergency is a list of numbers"),
    ("sip.codecs: mp3", "sip.codecs is a list"),
    ("sip.srtp: required", "sip.srtp needs sip.transport: tls"),
    ("sip.audio: loud", "sip.audio is"),
    ("sip.registrar: 'a b:c'", "sip.registrar is no host"),
    ("line: sip", "sip.registrar is not set"),
    ("line: sap", "there is no line sap"),
    ("token.from: url", "token.url is not set"),
    ("bus.url: http://x", "a bus is mqtt://HOST"),
    ("bus: {url: mqtt://127.evil.example, passwordFile: x}", "in the clear"),
    ("bus: {url: mqtts://x, team: red}", "bus.agent is not"),
    ("token.command: \"'\"", "token.command: "),
    ("seat.onChange: dial\nseat.codes: nonsense", "seat.codes"),
    ("sdk.origin: http://desk.example", "sdk.origin is an https origin"),
    ("sdk.script: ftp://host.example/x.js", "sdk.script is an https address"),
    ("sdk.script: 'file:'", "sdk.script: file: wants a path"),
    ("line: sdk\nsdk.origin: https://a.example/path", "sdk.origin is an https origin"),
    ("sdk.options.token: x", "the token comes from token.from"),
    ("line: sdk\nquit.hangUp: no", "quit.hangUp: no is impossible on the line sdk"),
    (
      "line: sip\nsip: {registrar: a.example, account: 1}\nquit.hangUp: no",
      "quit.hangUp: no is impossible on the line sip"
    ),
    (
      "seat: {onChange: dial, codes: break=0900123}\nsip.dialPlan: '0900X. -> refuse: no premium'",
      "seat.codes: break=0900123 is never dialled: no premium"
    ),
    ("seat: {onChange: dial, codes: idle=112}", "idle=112 is never dialled: 112 is an emergency"),
  ])
  func whatCannotWorkIsSaid(_ text: String, _ words: String) throws {
    let run = try check(text + "\n")
    #expect(run.code == 1 && run.out.joined(separator: "\n").contains(words), "\(text): \(run)")
  }

  /// The same rule is named when the line starts, once.
  @Test func theLineNamesItToo() throws {
    try sandbox.write(
      "config/ccterm/config.yaml",
      "sip: {registrar: 127.0.0.1:\(Ports.free()), account: 1, password: x, "
        + "audio: none, dialPlan: '0|Z. -> +49; 0900X. -> refuse'}\n")
    let desk = try Running(["--json", "--line", "sip"], in: sandbox)
    #expect(desk.wait { desk.lines.contains { $0.contains("can never be reached") } })
  }
}
