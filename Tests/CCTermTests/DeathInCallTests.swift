// Whatever is killed, and whenever: nobody is left on the line.

import CCTestSupport
import Foundation
import Testing

/// A desk, its SIP line and their guardian, killed at random moments of a call through kamailio.
///
/// `CCTERM_KILLS=200 CCTERM_SEED=7` makes so many kills from that seed; each prints what it did only where it
/// failed.
@Suite(.serialized) struct DeathInCallTests {
  /// Who is killed.
  enum Victim: CaseIterable {
    case desk, line, both, guardianAndDesk, all
  }

  /// When: so many milliseconds after the desk started, the dial went out, or the hang-up did.
  enum Moment { case start, dial, hangUp }

  private static let count =
    ProcessInfo.processInfo.environment["CCTERM_KILLS"].flatMap(Int.init) ?? 20
  private static let seed =
    ProcessInfo.processInfo.environment["CCTERM_SEED"].flatMap(UInt64.init) ?? 16
  /// Two seconds are promised; a machine busy with other tests gets five.
  private static let patience = 5.0

  @Test(arguments: ["udp", "tcp"])
  func aKillLeavesNoCallNoProcessAndNoFile(_ transport: String) async throws {
    let kamailio = try await Kamailio()
    var random = Random(seed: Self.seed)
    for number in 0..<Self.count / 2 {
      let victim = Victim.allCases[number % Victim.allCases.count]
      let moment: Moment =
        switch Int.random(in: 0..<10, using: &random) {
        case 0: .start
        case 1: .hangUp
        default: .dial
        }
      let delay = Double.random(in: 0...0.5, using: &random)
      try await kill(victim, moment, delay, kamailio, transport)
    }
  }

  private func kill(
    _ victim: Victim, _ moment: Moment, _ delay: Double, _ kamailio: Kamailio, _ transport: String
  ) async throws {
    let what: Comment = "\(victim) at \(moment) + \(Int(delay * 1000)) ms over \(transport)"
    let sandbox = try Sandbox()
    try sandbox.write(
      "config/ccterm/config.yaml",
      """
      line: sip
      sip:
        registrar: "127.0.0.1:\(kamailio.port)"
        account: "1001@cc.test"
        password: secret
        transport: \(transport)
        audio: none

      """)
    let far = try Telephone(answersAfter: 0.15)
    let run = try Running(["--json"], in: sandbox)
    if moment != .start {
      #expect(run.wait(for: ["type": "link", "state": "up"]), what)
      run.send(#"{"command":"dial","phone":"7\#(far.port)"}"#)
    }
    if moment == .hangUp {
      #expect(run.wait(for: ["type": "call", "phase": "talking"]), what)
      run.send(#"{"command":"hangUp"}"#)
    }
    _ = run.wait(seconds: moment == .hangUp ? delay / 25 : delay) { false }
    let family = [run.pid] + Processes.descendants(of: run.pid)
    let line = family.filter { Processes.name($0) == "ccterm-line-sip" }
    let guardian = family.filter { Processes.name($0) == "line-guardian" }
    let born = family.map { "\(Processes.name($0)) \($0)" }
    let victims =
      switch victim {
      case .desk: [run.pid]
      case .line: line
      case .both: [run.pid] + line
      case .guardianAndDesk: guardian + [run.pid]
      case .all: line + guardian + [run.pid]
      }
    for pid in victims { Glibc.kill(pid, SIGKILL) }
    let began = Date()
    defer { if far.open > 0 { Issue.record("\(what): \(far.complaint)") } }
    if victim == .line {
      // The desk lives on: it has a new line, and ends in good order.
      try await eventually("no call is up: \(what)", within: Self.patience) {
        far.open == 0
      }
      run.closeInput()
      #expect(run.end().code == 0, what)
    }
    if victim == .all {
      // Nobody is left who could: the next start ends it, before it registers.
      let next = try Running(["--json"], in: sandbox)
      #expect(next.wait(for: ["type": "link", "state": "up"]), what)
      try await eventually("no call is up: \(what)", within: Self.patience) {
        far.open == 0
      }
      next.closeInput()
      #expect(next.end().code == 0, what)
    }
    try await eventually("no call is up: \(what)", within: Self.patience) {
      far.open == 0
    }
    do {
      try await eventually("no process is left", within: Self.patience) {
        !family.contains(where: Processes.runs)
      }
    } catch {
      let left = family.filter(Processes.runs)
      Issue.record("\(what): \(left) of \(born) are left")
    }
    // The place at the registrar is what the next start needs, and no start leaves it.
    func left(places: Bool) -> [String] {
      let folder = sandbox.path("state/ccterm/line-sip")
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      return names.filter { $0.hasPrefix("binding-") == places }
    }
    try await eventually("no file of a call is left: \(what)", within: Self.patience) {
      left(places: false).isEmpty
    }
    let places = left(places: true).count
    #expect(places <= 1, what)
    if places > 0 {
      let next = try Running(["--json"], in: sandbox)
      #expect(next.wait(for: ["type": "link", "state": "up"]), what)
      next.closeInput()
      #expect(next.end().code == 0 && left(places: true).isEmpty, what)
    }
    if Self.count > 20 {
      print("\(what): \(Int(Date().timeIntervalSince(began) * 1000)) ms, \(far.count) calls")
    }
    _ = run.end()
  }
}
