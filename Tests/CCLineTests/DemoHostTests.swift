// The demo as a program of its own, run as a child.

import CCCore
import CCTestSupport
import Testing

@testable import CCLine

@Suite("Demo line as a program", .serialized) @MainActor struct DemoHostTests {
  @Test("speaks the protocol, answers what it does not know, and goes with quit") func speaks()
    throws
  {
    let child = try ChildHarness("#!/bin/sh\nexec '\(Products.path("LineHolder"))'\n") {
      $0.grace = 60 * Instant.second
    }
    child.start()
    child.waitFor(DemoExchange.hello)
    child.send(.register(id: 1, token: nil))
    child.waitFor(.registered(account: "demo-1001", expiresIn: nil, secure: nil))
    child.send(.callPhone(id: 2, phone: "100404", info: ""))
    child.waitFor(
      .call(
        CallReport(
          .notEstablished, number: "100404", call: "d1", direction: .out,
          reason: Reason("not found", code: 404))))
    child.send(.setSeat(id: 3, status: 2))
    child.waitFor(.result(id: 3, ok: false, error: "the demo keeps no seat"))
    let start = Clock.now()
    child.line.finish()
    #expect(Clock.now() - start < 50 * Instant.second)
    #expect(child.deaths.isEmpty)
  }
}
