// The vendor's API: signature, answers of every shape, refusals in words.

import CCCloud
import CCCore
import CCTestSupport
import FakeVendor
import Foundation
import Testing

@Suite struct SignatureTests {
  @Test("the vendor's own vector")
  func vector() {
    let sign = Signature.sign(key: "bDqJFiq9", secret: Secret("7bz1lzh9"), timestamp: 1_630_468_800)
    #expect(sign == "05d7a50893e22a5c4bb3216ae3396c7c")
  }

  @Test(
    "paths and hosts of each brand",
    arguments: [
      (CloudBrand.itniotech, "https://api.itniotech.com", "/voice", "/sms/getBalance"),
      (.laaffic, "https://api.laaffic.com", "/v3/voice", "/v3/getBalance"),
      (.onbuka, "https://api.onbuka.com", "/v3/voice", "/v3/getBalance"),
    ])
  func brands(brand: CloudBrand, base: String, voice: String, balance: String) {
    #expect(brand.base == base)
    #expect(brand.prefix(.voice) == voice)
    #expect(brand.prefix(.balance) == balance)
    #expect(CloudEndpoint.seatQuery.path(brand) == "/v3/cc/seat/query")
    #expect(
      CloudEndpoint.createSdkAuthentication.path(brand) == "/v3/cc/seat/createSdkAuthentication")
  }
}

/// A client of a fake vendor.
private func client(
  _ server: FakeServer, secret: String = FakeCloud.secret, patience: Double = 20,
  ahead: Int64 = 0
) -> CloudClient {
  CloudClient(
    .init(base: server.base + "/", key: FakeCloud.key, secret: Secret(secret), patience: patience),
    policy: RetryPolicy(attempts: 3, firstWait: 0.01),
    clock: { Int64(Date().timeIntervalSince1970 * 1000) + ahead * 1000 })
}

/// The failure of an issue; nil where it worked.
private func failure(_ client: CloudClient, _ account: String = "0705C245_001") async
  -> CloudFailure?
{
  do throws(CloudFailure) {
    _ = try await client.createCredential(account: account, expires: 3600)
    return nil
  } catch { return error }
}

@Suite struct CredentialTests {
  @Test("a credential is issued and kept as it was sent; the next one voids it")
  func issues() async throws {
    let server = try await FakeServer()
    let client = client(server)
    let first = try await client.createCredential(account: "0705C245_001", expires: 60)
    #expect(first.revealed.hasPrefix("Bearer SDNVerRWZp:0705C245_001:"))
    #expect(await server.cloud.isLive(first.revealed))
    let second = try await client.createCredential(account: "0705C245_001", expires: 28_800)
    #expect(await server.cloud.isLive(second.revealed))
    #expect(await !server.cloud.isLive(first.revealed))
    await server.stop()
  }

  @Test("status as a number and data as a string are read too", arguments: [true, false])
  func shapes(number: Bool) async throws {
    let server = try await FakeServer()
    await server.cloud.set {
      $0.statusIsNumber = number
      $0.dataIsString = true
    }
    let secret = try await client(server).createCredential(account: "0705C245_002", expires: 600)
    #expect(await server.cloud.isLive(secret.revealed))
    await server.stop()
  }

