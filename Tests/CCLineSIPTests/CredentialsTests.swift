// How often a password goes out, and to whom.

import CCCore
import Testing

@testable import CCLineSIP

@Suite struct CredentialsTests {
  private func challenge(
    realm: String = "pbx", nonce: String = "n1", _ more: String = ""
  ) throws -> DigestChallenge {
    try #require(
      DigestChallenge(#"Digest realm="\#(realm)", nonce="\#(nonce)"\#(more)"#, fromProxy: false))
  }

  private func ask(
    _ credentials: inout Credentials, _ challenges: [DigestChallenge],
    _ exchange: inout Credentials.Exchange
  ) -> Result<String, Credentials.Refusal> {
    credentials.answer(
      challenges, method: "REGISTER", uri: "sip:pbx", in: &exchange, clientNonce: "c")
  }

  private func make(realm: String? = nil) -> Credentials {
    Credentials(user: "1001", password: Secret("geheim"), realm: realm)
  }

  @Test func oneAnswerAndNoMore() throws {
    var credentials = make()
    var exchange = Credentials.Exchange()
    _ = try ask(&credentials, [challenge()], &exchange).get()
    #expect(try ask(&credentials, [challenge()], &exchange) == .failure(.password))
    #expect(try ask(&credentials, [challenge(nonce: "n2")], &exchange) == .failure(.password))
    #expect(exchange.answers == 1)
  }

  @Test func anOldNonceMayBeAnsweredAgainButNotForEver() throws {
    var credentials = make()
    var exchange = Credentials.Exchange()
    _ = try ask(&credentials, [challenge()], &exchange).get()
    let stale = try challenge(nonce: "n2", ", stale=true")
    for _ in 1...4 { _ = try ask(&credentials, [stale], &exchange).get() }
    // Which is no word about the password.
    #expect(ask(&credentials, [stale], &exchange) == .failure(.stale))
    #expect(exchange.answers == 5)
  }

  private func ask(
    _ credentials: inout Credentials, _ method: String, _ challenges: [DigestChallenge],
    _ exchange: inout Credentials.Exchange
  ) -> Result<String, Credentials.Refusal> {
    credentials.answer(
      challenges, method: method, uri: "sip:pbx", in: &exchange, clientNonce: "c")
  }

  @Test(arguments: ["INVITE", "BYE", "INFO", "REFER", "NOTIFY"])
  func whereTheRegistrarNeverAskedNobodyIsAnswered(_ method: String) throws {
    var credentials = make()
    var exchange = Credentials.Exchange()
    #expect(try ask(&credentials, method, [challenge()], &exchange) == .failure(.unasked("pbx")))
    #expect(exchange.answers == 0)
    // The settings may know better.
    var named = make(realm: "pbx")
    _ = try ask(&named, method, [challenge()], &exchange).get()
  }

  @Test func nothingWeakerThanTheRegistrarAskedFor() throws {
    var credentials = make()
    var exchange = Credentials.Exchange()
    let strong = try challenge(", algorithm=SHA-256, qop=\"auth\"")
    _ = try ask(&credentials, [strong], &exchange).get()
    for weaker in [
      "", ", qop=\"auth\"", ", algorithm=MD5, qop=\"auth\"", ", algorithm=SHA-256",
      ", algorithm=MD5-sess, qop=\"auth\"",
    ] {
      var other = Credentials.Exchange()
      #expect(
        try ask(&credentials, "BYE", [challenge(weaker)], &other) == .failure(.weaker), "\(weaker)")
      #expect(other.answers == 0)
      // Beside it, what is enough is answered.
      let line = try ask(&credentials, "BYE", [challenge(weaker), strong], &other).get()
      #expect(line.contains("algorithm=SHA-256") && line.contains("qop=auth"))
    }
    // The registrar itself may ask for less from now on.
    var again = Credentials.Exchange()
    _ = try ask(&credentials, [challenge(", qop=\"auth\"")], &again).get()
    var last = Credentials.Exchange()
    _ = try ask(&credentials, "BYE", [challenge(", qop=\"auth\"")], &last).get()
    #expect(try ask(&credentials, "BYE", [challenge("")], &again) == .failure(.weaker))
  }

  @Test func aProxyAndWhoIsAskedMayBothAsk() throws {
    var credentials = make(realm: "pbx")
    var exchange = Credentials.Exchange()
    func proxys(_ nonce: String) throws -> DigestChallenge {
      try #require(
        DigestChallenge(
          #"Digest realm="pbx", nonce="\#(nonce)", qop="auth""#, fromProxy: true))
    }
    let first = try ask(&credentials, "INVITE", [proxys("p")], &exchange).get()
    #expect(first.hasPrefix("Proxy-Authorization: ") && first.contains("nc=00000001"))
    let both = try ask(&credentials, "INVITE", [challenge()], &exchange).get()
    let lines = both.split(separator: "\r\n")
    #expect(lines.count == 2)
    // The proxy's nonce a second time: it counts.
    #expect(lines[0].hasPrefix("Proxy-Authorization: ") && lines[0].contains("nc=00000002"))
    #expect(lines[1].hasPrefix("Authorization: "))
    #expect(try ask(&credentials, "INVITE", [proxys("q")], &exchange) == .failure(.password))
  }

  @Test func theFirstRealmIsPinned() throws {
    var credentials = make()
    var exchange = Credentials.Exchange()
    _ = try ask(&credentials, [challenge()], &exchange).get()
    var other = Credentials.Exchange()
    #expect(
      try ask(&credentials, [challenge(realm: "evil")], &other) == .failure(.foreignRealm("evil")))
    #expect(other.answers == 0)
  }

  @Test func aNamedRealmIsTheOnlyOne() throws {
    var credentials = make(realm: "pbx")
    var exchange = Credentials.Exchange()
    #expect(
      try ask(&credentials, [challenge(realm: "evil")], &exchange)
        == .failure(.foreignRealm("evil")))
    // Beside a foreign one, ours is still answered.
    let line = try ask(&credentials, [challenge(realm: "evil"), challenge()], &exchange).get()
    #expect(line.contains(#"realm="pbx""#))
  }

  @Test func theTopmostKnownAlgorithmCounts() throws {
    var credentials = make()
    var exchange = Credentials.Exchange()
    let offers = try [
      challenge(nonce: "a", ", algorithm=SHA-512-256"),
      challenge(nonce: "b", ", algorithm=SHA-256"),
      challenge(nonce: "c", ", algorithm=MD5"),
    ]
    let line = try ask(&credentials, offers, &exchange).get()
    #expect(line.contains(#"nonce="b""#) && line.contains("algorithm=SHA-256"))
  }

  @Test func whatIsNotSpokenIsNotAnswered() throws {
    var credentials = make()
    var exchange = Credentials.Exchange()
    #expect(ask(&credentials, [], &exchange) == .failure(.unreadable))
    #expect(
      try ask(&credentials, [challenge(", algorithm=TOKEN")], &exchange)
        == .failure(.unknownAlgorithm))
    #expect(
      try ask(&credentials, [challenge(", qop=\"auth-int\"")], &exchange)
        == .failure(.unknownAlgorithm))
    #expect(exchange.answers == 0)
  }

  private func challenge(_ more: String) throws -> DigestChallenge {
    try challenge(realm: "pbx", nonce: "n", more)
  }

  @Test func thePasswordIsInNoAnswer() throws {
    var credentials = make()
    var exchange = Credentials.Exchange()
    #expect(try !ask(&credentials, [challenge()], &exchange).get().contains("geheim"))
    #expect(!"\(credentials)".contains("geheim"))
  }
}
