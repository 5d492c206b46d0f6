// Backends that are none: the true reason is told at once where it can be known, and waiting costs nothing.

import CCCore
import CCFeed
import CCTestSupport
import Foundation
import Testing

@testable import CCCloud

@Suite(.serialized) struct BadBackendTests {
  /// What is told of each: over TLS, and without.
  private static let words: [BadServer.Kind: (secure: String, plain: String)] = [
    .closed: ("nobody listens there", "nobody listens there"),
    .closesAtOnce: ("hung up in the TLS handshake", "the connection was closed"),
    .closesAfterHello: ("hung up in the TLS handshake", "the connection was closed"),
    .resets: ("the connection was reset", "the connection was"),
    .beginsTLS: ("gave no answer in 2 s", "speaks no HTTP"),
    .beginsTLSAndResets: ("the connection was reset", "speaks no HTTP"),
    .hangs: ("gave no answer in 2 s", "gave no answer in 2 s"),
    .readsAndHangs: ("gave no answer in 2 s", "gave no answer in 2 s"),
    .garbage: ("speaks no TLS", "speaks no HTTP"),
    .someGarbage: ("speaks no TLS", "speaks no HTTP"),
    .web: ("speaks no TLS", "refused the request (400)"),
    .mail: ("speaks no TLS", "speaks no HTTP"),
    .drips: ("speaks no TLS", "speaks no HTTP"),
  ]

  private func address(_ port: UInt16, secure: Bool) -> String {
    "\(secure ? "https" : "http")://127.0.0.1:\(port)/v1/token"
  }

  private func check(
    _ sentence: String, _ kind: BadServer.Kind, secure: Bool, took: Double
  ) throws {
    let expected = try #require(Self.words[kind])
    let words = secure ? expected.secure : expected.plain
    let isLuck = Self.isLuck(kind, secure: secure) && sentence.contains("the connection was")
    #expect(sentence.contains(words) || isLuck, "\(kind) secure \(secure): \(sentence)")
    #expect(took < (words.contains("2 s") ? 2.6 : 1), "\(kind) secure \(secure): \(took) s")
    // No library speaks to the agent.
    for name in ["OpenSSL", "SSL_", "curl", "URLError"] { #expect(!sentence.contains(name)) }
  }

  @Test(arguments: BadServer.Kind.allCases, [true, false])
  func aTokensSource(_ kind: BadServer.Kind, secure: Bool) async throws {
    let server = try BadServer(kind)
    defer { server.stop() }
    var settings = TokenSource.Settings()
    settings.url = address(server.port, secure: secure)
    settings.patience = 2
    var (sentences, took): ([String], Double) = ([], .infinity)
    for isProbe in [false, true] {
      let began = Date()
      do throws(TokenFailure) {
        let source = TokenSource(settings)
        if isProbe { _ = try await source.probe(now: 0) } else { _ = try await source.fetch() }
        Issue.record("\(kind): it answers")
      } catch {
        // The pool of tasks may be busy with other tests: the quicker one counts.
        took = min(took, Date().timeIntervalSince(began))
        sentences.append(error.sentence)
        // Somebody may mend any of it while the desk waits; what a server refuses is its word.
        #expect(
          error.mayPass || kind == .web && !secure, "\(kind) secure \(secure): \(error.sentence)")
      }
    }
    for sentence in sentences { try check(sentence, kind, secure: secure, took: took) }
  }

  /// Whether what a reset leaves of what was said before it is luck.
  private static func isLuck(_ kind: BadServer.Kind, secure: Bool) -> Bool {
    kind == .beginsTLSAndResets || kind == .web || secure && kind == .closesAtOnce
      || secure && kind == .closesAfterHello
  }

  @Test(arguments: BadServer.Kind.allCases, [true, false])
  func theVendorsCloud(_ kind: BadServer.Kind, secure: Bool) async throws {
    let server = try BadServer(kind)
    defer { server.stop() }
    let client = CloudClient(
      .init(
        base: address(server.port, secure: secure), key: "k", secret: Secret("s"), patience: 2),
      policy: RetryPolicy(attempts: 1))
    do throws(CloudFailure) {
      _ = try await client.createCredential(account: "a", expires: 60)
      Issue.record("\(kind): it answers")
    } catch {
      if kind == .web, !secure {
        #expect(error.sentence.contains("400") || error.sentence.contains("the connection was"))
      } else {
        try check(error.sentence, kind, secure: secure, took: 0)
      }
      // A credential that may have been issued is not asked for once more.
      let neverLeft = error.sentence.contains("TLS") || kind == .closed
      let isWorth = RetryPolicy().wait(after: 1, of: .createSdkAuthentication, error, chance: 0)
      #expect((isWorth != nil) == neverLeft, "\(kind) secure \(secure): \(error)")
    }
  }

  // MARK: The programs

