// What an agent tries who wants round a lock of the company: other layers, other words for the same,
// nothing at all, and another company.

import CCTestSupport
import Foundation
import Testing

@testable import CCTerm

@Suite struct LockTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  /// Runs the program with this configuration of the company and of the agent.
  private func run(
    _ system: String, user: String = "", _ arguments: [String]
  ) throws -> (code: Int32?, out: String, errors: String) {
    try sandbox.write("etc/config.yaml", system)
    try sandbox.write("config/ccterm/config.yaml", user)
    let run = try Running.once(arguments, in: sandbox)
    return (run.code, run.out.joined(separator: "\n"), run.errors)
  }

  private static let show = ["config", "show"]

  /// A lock, and what would undo it: as a line of the agent's file.
  @Test(arguments: [
    ("sip.registrar: pbx.example", "sip.registrar: evil.example"),
    ("sip.registrar: pbx.example", "sip:\n  registrar: evil.example"),
    ("sip.registrar: pbx.example", "sip.registrar: \"\""),
    ("sip.registrar: pbx.example", "sip.registrar:"),
    ("sip.registrar: pbx.example", "sip.registrar: ~"),
    ("sip.password: x", "sip.passwordCommand: echo y"),
    ("sip.passwordCommand: echo x", "sip.password: y"),
    ("sip.password:", "sip.password: y"),
    ("sip.password:", "sip.passwordCommand: echo y"),
    ("sip.realm: \"\"", "sip.realm: evil.example"),
    ("sip.account: 1001@pbx.example", "sip.domain: evil.example"),
    ("sip.dialPlan: 0900X. -> refuse", "sip.emergency: \"0900123456\""),
    ("sip.dialPlan: 0900X. -> refuse", "seat.codes: break=0900123456"),
    ("sip.dialPlan: 0900X. -> refuse", "numbers.country: FR"),
    ("seat.codes: break=*45", "seat.onChange: none"),
    ("seat.command: tell", "seat.onChange: none"),
    ("desk.account: Ann", "bus.name: Bob"),
    ("token.from: url", "token.from: command"),
    ("token.url: https://cc.example/token", "token.from: file"),
    ("token.url: https://cc.example/token", "token.from: none"),
    ("token.from: url", "sip.password: y"),
    ("token.command: echo x", "token.from: file"),
    ("token.file: /x", "token.from: url"),
    ("token.secret: x", "token.secretFile: /tmp/y"),
    ("token.secretFile: /x", "token.secret: y"),
    ("token.secretFile: /x", "token.headers.Authorization: Bearer y"),
    ("token.headers.X-Key: x", "token.headers.x-key: y"),
    ("cloud.secret: x", "cloud.secretFile: /tmp/y"),
    ("cloud.secretFile: /x", "cloud.secret: y"),
    ("cloud.brand: laaffic", "cloud.api: https://evil.example"),
    ("sdk.brand: laaffic", "sdk.script: https://evil.example/sdk.js"),
    ("bus.passwordFile: /x", "bus.passwordCommand: echo y"),
    ("bus.passwordCommand: echo x", "bus.passwordFile: /tmp/y"),
    ("quit.hangUp:", "quit.hangUp: no"),
  ])
  func noLineOfTheAgentUndoesIt(_ lock: String, _ line: String) throws {
    for form in ["locked:\n  \(lock)\n", "locked: {\(lock) }\n", "locked.\(lock)\n"] {
      let run = try run(form, user: line + "\n", Self.show)
      #expect(run.code == 2, "\(form) against \(line): \(run.out)")
      #expect(run.errors.contains("is locked by \(sandbox.path("etc/config.yaml"))"), "\(run)")
    }
    #expect(try run("locked:\n  \(lock)\n", Self.show).code == 0, "alone it is right")
    #expect(try run("", user: line + "\n", Self.show).code == 0, "without the lock it is right")
  }

  @Test(arguments: [
    ("line: demo", ["desk", "--json", "--line", "exec:cat"]),
    ("line:", ["--json", "--line", "exec:cat"]),
    ("sip.registrar: pbx.example", ["config", "show", "-c", "sip.registrar=evil.example"]),
    ("sip.registrar: pbx.example", ["config", "show", "-c", "sip.registrar="]),
    ("sip.registrar: pbx.example", ["desk", "--json", "-c", "sip.registrar=evil.example"]),
    ("sip.password: x", ["config", "show", "-c", "sip.passwordCommand=echo y"]),
    ("sip.registrar: pbx.example", ["floor", "--once", "-c", "sip.registrar=evil.example"]),
    ("sip.registrar: pbx.example", ["doctor", "-c", "sip.registrar=evil.example"]),
    ("bus.url: mqtt://localhost", ["floor", "--once", "--from", "mqtt://evil.example"]),
    ("bus.url:", ["floor", "--once", "--from", "mqtt://evil.example"]),
    ("bus.url: mqtt://localhost", ["cloud", "feed", "--to", "mqtt://evil.example"]),
    ("bus.url: mqtt://localhost", ["cloud", "feed", "--to=mqtt://evil.example"]),
    ("cloud.api: https://x.example", ["cloud", "token", "-c", "cloud.api=https://evil.example"]),
  ])
  func noOptionUndoesIt(_ lock: String, _ arguments: [String]) throws {
    let run = try run("locked:\n  \(lock)\n", arguments)
    #expect(run.code != 0, "\(arguments): \(run.out)")
    #expect((run.out + run.errors).contains("is locked by "), "\(arguments): \(run.errors)")
  }

  @Test func whatIsLockedMayBeAskedFor() throws {
    let run = try run(
      "locked:\n  line: demo\n", ["floor", "--once", "--from", "demo", "--agents", "1"])
    #expect(run.code == 0)
    sandbox.more = [:]
    let desk = try Running(["desk", "--json", "--line", "demo"], in: sandbox)
    #expect(desk.wait(for: ["type": "hello"]) || desk.wait(for: ["type": "seat"]))
  }

  @Test(arguments: [
    "locked: sip.registrar", "locked: yes", "locked: \"\"", "locked: 1", "locked: [sip.registrar]",
    "locked:\n  - sip.registrar", "locked: {sip: yes}", "locked: {locked: {line: sip}}",
    "locked: {sip.regsitrar: x}", "locked:\n  sip:\n    regsitrar: x", "locked.sip: x",
    "locked: {seat.wrapUp: soon}",
  ])
  func aLockThatHoldsNothingIsRefused(_ text: String) throws {
    let run = try run(text + "\n", Self.show)
    #expect(run.code == 2, "\(text): \(run.out)")
    if text.contains("regsitrar") { #expect(run.errors.contains("did you mean sip.registrar?")) }
  }

  @Test func whatIsLockedIsShown() throws {
    let run = try run(
      "locked:\n  sip:\n    password: x\n    realm:\nline: sip\n", Self.show)
    let file = sandbox.path("etc/config.yaml")
    #expect(
      run.out.contains(
        "locked by \(file): sip.password, sip.realm; what could stand in their place: "
          + "sip.passwordCommand"))
    #expect(
      run.out.split(separator: "\n").contains {
        $0.hasPrefix("sip.realm ") && $0.hasSuffix(" (locked)")
      })
    #expect(
      run.out.split(separator: "\n").contains {
        $0.hasPrefix("sip.passwordCommand ") && $0.hasSuffix(" (locked)")
      })
    #expect(!run.out.contains(" x "))
    #expect(try !self.run("line: sip\n", Self.show).out.contains("locked"))
  }

  @Test func aLockWithoutAValueHoldsWhatTheFileSays() throws {
    for text in [
      "sip.realm: ours\nlocked: {sip.realm: }\n", "locked: {sip.realm: }\nsip.realm: ours\n",
    ] {
      try sandbox.write("etc/config.yaml", text)
      let configuration = try Configuration.load(
        system: sandbox.path("etc/config.yaml"), user: nil, options: [])
      #expect(configuration.text("sip.realm") == "ours")
      #expect(configuration.lock("sip.realm") != nil)
    }
  }

  /// Another folder in the place of /etc/ccterm changes what is set there, and no lock.
  @Test func anotherCompanyIsNoWayRound() throws {
    let company = try sandbox.write(
      "company/config.yaml", "locked: {sip.registrar: pbx.example}\nline: sip\n")
    for own in [
      "sip.registrar: evil.example\n", "locked: {sip.registrar: evil.example}\n",
      "sip.registrar: \"\"\n",
    ] {
      let other = try sandbox.write("other/config.yaml", own)
      #expect(throws: Failure.self) {
        try Configuration.load(locks: company, system: other, user: nil, options: [])
      }
    }
    let none = try Configuration.load(
      locks: company, system: sandbox.path("nothing/config.yaml"), user: nil, options: [])
    #expect(none.text("sip.registrar") == "pbx.example" && none.text("line") == "demo")
    let same = try Configuration.load(
      locks: company, system: sandbox.path("company//config.yaml"), user: nil, options: [])
    #expect(same.text("line") == "sip")
  }

  /// The program itself, with a /etc/ccterm of its own in a mount namespace.
  @Test(.enabled(if: geteuid() == 0)) func theRealFolderHolds() async throws {
    try sandbox.write("etc-tree/ccterm/config.yaml", "locked: {sip.registrar: pbx.example}\n")
    try sandbox.write("mine/config.yaml", "sip.registrar: evil.example\n")
    let folder = try TestFolder()
    let script = """
      mount --bind '\(sandbox.path("etc-tree"))' /etc && \
      CCTERM_ETC='\(sandbox.path("mine"))' HOME='\(sandbox.path("home"))' \
      '\(Products.path("ccterm"))' config show
      """
    let peer = try Peer("unshare", ["-m", "sh", "-c", script], in: folder)
    let code = await peer.exitCode()
    #expect(code == 2, "\(folder.read("unshare.out"))")
    #expect(folder.read("unshare.out").contains("is locked by /etc/ccterm/config.yaml."))
  }
}
