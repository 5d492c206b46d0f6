// Whatever ends first, libre's part of a call or ours: nobody is called who is gone.

import CCCore
import CCJSON
import CCLine
import CCTestSupport
import CLibre
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct LifeTests {
  /// Freed memory is filled, so that what still reads it does not find what was there.
  static let poisoned = ["MALLOC_PERTURB_=165", "MALLOC_CHECK_=3"]

  /// A call on one registrar, and the line on another before it ends.
  @Test(arguments: ["udp", "tcp"])
  func aCallOutlivesItsRegistrar(_ transport: String) async throws {
    let (one, two) = (try await ScriptedPBX(transport), try await ScriptedPBX(transport))
    let line = try LineUnderTest(environment: Self.poisoned)
    let both = JSONValue.string("127.0.0.1:\(one.port),127.0.0.1:\(two.port)")
    try await one.signIn(
      line, [("registrar", both), ("firstAnswerSeconds", 1), ("keepaliveSeconds", 1)])
    var dialog = try await one.takesCall(line)
    // The first one is busy with its call, and answers no other question.
    one.welcome = { _ in "" }
    try await loses(line, one)
    for _ in 1...3 {
      try await line.fence()
    }
    line.send(.hangUp(id: 50, call: dialog.id))
    try await line.call(.ended)
    _ = dialog.request("INFO")
    try await line.fence()
    // What comes late is nobody's, and hurts nobody.
    for _ in 1...20 { one.send(dialog.request("INFO")) }
    try await line.fence()
    #expect(try await line.ends())
  }

  /// Waits until the line is registered with somebody else.
  private func loses(_ line: LineUnderTest, _ one: ScriptedPBX) async throws {
    if one.transport == "tcp" {
      one.shut()
    }
    try await line.wait("lost", within: 30) { if case .unregistered = $0 { true } else { nil } }
    try await line.wait("the next", within: 30) { if case .registered = $0 { true } else { nil } }
  }

  /// F5 in a call: over TLS the line gets new certificates, and a stack for them.
  @Test(arguments: ["udp", "tcp", "tls"], [false, true])
  func registeredAgainInACall(_ transport: String, _ isAnswered: Bool) async throws {
    var setup = Kamailio.Setup()
    let certificates = try await Certificates()
    setup.certificate = try await certificates.make("pbx", for: "IP:127.0.0.1")
    let kamailio = try await Kamailio(setup)
    let far = try Telephone(answersAfter: isAnswered ? 0 : 30)
    let line = try LineUnderTest(environment: Self.poisoned)
    let configuration = line.configuration(
      port: transport == "tls" ? kamailio.tlsPort : kamailio.port, transport: transport,
      transport == "tls" ? [("caFile", .string(certificates.authority.certificate))] : [])
    func register() async throws {
      line.register(configuration)
      try await line.wait("registered") { if case .registered = $0 { true } else { nil } }
    }
    try await register()
    for _ in 1...3 {
      line.dial("7\(far.port)")
      try await line.call(isAnswered ? .talking : .ringing)
      try await register()
      try await register()
      line.send(.hangUp(id: 50, call: nil))
      try await line.call(isAnswered ? .ended : .notEstablished)
      try await eventually("the far end knows") { far.open == 0 }
      try await line.fence()
    }
    #expect(try await line.quit() == 0)
  }

  /// The same account at another address of the same registrar: the old stack goes with its call.
  @Test func theRegistrarMoves() async throws {
    let (one, two) = (try await ScriptedPBX("udp"), try await ScriptedPBX("udp"))
    let line = try LineUnderTest(environment: Self.poisoned)
    try await one.signIn(line)
    let dialog = try await one.takesCall(line)
    try await two.signIn(line)
    line.send(.hangUp(id: 50, call: dialog.id))
    let bye = try await one.next("BYE")
    one.send(dialog.answer(bye, "200 OK"))
    try await line.call(.ended)
    for _ in 1...10 { one.send(dialog.answer(bye, "200 OK")) }
    try await line.fence()
    #expect(try await line.quit() == 0)
  }

  /// A command of the seat that still runs when its teller is replaced.
  @Test func aCommandOutlivesItsSettings() async throws {
    let pbx = try await ScriptedPBX("tcp")
    let line = try LineUnderTest(environment: Self.poisoned)
    let folder = line.folder
    let script = try folder.write(
      "tell", "#!/bin/sh\nwhile [ ! -e \(folder.path("go")) ]; do sleep 0.02; done\n")
    chmod(script, 0o700)
    let orders: [(String, JSONValue)] = [("onChange", "command"), ("command", .string(script))]
    try await pbx.signIn(line, orders)
    line.send(.setSeat(id: 70, status: 5))
    try await line.fence()
    try await pbx.signIn(line, [("onChange", "dial"), ("codes", "break=*45")])
    _ = try folder.write("go", "")
    try await eventually("the answer") { line.seen.contains(.result(id: 70, ok: true, error: "")) }
    try await line.fence()
    #expect(try await line.quit() == 0)
  }

  /// A call that never came to talk has its ports and their doors all the same.
  @Test(arguments: [false, true])
  func aSessionOfSoundThatNobodyStopped(_ hasBegun: Bool) throws {
    #expect(libre_init() == 0)
    // The other tests of this process have descriptors open too: libre takes none above 1024 by itself.
    #expect(fd_setsize(16_384) == 0)
    var local = sa()
    sa_set_str(&local, "127.0.0.1", 0)
    for _ in 1...20 {
      let session = try MediaSession(local: local, sound: NoSound())
      if hasBegun { mem_deref(session.offer()) }
    }
  }
}
