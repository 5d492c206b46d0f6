// What `ccterm config check` finds without trying anything.

import Testing

@testable import CCTerm

@Suite struct ConfigCheckTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  private func load(_ options: [String]) throws -> Configuration {
    try Configuration.load(system: nil, user: nil, options: options)
  }

  /// What is set, and what is said of it.
  @MainActor
  @Test(
    arguments: [
      (["token.from=url", "token.url=http://x.example/t"], "would get secrets in the clear"),
      (["token.from=url", "token.url=http://127.evil.example/"], "would get secrets in the clear"),
      (["token.from=url", "token.url=http://localhost.evil.example/"], "in the clear"),
      (["token.from=url", "token.url=ftp://x.example/"], "neither https:// nor http://"),
      (["token.from=url", "token.url=https://u:p@x.example/"], "has a user"),
      (["token.from=url", "token.url=x.example"], "no address that can be used"),
      (["line=demo", "bus.url=mqtts://broker.example"], "bus.team is not"),
      (["bus.url=mqtts://broker.example", "bus.agent=ana"], "bus.team is not"),
      (["sip.caFile=/nonexistent.pem"], "sip.caFile: /nonexistent.pem is not there"),
      (["bus.caFile=/nonexistent.pem"], "bus.caFile: /nonexistent.pem is not there"),
      (
        ["token.from=file", "token.file=/no/such/token"], "token.file: /no/such/token is not there"
      ),
      (["sip.passwordCommand=/nonexistent/pass"], "/nonexistent/pass is not found"),
      (["sip.passwordCommand=no-such-program-here show x"], "no-such-program-here is not found"),
      (["sip.audio=file:/nonexistent.wav"], "sip.audio: /nonexistent.wav is not there"),
      (["sip.audio=file:/nonexistent.wav,/tmp/out.wav"], "/nonexistent.wav is not there"),
    ])
  func aFaultIsNamed(_ options: [String], _ said: String) throws {
    let configuration = try load(options)
    let isMissing = said.contains("is not there") || said.contains("is not found")
    let all = ConfigCheck.problems(configuration) + ConfigFiles.missing(configuration)
    #expect(!isMissing || ConfigFiles.problems(configuration).isEmpty)
    let problems = all.map(\.string)
    #expect(problems.contains { $0.contains(said) }, "\(problems)")
    #expect(problems.allSatisfy { !$0.hasSuffix("..") })
  }

  @MainActor
  @Test(arguments: [
    ["token.from=url", "token.url=https://x.example/t"],
    ["token.from=url", "token.url=http://localhost:8080/t"],
    ["token.from=url", "token.url=http://[::1]:8080/t"],
    ["token.from=url", "token.url=http://127.0.0.1/"],
    ["token.url=http://x.example/t"], ["token.file=/no/such/token"],
    ["sip.passwordCommand=sh -c x"], ["sip.audio=file:,/tmp/out.wav"], ["sip.audio=file:/dev/null"],
    ["bus.url=mqtts://broker.example"], ["bus.caFile=/dev/null", "bus.url=mqtts://broker.example"],
    [],
  ])
  func whatWorksIsNoFault(_ options: [String]) throws {
    let configuration = try load(options)
    #expect(ConfigFiles.problems(configuration).isEmpty)
    #expect(ConfigFiles.missing(configuration).isEmpty)
  }

  /// What works for some is said, and is no fault.
  @MainActor @Test func whatDependsIsSaid() throws {
    let floor = try load(["bus.url=mqtts://broker.example"])
    #expect(ConfigCheck.problems(floor).isEmpty)
    #expect(ConfigCheck.notes(floor).map(\.string).contains { $0.contains("not for a desk") })
    let open = try load(["line=sip", "sip.registrar=pbx.example", "sip.account=1001"])
    #expect(ConfigCheck.notes(open).map(\.string).contains { $0.contains("no password is set") })
    let command = try load(["line=sip", "sip.passwordCommand=sh -c x"])
    let nothing = try load([])
    #expect(ConfigCheck.notes(command).isEmpty && ConfigCheck.notes(nothing).isEmpty)
  }

  /// What -c sets is a configuration too.
  @MainActor @Test func whereItComesFrom() throws {
    let (nothing, line) = (try load([]), try load(["line=demo"]))
    #expect(ConfigCheck.origins(nothing) == nil)
    #expect(ConfigCheck.origins(line) == "what -c sets")
  }
}
