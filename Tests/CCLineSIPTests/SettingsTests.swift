// The line's part of the configuration.

import CCCore
import CCJSON
import Testing

@testable import CCLineSIP

@Suite struct SettingsTests {
  private func read(_ more: [(String, JSONValue?)], token: Secret? = nil) throws -> Settings {
    var values: [(String, JSONValue)] = [
      ("registrar", "pbx.example"), ("account", "1001"), ("password", "x"),
    ]
    for (key, value) in more {
      values.removeAll { $0.0 == key }
      if let value { values.append((key, value)) }
    }
    return try Settings(
      .object(JSONObject(values.map { JSONObject.Member(name: $0.0, value: $0.1) })),
      token: token)
  }

  @Test func theLeast() throws {
    let settings = try read([])
    #expect(settings.registrars.first == HostPort("pbx.example"))
    #expect(settings.address == "sip:1001@pbx.example")
    #expect(settings.transport == .tcp)
    #expect(settings.audio == .auto(DeviceChoice()))
    #expect(settings.infoHeader == nil && settings.realm == nil)
    #expect(settings.firstAnswer == 5000 && settings.ringing == 60_000)
  }

  @Test func domainOfTheAccountAndOfItsOwn() throws {
    #expect(try read([("account", "1001@cc.test")]).domain == "cc.test")
    #expect(try read([("account", "1001@cc.test"), ("domain", "other")]).domain == "other")
    #expect(try read([("account", "jos\u{e9}")]).address == "sip:jos%C3%A9@pbx.example")
    // A whole address, pasted: who it is, and nothing else of it.
    for text in ["sip:%31001@cc.test", "1001@cc.test;user=phone", "sips:1001;user=phone@cc.test"] {
      #expect(try read([("account", .string(text))]).address == "sip:1001@cc.test", "\(text)")
    }
    #expect(try read([("account", "a%40b")]).address == "sip:a%40b@pbx.example")
  }

  @Test func digitsAsANumber() throws {
    let settings = try read([("account", 1001), ("password", 4711)])
    #expect(settings.user == "1001" && settings.password == Secret("4711"))
  }

  @Test func theTokenIsThePassword() throws {
    #expect(try read([], token: Secret("t")).password == Secret("t"))
    #expect(try read([("password", nil)], token: Secret("t")).password == Secret("t"))
    #expect(try read([], token: Secret("")).password == Secret("x"))
  }

  @Test func soundFromFiles() throws {
    #expect(
      try read([("audio", "file:in.wav,out.wav")]).audio
        == .file(input: "in.wav", output: "out.wav"))
    #expect(try read([("audio", "file:,out.wav")]).audio == .file(input: nil, output: "out.wav"))
    #expect(try read([("audio", "file:in.wav")]).audio == .file(input: "in.wav", output: nil))
  }

  @Test func soundFromDevices() throws {
    let names: [(String, JSONValue?)] = [("microphone", "jabra"), ("ringer", "room")]
    let choice = DeviceChoice(microphone: "jabra", ringer: "room")
    #expect(try read(names + [("audio", "pulse")]).audio == .pulse(choice))
    #expect(try read(names + [("audio", "alsa")]).audio == .alsa(choice))
    #expect(try read(names).audio == .auto(choice))
    #expect(try read([("audio", "none")]).audio == .none)
    #expect(choice.device(of: .ringer) == "room" && choice.device(of: .loudspeaker) == "")
    #expect(DeviceChoice(loudspeaker: "jabra").device(of: .ringer) == "jabra")
    // An echo canceller is the sound server's.
    #expect(throws: Settings.Unusable.self) {
      try read([("audio", "alsa"), ("echoCancel", true)])
    }
  }

  @Test func soundIsEncryptedWhereKeysTravelSafely() throws {
    #expect(try read([]).media.protection == .off)
    #expect(try read([("transport", "tls")]).media.protection == .offered)
    let required = try read([("transport", "tls"), ("srtp", "required")])
    #expect(required.media.protection == .required && required.protection == "TLS, SRTP")
    #expect(try read([("transport", "tls"), ("srtp", "off")]).media.protection == .off)
    #expect(try read([]).protection == "clear")
  }

  @Test(
    arguments: [
      ("registrar", nil, "sip.registrar"), ("registrar", "pbx:70000", "sip.registrar"),
      ("registrar", "a/b", "sip.registrar"), ("account", nil, "sip.account"),
      ("account", "a b", "sip.account"), ("account", "@x", "sip.account"),
      ("password", nil, "passwordCommand"), ("password", "a\nb", "control"),
      ("domain", "cc.test:5060", "sip.domain"), ("domain", "a>b", "sip.domain"),
      ("transport", "sctp", "sip.transport"),
      ("caFile", "ca.pem", "sip.caFile"), ("srtp", "maybe", "sip.srtp"),
      ("srtp", "required", "sip.srtp needs sip.transport: tls"), ("audio", "oss", "sip.audio"),
      ("infoHeader", "From", "sip.infoHeader"), ("infoHeader", "X Y", "sip.infoHeader"),
      ("ringSeconds", 0, "sip.ringSeconds"), ("realm", true, "sip.realm"),
    ] as [(String, JSONValue?, String)])
  func saysWhatIsWrong(_ key: String, _ value: JSONValue?, _ named: String) {
    #expect {
      try read([(key, value)])
    } throws: { error in
      (error as? Settings.Unusable)?.sentence.contains(named) == true
    }
  }

  @Test(
    arguments: [
      ("pbx", "pbx", nil), ("pbx:5070", "pbx", 5070), ("[2001:db8::1]:5060", "2001:db8::1", 5060),
      ("[::1]", "::1", nil),
    ] as [(String, String, UInt16?)])
  func hostsAndPorts(_ text: String, _ host: String, _ port: UInt16?) throws {
    let read = try #require(HostPort(text))
    #expect(read.host == host && read.port == port)
  }

  @Test(arguments: ["", ":5060", "a:", "a:0", "[::1", "[pbx]", "a;b", "a@b", "2001:db8::1"])
  func noHost(_ text: String) { #expect(HostPort(text) == nil) }
}
