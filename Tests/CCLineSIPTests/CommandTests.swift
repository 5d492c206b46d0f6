// What the line does with commands that are none.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct CommandTests {
  @Test func whatCannotBeReadIsSaidAndAnsweredWhereItHasANumber() async throws {
    let line = try LineUnderTest()
    line.write(#"{"type":"callPhone","id":7}"# + "\n")
    let why = try await line.log("a command was ignored: ")
    try await line.wait("its result") { if case .result(7, false, why) = $0 { true } else { nil } }
    line.write("garbage\n \t\r\n\n")
    try await line.log("a command was ignored: ")
    line.write(String(repeating: "x", count: 70_000) + "\n")
    #expect(try await line.log("64 KiB") == "a command of more than 64 KiB was ignored")
    // What is as long as may be, and comes in pieces, is heard; the next one too.
    let padding = String(repeating: " ", count: 65_536 - #"{"type":"ping","id":-9}"#.utf8.count)
    line.write(#"{"type":"ping","#)
    line.write(padding + #""id":-9}"# + "\n" + #"{"type":"ping","id":-8}"# + "\n")
    for id in [-9, -8] {
      try await line.wait("ping \(id)") { if case .result(id, true, _) = $0 { true } else { nil } }
    }
    let told = line.seen.filter { if case .log = $0 { true } else { false } }
    #expect(told.count == 3, "\(told)")
    #expect(try await line.closeInput() == 0)
  }
}
