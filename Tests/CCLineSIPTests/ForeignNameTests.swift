// Names and numbers of callers as telephone systems really write them, through the whole stack.

import CCCore
import Testing

@testable import CCLineSIP

@Suite struct ForeignNameTests {
  /// Sends an INVITE whose From has these bytes for a name, and returns what rings.
  private func ring(_ name: [UInt8], _ headers: [(String, String)] = [], user: String = "300")
    async throws -> CallReport
  {
    let registrar = try BareRegistrar(tcp: false)
    let line = try LineUnderTest()
    try await registrar.welcome(line)
    var invite = HostileMessages.Invite("foreign")
    invite.set("From", "\"@@@\" <sip:\(user)@127.0.0.1>;tag=foreign")
    for (header, value) in headers { invite.set(header, value) }
    var bytes: [UInt8] = []
    for part in Array(invite.text.utf8).split(separator: Array("@@@".utf8)) {
      if !bytes.isEmpty { bytes += name }
      bytes += part
    }
    registrar.send(bytes)
    let report = try await line.call(.ringing)
    line.send(.reject(id: 1, call: report.call))
    return report
  }

  @Test(
    arguments: [
      ([0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72], "Müller"), (Array("Müller 名".utf8), "Müller 名"),
      ([0xC3, 0x28, 0xE9], "Ã(é"),
    ] as [([UInt8], String)])
  func aNameInLatin1Rings(_ bytes: [UInt8], _ name: String) async throws {
    let report = try await ring(bytes)
    #expect(report.name?.string == name && report.number == "300" && report.direction == .in)
  }

  @Test func anAssertedNameInLatin1Rings() async throws {
    let report = try await ring(
      [0x4E, 0xF6], [("P-Asserted-Identity", "\"@@@\" <sip:+442079460123@127.0.0.1>")])
    #expect(report.name?.string == "Nö" && report.number == "+442079460123")
  }

  @Test(arguments: ["anonymous", "Unavailable", "RESTRICTED", "unknown"])
  func whoIsWithheldIsNobody(_ user: String) async throws {
    let report = try await ring(Array("Anonymous".utf8), user: user)
    #expect(report.number == nil && report.name == nil && report.direction == .in)
  }
}
