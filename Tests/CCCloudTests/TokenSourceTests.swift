// A backend that hands out tokens: every shape of answer, and everything that goes wrong.

import CCCloud
import CCCore
import CCTestSupport
import Foundation
import Testing

@Suite struct TokenSourceTests {
  private func source(
    _ server: ScriptedServer, _ change: (inout TokenSource.Settings) -> Void = { _ in }
  ) -> TokenSource {
    var settings = TokenSource.Settings()
    settings.url = server.base + "/createAuth"
    settings.patience = 20
    change(&settings)
    return TokenSource(settings)
  }

  private func failure(_ source: TokenSource) async -> TokenFailure? {
    do throws(TokenFailure) {
      _ = try await source.fetch()
      return nil
    } catch { return error }
  }

  @Test(
    "the token is found where backends put it, and kept as it is",
    arguments: [
      (#"{"token":"Bearer a:b:c","expiresIn":600}"#, "Bearer a:b:c", 600),
      (
        #"{"status":"0","reason":"success","data":{"authentication":"Bearer x:y:z"}}"#,
        "Bearer x:y:z", nil
      ),
      (#"{"status":0,"data":"abc","expires":"120"}"#, "abc", 120),
      (#"{"code":200,"data":{"token":"abc"}}"#, "abc", nil), (#""abc""#, "abc", nil),
      ("Bearer plain:text\n", "Bearer plain:text", nil), (#"{"authentication":"abc"}"#, "abc", nil),
    ] as [(String, String, Int?)])
  func shapes(body: String, token: String, life: Int?) async throws {
    let server = try await ScriptedServer(.init(200, body))
    let found = try await source(server).fetch()
    #expect(found.secret.revealed == token)
    #expect(found.expiresIn == life)
    await server.stop()
  }

  @Test("paths, method, body, fields and user are sent as configured")
  func request() async throws {
    let server = try await ScriptedServer(
      .init(200, #"{"result":[{"cred":"t0k3n","ttl":90}],"token":"another"}"#))
    let source = source(server) {
      $0.path = "result.0.cred"
      $0.expiresPath = "result.0.ttl"
      $0.body = #"{"agent":7}"#
      $0.user = "liwei"
      $0.secret = Secret("hunter2hunter2")
      $0.headers = [HTTPField("X-Tenant", "red")]
    }
    let token = try await source.fetch()
    #expect(token == Token(Secret("t0k3n"), expiresIn: 90))
    let asked = try #require(server.asked.first)
    #expect(asked.method == "POST")
    #expect(asked.path == "/createAuth")
    #expect(asked.body == #"{"agent":7}"#)
    #expect(asked.headers["content-type"] == "application/json")
    #expect(asked.headers["x-tenant"] == "red")
    #expect(
      asked.headers["authorization"]
        == "Basic " + Data("liwei:hunter2hunter2".utf8).base64EncodedString())
    await server.stop()
  }

  @Test("each failure has its sentence, whether it may pass, and heals")
  func failures() async throws {
    let server = try await ScriptedServer()
    let host = "The token backend 127.0.0.1:\(server.port)"
    let rows: [(ScriptedServer.Answer, String, Bool)] = [
      (.init(401), "\(host) refused the request (401).", false),
      (.init(403, #"{"error":"locked."}"#), "\(host) refused the request (403): locked.", false),
      (.init(404), "\(host) has nothing at this address (404).", true),
      (.init(429), "\(host) is asked too often (429).", true),
      (.init(500, "boom"), "\(host) failed (500).", true),
      (.init(502, "<html>", type: "text/html"), "\(host) failed (502).", true),
      (.init(302), "\(host) sends elsewhere (302); token.url must name the last address.", false),
      (
        .init(200, "<!doctype html>x"),
        "\(host) answered with a web page: a sign-in page or a proxy stands between.", true
      ),
      (
        .init(200, "x", type: "text/html"),
        "\(host) answered with a web page: a sign-in page or a proxy stands between.", true
      ),
      (
        .init(200, String(repeating: "x", count: 10_000_000)),
        "\(host) answered with more than 64 KiB.", true
      ),
      (.init(200, "x", delay: 30), "\(host) gave no answer in 1 s.", true),
      (.init(200, #"{"token":"#), "\(host) answered with something that is no JSON.", true),
      (
        .init(200, #"{"hello":"you"}"#),
        "\(host) answered without a token (looked at: token, data.authentication, data.token, data, "
          + "authentication).", true
      ),
      (
        .init(200, #"{"token":7}"#),
        "\(host) answered without a token (looked at: token, data.authentication, data.token, data, "
          + "authentication).", true
      ),
      (.init(200, #"{"token":"a\nb"}"#), "\(host) answered with a token that can be none.", true),
      (
        .init(200, #"{"status":"-16","reason":"timestamp expires","data":null}"#),
        "\(host) passed on a refusal of the vendor (-16 \u{201C}timestamp expires\u{201D}).", true
      ),
      (.init(200), "\(host) answered with nothing.", true),
      (.init(500, #"{"error":"\u001b[2Jhostile"}"#), "\(host) failed (500): ", true),
    ]
    for (answer, sentence, mayPass) in rows {
      server.answer(answer)
      let failed = await failure(source(server) { if answer.delay > 0 { $0.patience = 1 } })
      #expect(failed?.sentence.hasPrefix(sentence) == true, "\(failed?.sentence ?? "-")")
      #expect(failed?.sentence.unicodeScalars.contains("\u{1B}") == false)
      #expect(failed?.mayPass == mayPass, "\(sentence)")
    }
    server.answer(.init(200, #"{"token":"t"}"#))
    #expect(await failure(source(server)) == nil)
    let port = Ports.free()
    let gone = await failure(source(server) { $0.url = "http://127.0.0.1:\(port)/" })
    await server.stop()
    #expect(
      gone?.sentence
        == "The token backend 127.0.0.1:\(port) cannot be reached: nobody listens there.")
    #expect(gone?.mayPass == true)
  }

  @Test("a refused secret names its user")
  func refusedUser() async throws {
    let server = try await ScriptedServer(.init(401, #"{"error":"the secret is wrong"}"#))
    let failed = await failure(source(server) { $0.user = "liwei" })
    #expect(
      failed?.sentence.hasSuffix("refused liwei's secret (401): the secret is wrong.") == true)
    await server.stop()
  }

  @Test("secrets do not go out in the clear, nor where an answer points")
  func clear() async throws {
    let target = try await ScriptedServer(.init(200, #"{"token":"stolen"}"#))
    let server = try await ScriptedServer()
    var answer = ScriptedServer.Answer(307)
    answer.headers["Location"] = target.base + "/elsewhere"
    server.answer(answer)
    #expect(await failure(source(server)) != nil)
    #expect(target.asked.isEmpty)
    let plain = await failure(source(server) { $0.url = "http://192.0.2.1/token" })
    #expect(plain?.sentence.contains("secrets in the clear") == true)
    #expect(plain?.mayPass == false)
    await server.stop()
    await target.stop()
  }

  @Test("a look issues nothing, and says what it found")
  func probe() async throws {
    let server = try await ScriptedServer(.init(405))
    #expect(try await source(server).probe(now: 0) == nil)
    #expect(server.asked.map(\.method) == ["GET"])
    server.answer(.init(401))
    await #expect(throws: TokenFailure.self) { _ = try await source(server).probe(now: 0) }
    var answer = ScriptedServer.Answer(200)
    answer.headers["Date"] = "Sun, 06 Nov 1994 08:49:37 GMT"
    server.answer(answer)
    #expect(try await source(server).probe(now: (784_111_777 + 90) * 1000 + 500) == 90)
    await server.stop()
  }
}
