// The token service whole: from an agent's secret to the vendor's credential.

import CCCloud
import CCCore
import CCJSON
import CCTestSupport
import FakeVendor
import Foundation
import Testing

/// A service on a fake vendor, with one agent.
private final class ServiceStage: Sendable {
  let vendor: FakeServer
  let folder: TestFolder
  let run: CloudProgram
  let secret: String
  let port: Int

  init() async throws {
    folder = try TestFolder()
    vendor = try await FakeServer()
    let agents = folder.path("agents")
    let added = try await CloudProgram.once(
      [
        "token-service", "add", "liwei", "--seat", "0705C245_001", "--generate", "--agents", agents,
      ],
      in: folder)
    guard added.code == 0 else { throw NotInTime(added.errors) }
    secret = added.out.trimmingCharacters(in: .newlines)
    let settings = """
      {"cloud":{"api":"\(vendor.base)","key":"\(FakeCloud.key)","secret":"\(FakeCloud.secret)",
      "agentsFile":"\(agents)","expires":600}}
      """
    let run = try CloudProgram(
      ["token-service", "--port", "0"], name: "service", settings: settings, in: folder)
    self.run = run
    try await eventually("the service listens", within: 20) { run.errors.contains("serving: ") }
    let words = run.errors.split { ": ,\n".contains($0) }
    guard let place = words.firstIndex(of: "127.0.0.1"), let port = Int(words[place + 1]) else {
      throw NotInTime("the service names no port: \(run.errors)")
    }
    self.port = port
  }

  var url: String { "http://127.0.0.1:\(port)/v1/token" }

  func source(secret: String? = nil, user: String = "liwei") -> TokenSource {
    var settings = TokenSource.Settings()
    settings.url = url
    settings.user = user
    settings.secret = Secret(secret ?? self.secret)
    return TokenSource(settings)
  }

  func failure(_ source: TokenSource) async -> TokenFailure? {
    do throws(TokenFailure) {
      _ = try await source.fetch()
      return nil
    } catch { return error }
  }

  func stop() async {
    await run.child.stop()
    await vendor.stop()
  }
}

