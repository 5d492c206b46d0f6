// What answers where a registrar should be, and is none: the true reason, soon, and no processor time.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct BadServerTests {
  /// What the agent reads, by what is there and how it is asked.
  private static func words(_ kind: BadServer.Kind, _ transport: String) -> String {
    let isTLS = transport == "tls"
    let noSIP = "what answers there does not speak SIP"
    let noTLS = "the registrar does not speak TLS on this port"
    switch kind {
    case .closed: return "the registrar refuses the connection"
    case .closesAtOnce, .closesAfterHello, .resets: return "the connection to the registrar broke"
    case .hangs, .readsAndHangs: return "no answer from the registrar"
    case .beginsTLS:
      return isTLS
        ? "no answer from the registrar"
        : "what answers there speaks TLS; sip.transport: tls would too"
    case .beginsTLSAndResets:
      return isTLS
        ? "the connection to the registrar broke"
        : "what answers there speaks TLS; sip.transport: tls would too"
    case .garbage, .someGarbage, .drips: return isTLS ? noTLS : noSIP
    case .web: return isTLS ? noTLS : "what answers there is a web server, not SIP"
    case .mail: return isTLS ? noTLS : "what answers there is a mail server, not SIP"
    }
  }

  /// Those that show what they are only by saying nothing.
  private static func isSilent(_ kind: BadServer.Kind, _ transport: String) -> Bool {
    kind == .hangs || kind == .readsAndHangs
      || transport == "tls" && (kind == .beginsTLS || kind == .drips)
  }

  @Test(arguments: BadServer.Kind.allCases, ["tcp", "tls"])
  func theTrueReason(_ kind: BadServer.Kind, _ transport: String) async throws {
    let server = try BadServer(kind)
    defer { server.stop() }
    let line = try LineUnderTest()
    let isSilent = Self.isSilent(kind, transport)
    let began = Date()
    line.register(
      line.configuration(
        port: server.port, transport: transport, [("firstAnswerSeconds", isSilent ? 1 : 30)]))
    let (reason, wait) = try await line.wait("the reason", within: 20) {
      event -> (String, Double)? in
      guard case .unregistered(let reason, let wait?, final: false) = event else { return nil }
      return (reason.string, wait)
    }
    print("\(kind) \(transport): \(Date().timeIntervalSince(began)) s")
    // Who resets at once may take along what it said before.
    let isLost = kind == .beginsTLSAndResets && reason == "the connection to the registrar broke"
    if !isLost, !(transport == "tls" && kind == .drips) {
      #expect(reason == Self.words(kind, transport))
    }
    #expect((1...1.001).contains(wait))
    // A second one takes longer to come: the waits grow.
    let next = try await line.wait("the next wait", within: 20) { event -> Double? in
      guard case .unregistered(_, let wait?, final: false) = event else { return nil }
      return wait
    }
    #expect((1...2).contains(next))
    let ticks = Self.ticks(line.pid)
    let lived = Date().timeIntervalSince(began)
    print("\(kind) \(transport): \(ticks) ticks in \(lived) s")
    #expect(ticks < 20)
    #expect(server.connections <= 3)
    #expect(try await line.ends())
  }

  /// Hundredths of a second of processor time.
  private static func ticks(_ pid: Int32) -> Double {
    let text = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
    let fields = text.split(separator: " ")
    return fields.count > 14 ? (Double(fields[13]) ?? 0) + (Double(fields[14]) ?? 0) : 0
  }
}
