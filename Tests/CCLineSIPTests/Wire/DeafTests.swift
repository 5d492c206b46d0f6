// Where an end cannot be found, the way is asked at once, and made anew where nothing answers.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct DeafTests {
  /// A message whose body never comes: whatever is sent on this connection may be taken for it.
  private static let endless =
    "INVITE sip:1001@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bKendless\r\n"
    + "Content-Type: application/sdp\r\nContent-Length: 60000\r\n\r\n"

  /// The way swallows everything: a new one is made within five seconds (a busy machine has more), the next call
  /// rings there, and one that rang hears its CANCEL there.
  @Test(arguments: ["tcp", "tls"])
  func aDeafWayIsMadeAnew(_ transport: String) async throws {
    let registrar = try await ScriptedRegistrar(transport)
    let line = try LineUnderTest()
    // Nothing but the doubt asks.
    try await registrar.signIn(line, [("callWaiting", true), ("keepaliveSeconds", 600)])
    let (_, invite) = try await registrar.rings("first")
    for method in ["REGISTER", "OPTIONS"] {
      registrar.answer(method) { $0.way == 0 ? nil : ScriptedRegistrar.registers($0) }
    }
    registrar.send(Self.endless)
    try await eventually("a new connection", within: 20) { registrar.connections == 2 }
    try await registrar.next("to be registered on it", within: 20) {
      $0.way == 1 && $0.method == "REGISTER"
    }
    _ = try await registrar.rings("second")
    registrar.send(ScriptedDialog.cancel(of: invite))
    try await registrar.answer(487, to: "INVITE", in: "first")
    #expect(!line.seen.contains { if case .unregistered = $0 { true } else { false } })
    // What was lost with the way is told.
    try await eventually("to be counted") {
      line.seen.contains { if case .unreadable(1, _) = $0 { true } else { false } }
    }
    #expect(try await line.ends())
  }

  /// The way is in doubt while it is asked anyway: the answer is not waited for as long as usual.
  @Test(arguments: ["tcp", "tls"])
  func aDoubtShortensTheWait(_ transport: String) async throws {
    let registrar = try await ScriptedRegistrar(transport)
    let line = try LineUnderTest()
    registrar.answer("OPTIONS") { _ in nil }
    try await registrar.signIn(line, [("keepaliveSeconds", 1), ("firstAnswerSeconds", 60)])
    registrar.answer("REGISTER") { $0.way == 0 ? nil : ScriptedRegistrar.registers($0) }
    try await registrar.next("an OPTIONS", within: 10) { $0.method == "OPTIONS" }
    registrar.send(Self.endless)
    try await eventually("a new connection", within: 20) { registrar.connections == 2 }
    #expect(try await line.ends())
  }

  /// New doubts all the time: the registrar is asked once a second, not once a message.
  @Test(arguments: ["tcp", "tls"])
  func doubtsAreNoFlood(_ transport: String) async throws {
    let registrar = try await ScriptedRegistrar(transport)
    let line = try LineUnderTest()
    try await registrar.signIn(line)
    var lost = HostileMessages.Invite("lost")
    lost.set("Content-Length", "2147483647")
    let began = Date()
    for _ in 0..<200 {
      registrar.send(lost.text)
      try await line.fence()
    }
    try await registrar.next("to be asked") { $0.method == "REGISTER" && !$0.text.isEmpty }
    _ = try await registrar.rings("next")
    let seconds = Date().timeIntervalSince(began)
    #expect(Double(registrar.heard("REGISTER").count) <= 3 + seconds)
    #expect(registrar.heard("REGISTER").count >= 2)
    #expect(registrar.connections == 1)
    #expect(try await line.ends())
  }
}
