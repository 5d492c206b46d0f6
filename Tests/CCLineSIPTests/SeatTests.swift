// Telling the telephone system the agent's status.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct SeatTests {
  @Test func nobodyIsTold() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    for status in [5, 2, 1, 99] {
      #expect(try await line.ask { .setSeat(id: $0, status: status) } == nil)
    }
    #expect(kamailio.seen("INVITE").isEmpty)
  }

  @Test func byFeatureCodes() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    let queue = try await Sipp([
      .receive("INVITE"), .answer(200, "OK", sound: .own), .receive("ACK"), .bye,
      .receiveResponse(200),
    ])
    try await line.signIn(
      kamailio,
      [("onChange", "dial"), ("codes", .string("break=7\(queue.port) idle=*46"))])
    // The feature code is on no screen.
    #expect(try await line.ask { .setSeat(id: $0, status: 5) } == nil)
    #expect(await queue.finished() == 0)
    // What the system knows already is not said again; post-call has no code.
    #expect(try await line.ask { .setSeat(id: $0, status: 5) } == nil)
    #expect(try await line.ask { .setSeat(id: $0, status: 4) } == nil)
    #expect(try await line.ask { .setSeat(id: $0, status: 2) } == "*46: not found")
    let calls = line.seen.contains { if case .call = $0 { true } else { false } }
    #expect(!calls)
  }

  @Test func byACommand() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    let folder = line.folder
    let script = try folder.write(
      "tell", "#!/bin/sh\n[ \"$2\" = idle ] && exit 3\necho \"$1 $2\" >> \(folder.path("told"))\n")
    chmod(script, 0o700)
    try await line.signIn(
      kamailio, [("onChange", "command"), ("command", .string("\(script) 'queue one'"))])
    #expect(try await line.ask { .setSeat(id: $0, status: 5) } == nil)
    #expect(folder.read("told") == "queue one break\n")
    #expect(try await line.ask { .setSeat(id: $0, status: 2) } == "seat.command ended with 3")
  }

  @Test func aCommandThatIsNotThere() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio, [("onChange", "command"), ("command", "nobody-has-this")])
    #expect(
      try await line.ask { .setSeat(id: $0, status: 5) }
        == "seat.command: nobody-has-this was not found")
  }
}