  @Test("what the vendor refuses is said in words")
  func refusals() async throws {
    let server = try await FakeServer()
    let unknown = await failure(client(server), "nobody")
    #expect(
      unknown?.sentence == """
        The vendor refused (-24 \u{201C}data does not exist\u{201D}): there is no seat with this account.
        """)
    let wrong = await failure(client(server, secret: "wrong"))
    #expect(wrong?.sentence.contains("the key or its secret is wrong") == true)
    #expect(wrong?.mayPass == false)
    for (code, words) in [(-2, "address is not allowed"), (-18, "system failed"), (-99, "-99")] {
      await server.cloud.set { $0.mood = .refuse(code) }
      let refused = await failure(client(server))
      #expect(refused?.sentence.contains(words) == true, "\(code)")
      #expect(refused?.mayPass == (code == -18))
    }
    #expect(await server.cloud.issued.isEmpty)
    await server.stop()
  }

  @Test("a clock that is wrong is named with its seconds", arguments: [-900, 1200])
  func skew(seconds: Int64) async throws {
    let server = try await FakeServer()
    let refused = await failure(client(server, ahead: seconds))
    let sentence = refused?.sentence ?? ""
    let found = sentence.split(separator: " ").compactMap { Int64($0) }.first { $0 > 100 } ?? 0
    #expect(abs(found - abs(seconds)) <= 2, "\(sentence)")
    #expect(sentence.contains(seconds > 0 ? "ahead" : "behind"))
    #expect(sentence.contains("timedatectl"))
    await server.stop()
  }

  @Test("a life that the vendor does not know is not asked for", arguments: [0, 59, 28_801])
  func lives(seconds: Int) async throws {
    let server = try await FakeServer()
    await #expect(throws: CloudFailure.self) {
      _ = try await client(server).createCredential(account: "0705C245_001", expires: seconds)
    }
    #expect(await server.cloud.asked == 0)
    await server.stop()
  }

  @Test("pages, failures, floods, silence and garbage each have their sentence, and heal")
  func troubles() async throws {
    let server = try await FakeServer()
    let rows: [(FakeCloud.Mood, String)] = [
      (.page, "web page"), (.http(500), "HTTP 500"), (.http(404), "HTTP 404"),
      (.huge(10_000_000), "more than 64 KiB"), (.garbage, "no JSON"), (.silent, "no answer in 1 s"),
    ]
    for (mood, words) in rows {
      await server.cloud.set { $0.mood = mood }
      let failed = await failure(client(server, patience: mood == .silent ? 1 : 20))
      #expect(failed?.sentence.contains(words) == true, "\(mood): \(failed?.sentence ?? "-")")
    }
    await server.cloud.set { $0.mood = .normal }
    #expect(await failure(client(server)) == nil)
    await server.stop()
    let nobody = CloudClient(
      .init(base: "http://127.0.0.1:\(Ports.free())", key: "k", secret: Secret("s")),
      policy: RetryPolicy(attempts: 3, firstWait: 0.01))
    let gone = await failure(nobody)
    #expect(gone?.sentence.contains("nobody listens there") == true)
    #expect(gone?.mayPass == true)
  }
}

@Suite struct RetryTests {
  private let policy = RetryPolicy(attempts: 3, firstWait: 1)

  @Test("an issue is repeated only where it surely never left")
  func issues() {
    let endpoint = CloudEndpoint.createSdkAuthentication
    let never = CloudFailure.trouble(.unreachable("x"), host: "h")
    let maybe = CloudFailure.trouble(.timeout(1), host: "h")
    #expect(policy.wait(after: 1, of: endpoint, never, chance: 0) == 0.5)
    #expect(policy.wait(after: 2, of: endpoint, never, chance: 1) == 2)
    #expect(policy.wait(after: 3, of: endpoint, never, chance: 0) == nil)
    #expect(policy.wait(after: 1, of: endpoint, maybe, chance: 0) == nil)
    #expect(
      policy.wait(after: 1, of: endpoint, .http(status: 502, host: "h"), chance: 0) == nil)
  }

  @Test("a read is repeated after what may pass, and after nothing else")
  func reads() {
    let endpoint = CloudEndpoint.seatQuery
    func refused(_ code: CloudCode) -> CloudFailure {
      .refused(endpoint, code, reason: "", skew: nil)
    }
    for failure in [
      .trouble(.timeout(1), host: ""), .http(status: 503, host: ""), refused(.system),
    ] {
      #expect(policy.wait(after: 1, of: endpoint, failure, chance: 0) != nil)
    }
    for failure in [
      refused(.authentication), refused(.address), refused(.timestamp),
      .http(status: 401, host: ""), .page(status: 200, host: ""),
    ] {
      #expect(policy.wait(after: 1, of: endpoint, failure, chance: 0) == nil)
    }
  }
}

@Suite struct AddressTests {
  @Test(
    "a secret goes to https, or to this machine",
    arguments: [
      ("https://api.example/x", true), ("http://127.0.0.1:80/", true), ("http://localhost/", true),
      ("http://[::1]:8/", true), ("http://api.example/", false), ("ftp://a/", false), ("", false),
      ("http://127.0.0.1.evil.example/", false), ("https://u:p@a.example/", false),
      ("http://127.evil/", false), ("file:///etc/passwd", false), ("https:///x", false),
    ])
  func addresses(text: String, good: Bool) {
    #expect(((try? SafeAddress.url(text)) != nil) == good, "\(text)")
  }
}