  private func environment(_ folder: TestFolder) -> [String] {
    [
      "HOME=\(folder.url.path)", "XDG_CONFIG_HOME=\(folder.path("config"))",
      "XDG_STATE_HOME=\(folder.path("state"))", "CCTERM_ETC=\(folder.path("etc"))",
    ]
  }

  /// All at once, since what is measured is how little they do.
  @Test func aDeskWaitsAsleep() async throws {
    let folder = try TestFolder()
    // A line that registers with whatever it gets.
    let line = try folder.write(
      "line.py",
      "import sys\nprint('{\"type\":\"hello\",\"protocol\":1,\"line\":\"x\"}', flush=True)\nsys.stdin.read()\n"
    )
    var desks: [(name: String, server: BadServer, run: CloudProgram)] = []
    for kind in BadServer.Kind.allCases {
      let server = try BadServer(kind)
      let options = [
        "line=exec:python3 \(line)", "desk.account=\(kind)", "token.from=url",
        "token.url=\(address(server.port, secure: false))", "token.timeout=1",
      ].flatMap { ["-c", $0] }
      let run = try CloudProgram(
        ["--json"] + options, program: "ccterm", name: "\(kind)", holdsInput: true,
        environment: environment(folder), in: folder)
      desks.append(("\(kind)", server, run))
    }
    for desk in desks {
      try await eventually("\(desk.name) is told", within: 60) {
        desk.run.out.contains(#""state":"down""#)
      }
      #expect(!desk.run.out.contains("no address"), "\(desk.name): \(desk.run.out)")
    }
    let began = Date()
    let before = desks.map { Processes.processorTime($0.run.child.pid) ?? 0 }
    try await eventually("a while", within: 12) { Date() > began.addingTimeInterval(8) }
    let seconds = Date().timeIntervalSince(began)
    for (desk, start) in zip(desks, before) {
      let spent = (Processes.processorTime(desk.run.child.pid) ?? 0) - start
      #expect(spent / seconds < 0.005, "\(desk.name): \(100 * spent / seconds) %")
      // The first waits are five seconds and ten, up to a quarter less.
      #expect(desk.server.connections <= 4, "\(desk.name): \(desk.server.connections)")
      await desk.run.child.stop()
      desk.server.stop()
    }
  }

  @Test(arguments: BadServer.Kind.allCases)
  func theDoctorNamesThem(_ kind: BadServer.Kind) async throws {
    let folder = try TestFolder()
    let server = try BadServer(kind)
    defer { server.stop() }
    let options = [
      "token.from=url", "token.url=\(address(server.port, secure: false))", "token.timeout=2",
      "sdk.browser=none", "sdk.script=file:/dev/null", "bus.url=mqtt://127.0.0.1:\(server.port)",
    ].flatMap { ["-c", $0] }
    let run = try await CloudProgram.once(
      ["doctor", "--json", "--line", "sdk"] + options, program: "ccterm",
      environment: environment(folder), in: folder)
    let rows = run.out.split(separator: "\n").map(String.init)
    let token = rows.first { $0.contains(#""what":"token""#) } ?? run.out
    let words = try #require(Self.words[kind]).plain
    #expect(token.contains(#""state":"missing""#), "\(kind): \(token)")
    #expect(
      token.contains(words) || kind == .beginsTLSAndResets && token.contains("was"),
      "\(kind): \(token)")
    // Whoever takes a connection is no broker yet.
    let broker = rows.first { $0.contains(#""what":"broker""#) } ?? run.out
    #expect(broker.contains(#""state":"warning""#), "\(kind): \(broker)")
    #expect(!broker.contains("answers in"), "\(kind): \(broker)")
  }

  /// A broker that lets nobody in without a password is one, and a desk's own connection stays.
  @Test func theDoctorPutsNobodyOut() async throws {
    let folder = try TestFolder()
    let broker = try await Mosquitto()
    var settings = BusClient.Settings(
      address: try BusAddress("mqtt://127.0.0.1:\(broker.port)"), clientID: "red/1")
    settings.user = "red/1"
    let desk = try BusClient(settings)
    try desk.start()
    var isUp = false
    try await eventually("it is up") {
      for case .up in desk.take() { isUp = true }
      return isUp
    }
    let run = try await CloudProgram.once(
      [
        "doctor", "--json", "--line", "demo", "-c", "bus.url=mqtt://127.0.0.1:\(broker.port)", "-c",
        "bus.team=red", "-c", "bus.agent=1",
      ], program: "ccterm", environment: environment(folder), in: folder)
    let row = run.out.split(separator: "\n").first { $0.contains(#""what":"broker""#) } ?? ""
    #expect(row.contains(#""state":"ok""#) && row.contains("answers in"), "\(run.out)")
    #expect(!desk.take().contains { if case .down = $0 { true } else { false } })
    desk.stop()
    await broker.stop()
  }
}
