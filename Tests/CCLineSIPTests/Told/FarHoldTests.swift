// Hold by the far end, however it is done, and back again.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct FarHoldTests {
  /// How a telephone puts the other one on hold.
  enum Way: String, CaseIterable, Sendable {
    case sendonly, inactive, nowhere, nowhereAndSilent, off

    func sound(_ port: UInt16) -> String {
      let host = self == .nowhere || self == .nowhereAndSilent ? "0.0.0.0" : "127.0.0.1"
      let more: [String]
      switch self {
      case .sendonly, .nowhereAndSilent: more = ["a=sendonly"]
      case .inactive: more = ["a=inactive"]
      case .nowhere, .off: more = []
      }
      return FarHoldTests.lines(
        ["c=IN IP4 \(host)", "t=0 0", "m=audio \(self == .off ? 0 : port) RTP/AVP 0"] + more)
    }
  }

  static func lines(_ more: [String]) -> String {
    (["v=0", "o=far 1 2 IN IP4 127.0.0.1", "s=-"] + more).map { "\($0)\r\n" }.joined()
  }

  static func sound(_ port: UInt16) -> String {
    lines(["c=IN IP4 127.0.0.1", "t=0 0", "m=audio \(port) RTP/AVP 0"])
  }

  private func told(_ line: LineUnderTest, _ id: String?) async throws -> Bool {
    try await line.wait("hold by the far end") { event -> Bool? in
      if case .farHold(id, let on) = event { on } else { nil }
    }
  }

  /// Nothing more comes to the ear.
  private func isSilent(_ ear: BareSocket) async throws {
    var last = Date.now
    try await eventually("silence for 0.1 s") {
      while ear.receivedBytes != nil { last = .now }
      return Date.now > last + 0.1
    }
  }

  private func hears(_ ear: BareSocket) async throws {
    while ear.receivedBytes != nil {}
    try await eventually("sound") { ear.receivedBytes != nil }
  }

  @Test(arguments: ["udp", "tcp", "tls"], Way.allCases)
  func thereAndBack(_ transport: String, _ way: Way) async throws {
    let pbx = try await ScriptedPBX(transport)
    let line = try LineUnderTest()
    let ear = try BareSocket()
    try await pbx.signIn(line, [("srtp", transport == "tls" ? "offered" : "auto")])
    for method in ["INVITE", "UPDATE"] {
      var dialog = try await pbx.calls(line, body: Self.sound(ear.port))
      try await hears(ear)
      for _ in 1...2 {
        try await change(&dialog, method, way.sound(ear.port)) { answer in
          #expect(answer.contains("\r\nm=audio 0 ") == (way == .off), "\(answer.suffix(200))")
        }
        #expect(try await told(line, dialog.id))
        try await isSilent(ear)
        try await change(&dialog, method, Self.sound(ear.port)) { answer in
          #expect(answer.contains("\r\na=sendrecv\r\n"))
        }
        #expect(try await !told(line, dialog.id))
        try await hears(ear)
      }
      line.send(.hangUp(id: 9, call: dialog.id))
      let bye = try await pbx.next("BYE")
      pbx.send(dialog.answer(bye, "200 OK"))
      try await line.call(.ended)
    }
    #expect(try await line.ends())
  }

  private func change(
    _ dialog: inout ScriptedDialog, _ method: String, _ body: String,
    _ look: (String) -> Void
  ) async throws {
    let request = dialog.request(method, body: body)
    dialog.pbx.send(request)
    look(try await dialog.pbx.answer(200, to: method))
    if method == "INVITE" {
      dialog.pbx.send(dialog.request("ACK", number: ScriptedDialog.number(request)))
    }
  }

  /// An offer without a body: ours goes out in the answer, and theirs comes in the ACK.
  @Test(arguments: ["udp", "tcp", "tls"], Way.allCases)
  func delayed(_ transport: String, _ way: Way) async throws {
    let pbx = try await ScriptedPBX(transport)
    let line = try LineUnderTest()
    let ear = try BareSocket()
    try await pbx.signIn(line)
    var dialog = try await pbx.calls(line, body: Self.sound(ear.port))
    for isHold in [true, false, true] {
      let request = dialog.request("INVITE")
      pbx.send(request)
      #expect(try await pbx.answer(200, to: "INVITE").contains("\r\na=sendrecv\r\n"))
      // Ours is not answered yet: another one has to wait.
      pbx.send(dialog.request("UPDATE", body: Self.sound(ear.port)))
      try await pbx.answer(491, to: "UPDATE")
      pbx.send(
        dialog.request(
          "ACK", number: ScriptedDialog.number(request),
          body: isHold ? way.sound(ear.port) : Self.sound(ear.port)))
      #expect(try await told(line, dialog.id) == isHold)
      if isHold { try await isSilent(ear) } else { try await hears(ear) }
    }
    #expect(try await line.ends())
  }

  /// Each ends for itself, in whatever order.
  @Test(arguments: ["udp", "tcp", "tls"], [false, true])
  func bothAtOnce(_ transport: String, _ theyEndFirst: Bool) async throws {
    let pbx = try await ScriptedPBX(transport)
    let line = try LineUnderTest()
    let ear = try BareSocket()
    try await pbx.signIn(line)
    var dialog = try await pbx.calls(line, body: Self.sound(ear.port))
    let id = dialog.id
    /// We hold or resume, and they agree as they stand.
    func ours(_ on: Bool, _ theirs: String) async throws {
      line.send(.hold(id: 60, call: id, on: on))
      let offer = try await pbx.next("INVITE")
      pbx.send(
        dialog.answer(
          offer, "200 OK", body: Self.sound(ear.port) + "a=\(theirs)\r\n"))
      _ = try await pbx.next("ACK")
      try await line.state(id)
    }
    try await change(&dialog, "INVITE", Way.sendonly.sound(ear.port)) { _ in }
    #expect(try await told(line, id))
    try await ours(true, "inactive")
    if theyEndFirst {
      try await change(&dialog, "INVITE", Self.sound(ear.port)) { answer in
        #expect(answer.contains("\r\na=sendonly\r\n"))
      }
      #expect(try await !told(line, id))
      try await isSilent(ear)
      try await ours(false, "sendrecv")
    } else {
      try await ours(false, "sendonly")
      try await isSilent(ear)
      try await change(&dialog, "INVITE", Self.sound(ear.port)) { _ in }
      #expect(try await !told(line, id))
    }
    try await hears(ear)
    let words = line.seen.filter { if case .farHold = $0 { true } else { false } }
    #expect(words.count == 2)
    #expect(try await line.ends())
  }

  /// Whoever we hold need not listen to our music: that is no hold of theirs.
  @Test(arguments: ["udp", "tcp", "tls"])
  func anInactiveAnswerToOurHoldIsNone(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    let dialog = try await pbx.takesCall(line)
    line.send(.hold(id: 60, call: dialog.id, on: true))
    let offer = try await pbx.next("INVITE")
    pbx.send(dialog.answer(offer, "200 OK", body: HostileMessages.sound + "a=inactive\r\n"))
    #expect(try await line.state(dialog.id).held == true)
    try await line.fence()
    #expect(!line.seen.contains { if case .farHold = $0 { true } else { false } })
    #expect(try await line.ends())
  }

  /// One that is answered on hold.
  @Test(arguments: ["udp", "tcp", "tls"])
  func heldFromTheBeginning(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    let dialog = try await pbx.takesCall(line, body: HostileMessages.sound + "a=sendonly\r\n")
    #expect(try await told(line, dialog.id))
    #expect(try await line.ends())
  }
}
