// Digest: the examples of the RFCs, and what challenges look like in the wild.

import CCCore
import Testing

@testable import CCLineSIP

@Suite struct DigestTests {
  /// RFC 7616 section 3.9.1.
  static let rfc7616 = """
    Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=%, \
    nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", \
    opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"
    """

  private func answer(_ text: String, _ algorithm: DigestChallenge.Algorithm) throws -> DigestAnswer
  {
    let challenge = try #require(DigestChallenge(text, fromProxy: false))
    #expect(challenge.algorithm == algorithm)
    return DigestAnswer(
      challenge: challenge, algorithm: algorithm, user: "Mufasa", method: "GET",
      uri: "/dir/index.html", clientNonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")
  }

  @Test func md5AsInRFC7616() throws {
    let text = Self.rfc7616.replacing("%", with: "MD5")
    let answer = try answer(text, .md5)
    #expect(
      answer.response(password: Secret("Circle of Life")) == "8ca523f5e9506fed4657c9700eebdbec")
    let header = answer.header(password: Secret("Circle of Life"))
    #expect(
      header.hasPrefix("Authorization: Digest username=\"Mufasa\", realm=\"http-auth@example.org\"")
    )
    #expect(header.contains("qop=auth, nc=00000001, cnonce="))
    #expect(header.hasSuffix("\r\n"))
  }

  @Test func sha256AsInRFC7616() throws {
    let answer = try answer(Self.rfc7616.replacing("%", with: "SHA-256"), .sha256)
    #expect(
      answer.response(password: Secret("Circle of Life"))
        == "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")
  }

  /// RFC 2617 section 3.5, without `qop` as RFC 2069 had it: HA1, nonce and HA2 alone.
  @Test func withoutQop() throws {
    let challenge = try #require(
      DigestChallenge(
        #"Digest realm="testrealm@host.com",nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093""#,
        fromProxy: true))
    #expect(!challenge.protectsQuality)
    let answer = DigestAnswer(
      challenge: challenge, algorithm: .md5, user: "Mufasa", method: "GET",
      uri: "/dir/index.html", clientNonce: "0a4f113b")
    // echo -n 939e7578ed9e3c518a452acee763bce9:dcd98b7102dd2f0e8b11d0f600bfb0c093:39aff3a2bab6126f332b942af96d3366 | md5sum
    #expect(
      answer.response(password: Secret("Circle Of Life")) == "670fd8c2df070c60b045671b8b24ff02")
    #expect(answer.header(password: Secret("x")).hasPrefix("Proxy-Authorization: Digest "))
    #expect(!answer.header(password: Secret("x")).contains("cnonce"))
  }

  @Test(arguments: [
    ("", false), ("Basic realm=\"x\"", false), ("Digest realm=\"x\"", false),
    ("Digest nonce=\"n\"", false), ("Digest realm=\"x\", nonce=\"\"", false),
    ("Digest realm=\"x, nonce=\"n\"", false), ("Digest realm=\"x\u{7}\", nonce=\"n\"", false),
    ("digest REALM = \"x\" , Nonce=n", true), ("  Digest realm=\"a\\\"b\", nonce=\"n\"", true),
  ])
  func readsWhatIsAChallenge(_ text: String, isOne: Bool) {
    #expect((DigestChallenge(text, fromProxy: false) != nil) == isOne)
  }

  @Test func keepsQuotedTextAsItStands() throws {
    let challenge = try #require(
      DigestChallenge(
        #"Digest realm="a\"b, c", nonce="n", stale=TRUE, algorithm=sha-256-SESS"#, fromProxy: false)
    )
    #expect(challenge.realm == #"a\"b, c"#)
    #expect(challenge.stale)
    #expect(challenge.algorithm == .sha256Session)
  }

  @Test func theFirstOfTwoCounts() throws {
    let challenge = try #require(
      DigestChallenge(#"Digest realm="a", realm="b", nonce="n""#, fromProxy: false))
    #expect(challenge.realm == "a")
  }
}
