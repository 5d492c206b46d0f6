// A connection that breaks, hangs or is half closed costs no call, whatever the call is doing.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct LostConnectionTests {
  enum Doing: CaseIterable { case ringing, talking, held }

  @Test(arguments: ["tcp", "tls"]) func aHundredKills(_ transport: String) async throws {
    let seed = UInt64.random(in: 0...999_999)
    print("kills over \(transport): seed \(seed)")
    var random = Random(seed: seed)
    let registrar = try await ScriptedRegistrar(transport)
    let line = try LineUnderTest()
    try await registrar.signIn(
      line, [("keepaliveSeconds", 1), ("firstAnswerSeconds", 1), ("codecs", "pcmu")])
    registrar.answer("INVITE") { _ in
      ("200 OK", ["Contact: <sip:far@127.0.0.1:\(registrar.port);transport=\(transport)>"])
    }
    var lost: [String] = []
    // A black hole takes seconds to be noticed, and a server of openssl's a while to start.
    for index in 0..<(transport == "tcp" ? 100 : 30) {
      let loss: RegistrarWays.Loss =
        index % 10 == 0 ? .blackHole : Bool.random(using: &random) ? .reset : .halfClosed
      let doing = Doing.allCases.randomElement(using: &random) ?? .talking
      do { try await kill(loss, doing, index, registrar, line) } catch {
        lost.append("\(index): \(loss) while \(doing): \(error)")
        if lost.count > 5 { break }
      }
    }
    print("kills over \(transport): \(lost.count) lost, \(registrar.connections) connections")
    #expect(lost.isEmpty, "\(lost)")
    #expect(try await line.ends())
  }

  private func kill(
    _ loss: RegistrarWays.Loss, _ doing: Doing, _ index: Int, _ registrar: ScriptedRegistrar,
    _ line: LineUnderTest
  ) async throws {
    let mark = "kill\(index)"
    var (dialog, invite) = try await registrar.rings(mark)
    let id = try await line.call(.ringing).call
    if doing != .ringing {
      guard try await line.ask({ .answer(id: $0, call: id) }) == nil else {
        throw NotInTime("to be taken")
      }
      try await registrar.answer(200, to: "INVITE", in: mark)
      registrar.send(dialog.request("ACK", number: 1))
      // Whatever came before it is done when this is answered.
      registrar.send(dialog.request("INFO"))
      try await registrar.answer(200, to: "INFO", in: mark)
    }
    if doing == .held {
      let why = try await line.ask { .hold(id: $0, call: id, on: true) }
      guard why == nil else { throw NotInTime("to be held: \(why ?? "")") }
    }
    let (ways, asked) = (registrar.connections, registrar.heard("REGISTER").count)
    registrar.lose(loss)
    try await eventually("a new connection", within: 15) { registrar.connections > ways }
    try await eventually("to be registered on it", within: 15) {
      registrar.heard("REGISTER").dropFirst(asked).contains { $0.way >= ways }
    }
    try await line.fence()
    switch doing {
    case .ringing:
      registrar.send(ScriptedDialog.cancel(of: invite))
      try await registrar.answer(200, to: "CANCEL", in: mark)
      try await registrar.answer(487, to: "INVITE", in: mark)
      try await line.call(.notEstablished)
    case .talking, .held:
      registrar.send(dialog.request("BYE"))
      try await registrar.answer(200, to: "BYE", in: mark)
      try await line.call(.ended)
    }
  }

  /// One that was accepted and never answers: it is let go of, and a new one is served.
  @Test(arguments: ["tcp", "tls"])
  func aConnectionThatHangsIsLetGoOf(_ transport: String) async throws {
    let registrar = try await ScriptedRegistrar(transport)
    registrar.answer("REGISTER") { heard in
      heard.way == 0 ? nil : ScriptedRegistrar.registers(heard)
    }
    let line = try LineUnderTest()
    try await registrar.signIn(line, [("firstAnswerSeconds", 1)])
    #expect(registrar.connections >= 2)
  }

  /// The link is told as up only as long as it hears: a registrar that answers nothing any more is lost.
  @Test(arguments: ScriptedPBX.transports)
  func aRegistrarThatFallsSilentIsLost(_ transport: String) async throws {
    let registrar = try await ScriptedRegistrar(transport)
    let line = try LineUnderTest()
    try await registrar.signIn(line, [("firstAnswerSeconds", 1), ("keepaliveSeconds", 1)])
    for method in ["REGISTER", "OPTIONS"] { registrar.answer(method, nil) }
    try await line.wait("unregistered", within: 60) { event -> Bool? in
      if case .unregistered(_, .some, final: false) = event { true } else { nil }
    }
    registrar.answer("REGISTER", ScriptedRegistrar.registers)
    try await line.wait("registered", within: 60) { if case .registered = $0 { true } else { nil } }
  }

  /// Some registrars answer no OPTIONS: they are asked by REGISTER, and the link does not flap.
  @Test(arguments: ScriptedPBX.transports)
  func aRegistrarThatAnswersNoOptionsIsNotLost(
    _ transport: String
  ) async throws {
    let registrar = try await ScriptedRegistrar(transport)
    registrar.answer("OPTIONS", nil)
    let line = try LineUnderTest()
    // Long enough for a busy machine to answer.
    try await registrar.signIn(line, [("firstAnswerSeconds", 4), ("keepaliveSeconds", 1)])
    // Nobody is kept from dialling meanwhile.
    try await registrar.next("an OPTIONS") { $0.method == "OPTIONS" }
    line.dial("123")
    try await registrar.next("the dial") { $0.method == "INVITE" }
    // Two that are not answered, and then it is asked otherwise.
    try await eventually("REGISTER in place of OPTIONS", within: 90) {
      registrar.heard("REGISTER").count >= 5
    }
    #expect(registrar.heard("OPTIONS").count == 2)
    let lost = line.seen.contains { if case .unregistered = $0 { true } else { false } }
    #expect(!lost)
    #expect(try await line.ends())
  }
}
