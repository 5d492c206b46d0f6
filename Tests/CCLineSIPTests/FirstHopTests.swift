// Proxies and far ends that write names where others write addresses.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct FirstHopTests {
  /// Nobody can look that name up.
  private static let name = "pbx.invalid"

  @Test(arguments: ["tcp", "udp"])
  func aProxyWithAName(_ transport: String) async throws {
    var setup = Kamailio.Setup()
    setup.advertised = (Self.name, transport)
    let kamailio = try await Kamailio(setup)
    let line = try LineUnderTest()
    try await line.signIn(kamailio, transport: transport)
    let far = try await Sipp([
      .receive("INVITE"), .answer(180, "Ringing"), .answer(200, "OK", sound: .own), .receive("ACK"),
      .receive("INVITE"), .reply(200, "OK", sound: .own), .receive("ACK"), .receive("BYE"),
      .reply(200, "OK"),
    ])
    line.dial("7\(far.port)")
    let id = try await line.call(.talking).call
    #expect(try await line.ask { .hold(id: $0, call: id, on: true) } == nil)
    line.send(.hangUp(id: 9, call: id))
    try await line.call(.ended)
    #expect(await far.finished() == 0, "\(kamailio.log.suffix(900))")
    #expect(far.messages.contains("Record-Route: <sip:\(Self.name):"))
  }

  @Test(arguments: ["sip:far@far.invalid:5070", "sips:far@127.0.0.1:5071"], [false, true])
  func aFarEndWithAName(_ contact: String, _ tcp: Bool) async throws {
    let registrar = try BareRegistrar(tcp: tcp)
    let line = try LineUnderTest()
    try await registrar.welcome(line)
    line.dial("5501")
    var came: [String] = []
    func message(_ method: String) async throws -> String {
      try await eventually("\(method)") {
        came += registrar.attend()
        return came.contains { $0.hasPrefix(method) }
      }
      return came.first { $0.hasPrefix(method) } ?? ""
    }
    let invite = try await message("INVITE ")
    registrar.send(
      registrar.answer(to: invite, "200 OK", ["Contact: <\(contact)>"], body: Self.sound))
    try await line.call(.talking)
    // To whom it is meant stands in the first line; it comes to the registrar.
    #expect(try await message("ACK ").hasPrefix("ACK \(contact) SIP/2.0"))
    line.send(.hangUp(id: 9, call: nil))
    try await line.call(.ended)
    let bye = try await message("BYE ")
    #expect(bye.hasPrefix("BYE \(contact) SIP/2.0"))
    registrar.send(registrar.answer(to: bye, "200 OK"))
  }

  private static let sound = [
    "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0", "m=audio 9 RTP/AVP 0",
  ].map { "\($0)\r\n" }.joined()
}
