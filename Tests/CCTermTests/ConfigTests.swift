// The configuration: layers, locks, secrets, and what it says to mistakes.

import Foundation
import Testing

@testable import CCTerm

@Suite struct ConfigTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  private func load(
    system: String? = nil, user: String? = nil, mode: Int = 0o600, _ options: String...
  ) throws -> Configuration {
    try Configuration.load(
      system: system.map { try sandbox.write("etc/config.yaml", $0, mode: mode) },
      user: user.map { try sandbox.write("config/config.yaml", $0, mode: mode) },
      options: options)
  }

  private func sentence(_ body: () throws -> Configuration) -> String {
    do {
      _ = try body()
      return "(no failure)"
    } catch let failure as Failure {
      guard case .usage(let sentence) = failure else { return "\(failure)" }
      return sentence.replacingOccurrences(of: sandbox.folder.path, with: "")
    } catch {
      return "\(error)"
    }
  }

  @Test func laterLayersWin() throws {
    let configuration = try load(
      system: "seat:\n  wrapUp: 5\nline: sip\n", user: "seat: {wrapUp: 7}\nscreen.bell: off\n",
      "screen.colour=8")
    #expect(configuration.number("seat.wrapUp") == 7)
    #expect(configuration.text("line") == "sip")
    #expect(!configuration.flag("screen.bell"))
    #expect(configuration.text("screen.colour") == "8")
    #expect(configuration.text("sip.registrar") == nil)
    #expect(configuration.source("screen.colour") == .option)
    #expect(configuration.source("line") == .file(sandbox.path("etc/config.yaml"), line: 3))
    #expect(configuration.source("quit.hangUp") == .usual)
  }

  @Test func nothingConfiguredIsKnown() throws {
    #expect(try load().isEmpty)
    #expect(try load(system: "# nothing\n", user: "").isEmpty)
    #expect(try !load(user: "line: demo\n").isEmpty)
  }

  @Test func lockedKeysHold() throws {
    let system = "locked:\n  sip:\n    registrar: pbx.example\nline: sip\n"
    let configuration = try load(system: system, user: "line: demo\n")
    #expect(configuration.text("sip.registrar") == "pbx.example")
    #expect(configuration.text("line") == "demo")
    #expect(
      sentence { try load(system: system, user: "sip:\n  registrar: evil.example\n") }
        == "/config/config.yaml, line 2: sip.registrar is locked by /etc/config.yaml.")
    #expect(
      sentence { try load(system: system, "sip.registrar=evil.example") }
        == "-c sip.registrar: sip.registrar is locked by /etc/config.yaml.")
    #expect(
      sentence { try load(user: "locked:\n  line: sip\n") }
        .hasPrefix("/config/config.yaml, line 2: only "))
  }

  @Test(arguments: [
    ("seat:\n  wrapup: 5\n", "line 2: there is no key seat.wrapup; did you mean seat.wrapUp?"),
    ("sip.regsitrar: x\n", "line 1: there is no key sip.regsitrar; did you mean sip.registrar?"),
    (
      "zzzzzzzzzzzz: x\n",
      "line 1: there is no key zzzzzzzzzzzz; “ccterm config show” names all keys."
    ),
    ("seat: {wrapUp: soon}\n", "line 1: seat.wrapUp is a whole number from 0 to 3600."),
    ("sip: {transport: sctp}\n", "line 1: sip.transport is one of tcp, udp, tls."),
    ("screen:\n  bell: maybe\n", "line 2: screen.bell is yes or no."),
    ("line: [a, b]\n", "line 1: line takes no list."),
    (
      "locked: [sip.registrar]\n",
      "line 1: locked takes no list: below “locked:” stand keys with the values that they are held "
        + "at, as in “locked: {sip.registrar: pbx.example}”."
    ),
    ("line: a\nline: b\n", "line 2: line stands in line 1 already."),
    ("a: &x 1\nline: *x\n", "line 2: an alias has no place here."),
    ("- a\n", "line 1: “key: value” is expected."),
    ("line: demo\n---\nline: sip\n", "line 2: a second document has no place here."),
    ("line: demo\n\tseat: x\n", "line 2: found a tab character that violates indentation."),
    ("line: \"demo\n", "line 2: found unexpected end of stream."),
  ])
  func mistakesAreNamed(_ text: String, _ expected: String) {
    #expect(sentence { try load(user: text) } == "/config/config.yaml, \(expected)")
  }

  @Test func whatIsKnownIsNamedOnce() {
    #expect(
      Nearest.hint(for: "qqqqqqqq", in: ["demo", "sip", "sdk", "sdk", "sip"])
        == "; known are demo, sip, sdk.")
  }

  @Test func emptyValuesSetNothing() throws {
    #expect(try load(user: "sip:\n  realm:\n  domain: ~\n").text("sip.realm") == nil)
  }

  @Test func hostileFilesEndWithASentence() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<300 {
      let bytes = (0..<Int.random(in: 0..<80, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      _ = try? YamlReader.read(bytes)
    }
    let deep = String(repeating: "a: {", count: 100) + String(repeating: "}", count: 100)
    #expect(throws: YamlError.self) { try YamlReader.read(Array(deep.utf8)) }
  }

  @Test func aSecretThatOthersCanReadIsRefused() throws {
    let text = "sip:\n  password: hunter2\n"
    #expect(try load(user: text).text("sip.password") == "hunter2")
    let path = "/config/config.yaml"
    #expect(
      sentence { try load(user: text, mode: 0o640) }
        == "\(path) holds sip.password and others can read it; mend it: chmod 600 \(path)")
    #expect(try load(user: "line: sip\n", mode: 0o644).text("line") == "sip")
  }

  @Test func aSecretOnTheCommandLineIsRefused() {
    let words = sentence { try load("sip.password=hunter2") }
    #expect(words.hasPrefix("-c sip.password: a secret has no place"))
    #expect(!words.contains("hunter2"))
  }

  @Test func optionsAreKeyAndValue() {
    #expect(sentence { try load("seat.wrapUp") }.hasPrefix("-c seat.wrapUp: KEY=VALUE"))
    #expect(sentence { try load("=3") }.hasPrefix("-c =3: KEY=VALUE"))
  }

  @Test func theTableShowsOriginsAndNoSecret() throws {
    let configuration = try load(
      system: "locked: {line: sip}\n", user: "sip: {password: hunter2}\n", "seat.wrapUp=9")
    let table = configuration.table()
    #expect(table.count == ConfigKey.all.count)
    func row(_ key: String) -> String? {
      table.first { $0.hasPrefix(key + " ") }?.split(separator: " ").dropFirst().joined(
        separator: " ")
    }
    #expect(row("line") == "sip \(sandbox.path("etc/config.yaml")):1 (locked)")
    #expect(row("sip.password") == "(set) \(sandbox.path("config/config.yaml")):1")
    #expect(row("seat.wrapUp") == "9 -c")
    #expect(row("sip.realm") == "- default")
    #expect(!table.joined().contains("hunter2"))
    var dumped = ""
    dump(configuration, to: &dumped)
    #expect(!dumped.contains("hunter2"))
  }

  @Test func theLineGetsItsPartWithoutThePassword() throws {
    let configuration = try load(
      user: "sip: {registrar: pbx.example, account: 1001, password: hunter2, ringSeconds: 20}\n")
    let part = LineSettings.json("sip", configuration)
    #expect(part["registrar"]?.string == "pbx.example")
    #expect(part["account"]?.string == "1001")
    #expect(part["ringSeconds"]?.int == 20)
    #expect(part["transport"]?.string == "tcp")
    #expect(part["password"] == nil)
    #expect(part["passwordCommand"] == nil)
  }

  @Test func theSDKsOptionsAreAMapThatTakesFurtherFields() throws {
    let configuration = try load(
      user: "sdk: {noSandbox: yes, options: {isRemark: no, lang: es, color: teal}}\n")
    let part = LineSettings.json("sdk", configuration)
    #expect(part["noSandbox"]?.bool == true)
    #expect(part["window"]?.string == "app")
    #expect(part["options"]?["isRemark"]?.bool == false)
    #expect(part["options"]?["lang"]?.string == "es")
    #expect(part["options"]?["color"]?.string == "teal")
    #expect(part["options"]?["noWorkMode"] == nil, "what is not set is not said")
    #expect(configuration.table().count == ConfigKey.all.count + 1)
    #expect(throws: Failure.self) { try load(user: "sdk: {options: {lang: fr}}\n") }
    #expect(throws: Failure.self) { try load(user: "sdk: {options: {\"a b\": 1}}\n") }
  }

  @Test(arguments: [
    ("sdk", "sdk"), ("exec:ssh my-pc ccterm line sdk", "sdk"),
    ("exec:ssh my-pc \"DISPLAY=:0 ccterm line sdk\"", "sdk"), ("exec:./ccterm-line-sip", "sip"),
    ("exec:./my-line sdk", nil), ("demo", nil),
  ])
  func aLineOfThisHouseGetsItsPartWhereverItRuns(_ line: String, _ part: String?) throws {
    #expect(try LineChoice(line).settingsName == part)
  }
}

@Suite struct NearestTests {
  @Test(arguments: [
    ("conifg", "config"), ("relpay", "replay"), ("Desk", "desk"), ("dsk", "desk"),
  ])
  func findsWhatWasMeant(_ typed: String, _ meant: String) {
    #expect(Nearest.word(to: typed, in: ["desk", "replay", "line", "config"]) == meant)
  }

  @Test func farIsNotNear() {
    #expect(Nearest.word(to: "supercalifragilistic", in: ["desk", "line"]) == nil)
    #expect(Nearest.hint(for: "zzzzz", in: ["desk", "line"]) == "; known are desk, line.")
  }

  @Test func countsASwapAsOne() {
    #expect(Nearest.distance(Array("ab"), Array("ba")) == 1)
    #expect(Nearest.distance([], Array("abc")) == 3)
    #expect(Nearest.distance(Array("kitten"), Array("sitting")) == 3)
  }
}
