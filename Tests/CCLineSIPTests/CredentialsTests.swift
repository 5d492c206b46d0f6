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

  @Test func anOldNonceMayBeAnsweredOnceAgain() throws {
    var credentials = make()
    var exchange = Credentials.Exchange()
    _ = try ask(&credentials, [challenge()], &exchange).get()
    let stale = try challenge(nonce: "n2", ", stale=true")
    _ = try ask(&credentials, [stale], &exchange).get()
    #expect(ask(&credentials, [stale], &exchange) == .failure(.password))
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
