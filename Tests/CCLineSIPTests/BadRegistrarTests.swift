// Registrars that are away, odd or hostile.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct BadRegistrarTests {
  @Test(arguments: ["tcp", "udp"])
  func theSecondRegistrarWhereTheFirstIsAway(_ transport: String) async throws {
    let second = try await Kamailio()
    let line = try LineUnderTest()
    let places = "127.0.0.1:\(Ports.free()),127.0.0.1:\(second.port)"
    line.register(
      line.configuration(
        port: 1, transport: transport, [("registrar", .string(places)), ("firstAnswerSeconds", 1)]))
    let wait = try await line.wait("unregistered") { event -> Double? in
      if case .unregistered(_, let wait, final: false) = event { wait } else { nil }
    }
    #expect(wait == 0.2)
    try await line.wait("registered") { if case .registered = $0 { true } else { nil } }
  }

  @Test func theFirstRegistrarGoesAndTheSecondTakesOver() async throws {
    let (first, second) = try await (Kamailio(), Kamailio())
    let line = try LineUnderTest()
    let places = "127.0.0.1:\(first.port) 127.0.0.1:\(second.port)"
    try await line.signIn(first, [("registrar", .string(places))])
    #expect(second.seen("REGISTER").isEmpty)
    let began = Date()
    await first.stop()
    try await line.wait("unregistered") { event -> Bool? in
      if case .unregistered = event { true } else { nil }
    }
    try await line.wait("registered") { if case .registered = $0 { true } else { nil } }
    #expect(Date().timeIntervalSince(began) < 10)
    // Calls go through the one that is there.
    line.dial("12345")
    #expect(try await line.call(.notEstablished).reason?.code == 404)
    #expect(second.seen("INVITE").count == 2)
  }

  /// A registrar's answer, what the agent reads of it, whether it is final, and how often credentials
  /// went out.
  struct Odd: CustomTestStringConvertible, Sendable {
    var what: String
    var answer: [String]
    var words: String
    var isFinal = true
    var answers = 0
    var testDescription: String { what }
  }

  static let digest = #"WWW-Authenticate: Digest realm="cc.test", nonce="n""#

  static let odd: [Odd] = [
    Odd(what: "a 401 without a challenge", answer: ["401 Unauthorized"], words: "cannot be read"),
    Odd(
      what: "Basic", answer: ["401 Unauthorized", #"WWW-Authenticate: Basic realm="cc.test""#],
      words: "cannot be read"),
    Odd(
      what: "no realm", answer: ["401 Unauthorized", #"WWW-Authenticate: Digest nonce="n""#],
      words: "cannot be read"),
    Odd(
      what: "no nonce", answer: ["401 Unauthorized", #"WWW-Authenticate: Digest realm="cc.test""#],
      words: "cannot be read"),
    Odd(
      what: "an unknown algorithm",
      answer: ["401 Unauthorized", digest + ", algorithm=SHA-512-256"],
      words: "a digest that is not known"),
    Odd(
      what: "only auth-int", answer: ["401 Unauthorized", digest + #", qop="auth-int""#],
      words: "a digest that is not known"),
    Odd(
      what: "the same challenge for ever", answer: ["401 Unauthorized", digest],
      words: "refused the password (401)", answers: 1),
    Odd(
      what: "two challenges, for ever",
      answer: ["401 Unauthorized", digest + ", algorithm=SHA-256", digest],
      words: "refused the password (401)", answers: 1),
    Odd(
      // Which says nothing of the password: it is asked again later.
      what: "stale for ever", answer: ["401 Unauthorized", digest + ", stale=true"],
      words: "too old (401)", isFinal: false, answers: 5),
    Odd(
      what: "a challenge of 7000 bytes",
      answer: ["401 Unauthorized", digest + ", x=" + String(repeating: "y", count: 7000)],
      words: "refused the password (401)", answers: 1),
    Odd(
      what: "a realm full of quotes",
      answer: ["401 Unauthorized", #"WWW-Authenticate: Digest realm="a\"b\\", nonce="%n%s""#],
      words: "refused the password (401)", answers: 1),
    Odd(what: "403", answer: ["403 Forbidden"], words: "refuses the account (403)", isFinal: false),
    Odd(
      what: "403 after our answer", answer: ["407 Proxy", digest.replacing("WWW", with: "Proxy")],
      words: "refused the password (407)", answers: 1),
    Odd(
      what: "423 without a wish", answer: ["423 Interval Too Brief"], words: "(423)",
      isFinal: false),
    Odd(
      what: "423 with a wish of 136 years",
      answer: ["423 Interval Too Brief", "Min-Expires: 4294967295"], words: "(423)",
      isFinal: false),
    Odd(
      what: "423 for ever", answer: ["423 Interval Too Brief", "Min-Expires: 900"], words: "(423)",
      isFinal: false),
    Odd(
      what: "a redirect", answer: ["302 Moved", "Contact: <sip:evil@192.0.2.9>"],
      words: "not followed", isFinal: false),
    Odd(what: "404", answer: ["404 Not Found"], words: "does not know", isFinal: false),
    Odd(what: "503", answer: ["503 %s%n\u{1B}[2J"], words: "(503)", isFinal: false),
    Odd(
      what: "a code that nobody knows", answer: ["699 \u{202E}x"], words: "(699)", isFinal: false),
  ]

  @Test(arguments: odd)
  func oddAnswers(_ odd: Odd) async throws {
    let registrar = try BareSocket()
    let line = try LineUnderTest()
    // On a busy machine the test may answer late.
    line.register(
      line.configuration(port: registrar.port, transport: "udp", [("firstAnswerSeconds", 60)]))
    let answers = Mutexed<Set<String>>([])
    try await eventually("an end of it", within: 60) {
      if let text = registrar.received, text.hasPrefix("REGISTER ") {
        if text.contains("uthorization: Digest") {
          _ = answers.with { $0.insert(SIPText.header(["cseq"], in: text) ?? "") }
        }
        registrar.answer(text, odd.answer[0], Array(odd.answer.dropFirst()))
      }
      return line.seen.contains { if case .unregistered = $0 { true } else { false } }
    }
    let (reason, isFinal) = try await line.wait("unregistered") { event -> (SafeText, Bool)? in
      if case .unregistered(let reason, _, let final) = event { (reason, final) } else { nil }
    }
    #expect(reason.string.contains(odd.words), "\(reason)")
    #expect(!reason.string.unicodeScalars.contains { $0.value < 0x20 || $0 == "\u{202E}" })
    #expect(isFinal == odd.isFinal)
    #expect(answers.with { $0.count } == odd.answers)
    try await line.fence()
    #expect(try await line.quit() == 0)
  }

  @Test(arguments: ["0", "4294967295", "-5", "banana", "99999999999999999999"])
  func oddLifetimesAreClamped(_ expires: String) async throws {
    let registrar = try BareSocket()
    let line = try LineUnderTest()
    // On a busy machine the test may answer late.
    line.register(
      line.configuration(port: registrar.port, transport: "udp", [("firstAnswerSeconds", 60)]))
    // By their numbers: a datagram that is answered late is sent again.
    let asked = Mutexed<Set<String>>([])
    try await eventually("registered", within: 60) {
      if let text = registrar.received, text.hasPrefix("REGISTER ") {
        _ = asked.with { $0.insert(SIPText.header(["cseq"], in: text) ?? "") }
        registrar.answer(text, "200 OK", ["Expires: \(expires)"])
      }
      return line.seen.contains { if case .registered = $0 { true } else { false } }
    }
    for _ in 0..<100 { try await line.fence() }
    while let text = registrar.received {
      if text.hasPrefix("REGISTER ") {
        _ = asked.with { $0.insert(SIPText.header(["cseq"], in: text) ?? "") }
      }
    }
    #expect(asked.with { $0.count } == 1)
  }

  @Test func silenceAndGarbage() async throws {
    let registrar = try BareSocket()
    let line = try LineUnderTest()
    line.register(
      line.configuration(port: registrar.port, transport: "udp", [("firstAnswerSeconds", 1)]))
    var random = Random(seed: 7)
    try await eventually("given up for now", within: 20) {
      if let text = registrar.received, text.hasPrefix("REGISTER ") {
        for length in [0, 1, 4, 200, 1400] {
          let noise = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
          registrar.reply(String(decoding: noise, as: UTF8.self))
        }
        registrar.reply("SIP/2.0 200 OK\r\n\r\n")
      }
      return line.seen.contains { if case .unregistered = $0 { true } else { false } }
    }
    let reason = try await line.wait("unregistered") { event -> SafeText? in
      if case .unregistered(let reason, _, final: false) = event { reason } else { nil }
    }
    #expect(reason == "no answer from the registrar")
    try await line.fence()
  }
}