@Suite struct TokenServiceTests {
  @Test("an agent gets the live credential of the own seat, and nobody's secret is seen anywhere")
  func issues() async throws {
    let stage = try await ServiceStage()
    let token = try await stage.source().fetch()
    #expect(token.expiresIn == 600)
    #expect(await stage.vendor.cloud.isLive(token.secret.revealed))
    #expect(await stage.vendor.cloud.issued == ["0705C245_001"])
    let program = try await CloudProgram.once(
      ["token", "--json"],
      settings: """
        {"token":{"url":"\(stage.url)","user":"liwei","secret":"\(stage.secret)"}}
        """, in: stage.folder)
    #expect(program.code == 0)
    let fetched = try JSONReader.read(program.out.trimmingCharacters(in: .newlines))
    let second = try #require(fetched["token"]?.string)
    #expect(await stage.vendor.cloud.isLive(second))
    #expect(await !stage.vendor.cloud.isLive(token.secret.revealed))

    let line = "issued: agent=liwei account=0705C245_001 seconds=600 from=loopback"
    #expect(stage.run.errors.contains(line))
    let pid = stage.run.child.pid
    let places = [
      stage.run.errors, stage.run.out, stage.folder.read("agents"),
      try String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8),
      String(decoding: try Data(contentsOf: URL(filePath: "/proc/\(pid)/environ")), as: UTF8.self),
    ]
    for place in places {
      for secret in [stage.secret, FakeCloud.secret, "SDNVerRWZp", second] {
        #expect(!place.contains(secret))
      }
    }
    await stage.stop()
  }

  @Test("wrong secrets and strangers get nothing; guessing locks, a new secret opens again")
  func locks() async throws {
    let stage = try await ServiceStage()
    let stranger = await stage.failure(stage.source(user: "nobody"))
    #expect(stranger?.sentence.contains("(401)") == true)
    for _ in 0..<5 {
      let wrong = await stage.failure(stage.source(secret: "wrong"))
      #expect(wrong?.sentence.contains("the name or the secret is wrong") == true)
      #expect(wrong?.mayPass == false)
    }
    let locked = await stage.failure(stage.source())
    #expect(locked?.sentence.contains("locked for") == true, "\(locked?.sentence ?? "-")")
    #expect(locked?.mayPass == false)
    #expect(await stage.vendor.cloud.issued.isEmpty)
    let again = try await CloudProgram.once(
      [
        "token-service", "add", "liwei", "--seat", "0705C245_001", "--agents",
        stage.folder.path("agents"),
      ], input: "a-new-secret-of-mine\n", in: stage.folder)
    #expect(again.code == 0, "\(again.errors)")
    #expect(await stage.failure(stage.source()) != nil)
    let token = try await stage.source(secret: "a-new-secret-of-mine").fetch()
    #expect(await stage.vendor.cloud.isLive(token.secret.revealed))
    await stage.stop()
  }

  @Test("an agent who was taken out gets nothing any more, without a restart")
  func removed() async throws {
    let stage = try await ServiceStage()
    _ = try await stage.source().fetch()
    let removed = try await CloudProgram.once(
      ["token-service", "remove", "liwei", "--agents", stage.folder.path("agents")],
      in: stage.folder)
    #expect(removed.code == 0)
    let refused = await stage.failure(stage.source())
    #expect(refused?.sentence.contains("(401)") == true)
    await stage.stop()
  }

  @Test("what the vendor does is told in outline, and heals")
  func vendorTroubles() async throws {
    let stage = try await ServiceStage()
    let rows: [(FakeCloud.Mood, String)] = [
      (.refuse(-2), "(502): the vendor refused (-2)"),
      (.refuse(-16), "the clock of the token service is wrong"),
      (.page, "the vendor does not answer as it should"),
    ]
    for (mood, words) in rows {
      await stage.vendor.cloud.set { $0.mood = mood }
      let failed = await stage.failure(stage.source())
      #expect(failed?.sentence.contains(words) == true, "\(failed?.sentence ?? "-")")
      #expect(failed?.mayPass == true)
    }
    #expect(stage.run.errors.contains("not issued: agent=liwei"))
    await stage.vendor.cloud.set { $0.mood = .normal }
    #expect(await stage.failure(stage.source()) == nil)
    await stage.stop()
  }

  @Test("the address that the proxy names is the one that is limited and logged")
  func proxied() async throws {
    let stage = try await ServiceStage()
    var settings = TokenSource.Settings()
    settings.url = stage.url
    settings.user = "liwei"
    settings.secret = Secret(stage.secret)
    settings.headers = [HTTPField("X-Real-IP", "203.0.113.9")]
    _ = try await TokenSource(settings).fetch()
    #expect(stage.run.errors.contains("from=203.0.113.9"))
    settings.headers = [HTTPField("X-Real-IP", "x from=1.2.3.4 issued")]
    _ = try await TokenSource(settings).fetch()
    #expect(stage.run.errors.contains("from=unreadable"))
    await stage.stop()
  }

  @Test("a seat has one agent; short secrets and open files are refused")
  func refusals() async throws {
    let folder = try TestFolder()
    let agents = ["--agents", folder.path("agents")]
    func add(_ name: String, _ seat: String, _ secret: String) async throws -> (Int32, String) {
      let run = try await CloudProgram.once(
        ["token-service", "add", name, "--seat", seat] + agents, input: secret + "\n", in: folder)
      return (run.code, run.errors)
    }
    #expect(try await add("liwei", "1", "long enough secret").0 == 0)
    let taken = try await add("ana", "1", "long enough secret")
    #expect(taken.0 == 1 && taken.1.contains("seat 1 is liwei's"))
    #expect(try await add("ana", "2", "short").0 == 2)
    #expect(try await add("a b", "2", "long enough secret").0 == 2)
    let list = try await CloudProgram.once(["token-service", "list"] + agents, in: folder)
    #expect(list.out == "liwei\t1\n")
    chmod(folder.path("agents"), 0o644)
    let open = try await CloudProgram.once(["token-service", "list"] + agents, in: folder)
    #expect(open.code == 1 && open.errors.contains("chmod 600"))
  }
}
