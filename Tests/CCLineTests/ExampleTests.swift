// The example of the documentation, run as it stands there.

import CCCore
import Foundation
import Testing

@testable import CCLine

@Suite("Example line", .serialized) @MainActor struct ExampleTests {
  static let example = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "examples/line.py")
    .path

  @Test("registers, rings, talks, hangs up") func call() throws {
    let child = try ChildHarness("#!/bin/sh\nexec python3 '\(Self.example)' 0.06\n")
    child.start()
    child.send(.register(id: 1, token: nil))
    child.waitFor(.registered(account: "example", expiresIn: nil, secure: nil))
    child.waitFor(.result(id: 1, ok: true, error: ""))
    child.send(.callPhone(id: 2, phone: "13212345678", info: "John Doe"))
    func report(_ status: CallReport.Status) -> LineEvent {
      .call(CallReport(status, number: "13212345678", call: "1", direction: .out))
    }
    child.waitFor(report(.talking))
    child.send(.callPhone(id: 3, phone: "1", info: ""))
    child.waitFor(.result(id: 3, ok: false, error: "a call is up"))
    child.send(.hangUp(id: 4, call: "1"))
    child.waitFor(report(.ended))
    child.send(.callPhone(id: 5, phone: "13212345678", info: ""))
    child.send(.hangUp(id: 6, call: "1"))
    child.waitFor(report(.notEstablished))
    #expect(
      child.events.filter { if case .call = $0 { true } else { false } }.prefix(4)
        == [report(.calling), report(.ringing), report(.talking), report(.ended)])
    child.line.stop(at: Clock.now())
    child.wait { !child.line.isRunning }
    #expect(child.deaths.isEmpty)
  }

  @Test("is about forty lines") func short() throws {
    let text = try String(contentsOfFile: Self.example, encoding: .utf8)
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 42)
  }
}
