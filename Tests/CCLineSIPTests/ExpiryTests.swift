// A registration is refreshed by its own expiry, and heals by itself.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct ExpiryTests {
  @Test(
    arguments: [
      ("sip:1001@10.0.0.1:5070;transport=tcp", "sip:1001@10.0.0.1:5070;transport=TCP;ob", true),
      ("sip:1001@pbx.example", "SIP:1001@PBX.example", true),
      ("sip:%31001@10.0.0.1", "sip:1001@10.0.0.1", true),
      ("sip:1001@10.0.0.1;lr", "sip:1001@10.0.0.1", true),
      ("sip:1001@10.0.0.1;a=1", "sip:1001@10.0.0.1;a=2", false),
      ("sip:1001@10.0.0.1:5060", "sip:1001@10.0.0.1", false),
      ("sip:1001@10.0.0.1;transport=tcp", "sip:1001@10.0.0.1", false),
      ("sip:1001@10.0.0.1", "sip:1001@10.0.0.1;user=phone", false),
      ("sip:1001@10.0.0.1", "sip:A1001@10.0.0.1", false),
      ("sip:alice@10.0.0.1", "sip:Alice@10.0.0.1", false),
      ("sips:1001@10.0.0.1", "sip:1001@10.0.0.1", false),
    ])
  func sameContacts(_ one: String, _ other: String, _ same: Bool) {
    #expect(ContactURI.isSame(one, other) == same)
    #expect(ContactURI.isSame(other, one) == same)
  }

  private static let own = "sip:1001@127.0.0.1:40000;transport=tcp"

  @Test(
    arguments: [
      // Ours, among others.
      (["<\(own)>;expires=100", "<sip:1001@10.0.0.9>;expires=20"], "", 100),
      // Ours with a parameter of the registrar's.
      (["<sip:1001@10.0.0.9>;expires=20", "<\(own);ob>;expires=100"], "3600", 100),
      // Rewritten: the shortest that could be ours.
      (
        ["<sip:1001@203.0.113.5:1024>;expires=20", "<sip:1001@10.0.0.9:5060>;expires=3600"], "", 20
      ),
      (["<sip:2002@10.0.0.9>;expires=5", "<sip:1001@203.0.113.5:1024>;expires=70"], "", 70),
      // Nothing but the header.
      ([], "50", 50), (["<\(own)>"], "50", 50), ([], " 50 ;x", 50), ([], "", 600),
      ([], "soon", 600),
      // Odd ones.
      (["<\(own)>;EXPIRES=\"40\""], "", 40), (["\(own);expires=40"], "", 40),
      (["<\(own)>;expires=99999999999999999999"], "30", 30),
    ] as [([String], String, Int)])
  func whatIsGranted(_ contacts: [String], _ header: String, _ seconds: Int) {
    #expect(
      Lifetime.granted(contacts: contacts, own: Self.own, expires: header, asked: 600) == seconds)
  }

  @Test(arguments: [(0, 27_000), (1, 1_800), (20, 18_000), (600, 540_000), (90_000, 540_000)])
  func whenItIsRefreshed(_ granted: Int, _ milliseconds: Int) {
    #expect(Lifetime.refresh(granted) == milliseconds)
  }

  @Test(arguments: ScriptedPBX.transports)
  func aRewrittenContactIsRefreshedInTime(
    _ transport: String
  ) async throws {
    let registrar = try await ScriptedRegistrar(transport)
    registrar.answer("REGISTER") { _ in
      (
        "200 OK",
        [
          "Contact: <sip:1001@203.0.113.5:1024>;expires=3, <sip:1001@10.0.0.9:5060>;expires=3600"
        ]
      )
    }
    let line = try LineUnderTest()
    try await registrar.signIn(line)
    try await eventually("a refresh before it runs out", within: 3) {
      registrar.heard("REGISTER").count >= 2
    }
  }

  /// Where the line is reached is where its connection leaves from: a telephone system finds it by that.
  @Test(arguments: ["tcp", "tls"])
  func theContactIsTheConnection(_ transport: String) async throws {
    let registrar = try await ScriptedRegistrar(transport)
    let line = try LineUnderTest()
    try await registrar.signIn(line)
    let port = try #require(registrar.contactPort)
    #expect(Ports.connects(tcp: port, to: registrar.port))
    // Nobody could speak TLS with a telephone that has no certificate.
    #expect(Ports.listens(tcp: port) == (transport == "tcp"))
  }

  /// 403 may pass, when the place of a dead desk is free again.
  @Test func aRefusalThatPassesLater() async throws {
    let registrar = try await ScriptedRegistrar("udp")
    registrar.answer("REGISTER") { _ in ("403 Forbidden", []) }
    let line = try LineUnderTest()
    line.register(registrar.configuration(line))
    let wait = try await line.wait("refused") { event -> Double? in
      if case .unregistered("the registrar refuses the account (403)", let wait?, final: false) =
        event
      {
        wait
      } else {
        nil
      }
    }
    #expect((24...30).contains(wait))
    registrar.answer("REGISTER", ScriptedRegistrar.registers)
    // F5 tries at once.
    try await registrar.signIn(line)
  }

  /// The password was changed while the line was registered: a call shows it, and the link says so.
  @Test func aPasswordThatWasChangedIsTold() async throws {
    let registrar = try await ScriptedRegistrar("tcp")
    let challenge = #"WWW-Authenticate: Digest realm="cc.test", nonce="n""#
    registrar.answer("REGISTER") { heard in
      heard.header("authorization").isEmpty
        ? ("401 Unauthorized", [challenge]) : ScriptedRegistrar.registers(heard)
    }
    let line = try LineUnderTest()
    try await registrar.signIn(line)
    for method in ["REGISTER", "INVITE"] {
      registrar.answer(method) { _ in ("401 Unauthorized", [challenge]) }
    }
    line.dial("123")
    let reason = try await line.wait("refused") { event -> SafeText? in
      if case .unregistered(let reason, nil, final: true) = event { reason } else { nil }
    }
    #expect(reason == "the registrar refused the password (401)")
    #expect(registrar.heard("REGISTER").filter { !$0.header("authorization").isEmpty }.count == 2)
  }

  /// A killed line leaves its contact: the next one has the same, or takes it back first.
  @Test(arguments: ScriptedPBX.transports, [false, true])
  func theNextLineTakesThePlaceOfADeadOne(
    _ transport: String, _ isPortTaken: Bool
  ) async throws {
    let registrar = try await ScriptedRegistrar(transport)
    let home = try TestFolder()
    let environment = ["XDG_STATE_HOME=\(home.url.path)"]
    let line = try LineUnderTest(environment: environment)
    try await registrar.signIn(line)
    let old = registrar.contact
    let port = try #require(registrar.contactPort)
    _ = try await line.signal(SIGKILL)
    var other: Int32 = -1
    if isPortTaken {
      let kind = transport == "udp" ? SOCK_DGRAM : SOCK_STREAM
      other = socket(AF_INET, Int32(kind.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      var one: Int32 = 1
      setsockopt(other, SOL_SOCKET, SO_REUSEADDR, &one, 4)
      #expect(Ports.withLoopback(port) { bind(other, $0, $1) } == 0)
      if transport != "udp" { #expect(listen(other, 1) == 0) }
    }
    defer { if other >= 0 { close(other) } }
    let asked = registrar.heard("REGISTER").count
    let before = try #require(registrar.heard("REGISTER").last)
    let next = try LineUnderTest(environment: environment)
    try await registrar.signIn(next)
    try await next.fence()
    let contacts = registrar.heard("REGISTER").dropFirst(asked).map { $0.header("contact") }
    // It is the same registration, gone on with.
    for later in registrar.heard("REGISTER").dropFirst(asked) {
      #expect(later.header("call-id") == before.header("call-id"))
      #expect(ScriptedDialog.number(later.text) > ScriptedDialog.number(before.text))
    }
    let new = registrar.contact
    if new == old {
      #expect(!contacts.contains { $0.hasSuffix("expires=0") }, "\(contacts)")
    } else {
      #expect(contacts.contains("<\(old)>;expires=0"), "\(contacts)")
      #expect(contacts.last == "<\(new)>;expires=600")
    }
    #expect(!isPortTaken || new != old)
    // One that ends well leaves nothing.
    _ = try await next.quit()
    let left = FileManager.default.enumerator(atPath: home.url.path)?.compactMap { $0 as? String }
    #expect(left?.contains { $0.contains("binding-") } == false, "\(left ?? [])")
  }
}
