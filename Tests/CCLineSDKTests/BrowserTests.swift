// The line in a real Chromium, with the stand-in under the vendor's address.

import CCCore
import CCJSON
import CCLine
import CCTestSupport
import Foundation
import Testing

@Suite("The SDK in a browser") struct BrowserTests {
  @Test(
    "dials in every shape that the documentation allows",
    arguments: [
      #"{"style":"plain","rtc":true}"#, #"{"style":"vue33","number":"string"}"#,
      #"{"style":"vue35"}"#, #"{"late":400}"#,
    ])
  func dials(_ wish: String) async throws {
    let line = try SDKUnderTest()
    try await line.signIn(wish, [("options", ["isRemark": false, "lang": "es"])])
    line.send(.callPhone(id: 7, phone: "+0013212345678", info: "Zoë 陈小明"))
    let calls = try await line.calls()
    #expect(calls.map(\.status) == [.calling, .ringing, .talking, .ended])
    // Whatever a JavaScript number made of it: the number is the one that was dialled.
    #expect(calls.allSatisfy { $0.number?.string == "+0013212345678" && $0.exact })
    try await line.wait("idle again") { $0 == .seat(.idle) ? true : nil }
    let seats = line.seen.compactMap { if case .seat(let seat) = $0 { seat } else { nil } }
    #expect(seats == [.idle, .busy, .postCall, .idle])
    #expect(line.seen.contains(.registered(account: "0705C245_001", expiresIn: nil, secure: nil)))
    #expect(line.seen.contains(.result(id: 7, ok: true, error: "")))
    #expect(try await line.quit() == 0)
    #expect(line.profile == nil, "the browser's folder is removed")
  }

  @Test("a call that is not established, and one after it") func notEstablished() async throws {
    let line = try SDKUnderTest()
    try await line.signIn()
    line.send(.callPhone(id: 2, phone: "13212345679", info: ""))
    #expect(try await line.calls().map(\.status) == [.calling, .notEstablished])
    try await line.wait("idle again") { $0 == .seat(.idle) ? true : nil }
    line.send(.callPhone(id: 3, phone: "13212345678", info: ""))
    #expect(try await line.calls().map(\.status) == [.calling, .ringing, .talking, .ended])
    line.send(.hold(id: 4, call: nil, on: true))
    #expect(try await line.result(4).error.contains("use its window"))
    #expect(try await line.closeInput() == 0)
  }

  @Test(
    "callPhone that fails says why",
    arguments: [
      ("callThrows", "callPhone exploded"), ("callRejects", "callPhone rejected"),
      ("noCall", "no callPhone"),
    ])
  func dialFails(_ fail: String, _ words: String) async throws {
    let line = try SDKUnderTest()
    // Without callPhone there is no element that could dial; the seat still signs in.
    try await line.signIn("{\"fail\":\"\(fail)\"}")
    line.send(.callPhone(id: 2, phone: "13212345678", info: ""))
    let result = try await line.result(2)
    #expect(!result.ok)
    #expect(result.error.contains(words))
    #expect(try await line.quit() == 0)
  }

  @Test("a promise of callPhone that is never kept delays nothing") func neverKept() async throws {
    let line = try SDKUnderTest()
    try await line.signIn(#"{"fail":"callNever","style":"vue35"}"#)
    line.send(.callPhone(id: 2, phone: "13212345678", info: ""))
    #expect(try await line.result(2).ok)
    #expect(try await line.calls(until: .talking).last?.status == .talking)
    #expect(try await line.quit() == 0)
  }

  @Test(
    "register that fails says why, and waits for a fresh token",
    arguments: [
      ("throw", "register exploded"), ("reject", "register rejected"),
      ("silent", "said nothing within 2 s"), ("hang", "said nothing within 2 s"),
    ])
  func registerFails(_ fail: String, _ words: String) async throws {
    let line = try SDKUnderTest()
    line.register(
      try line.configuration("{\"fail\":\"\(fail)\"}", [("registerSeconds", 2)]))
    let trouble = try await line.trouble()
    #expect(trouble.reason.contains(words))
    #expect(!trouble.final)
    // The cause is gone, and the desk asks again: it heals in the same browser.
    line.register(try line.configuration("{}", [("registerSeconds", 2)]), id: 2)
    try await line.wait("registered") { if case .registered = $0 { true } else { nil } }
    #expect(try await line.quit() == 0)
  }

  @Test("a wrong token is silence, and silence has a sentence") func wrongToken() async throws {
    let line = try SDKUnderTest()
    line.register(try line.configuration("{}", [("registerSeconds", 2)]), token: "Bearer wrong")
    #expect(try await line.trouble().reason.contains("wrong or outdated token"))
    #expect(try await line.quit() == 0)
  }

  @Test(
    "a script that is not the SDK is named",
    arguments: [
      ("noSDK", "made no window.ccSdk.register within 5 s")
    ])
  func noSDK(_ fail: String, _ words: String) async throws {
    let line = try SDKUnderTest()
    line.register(try line.configuration("{\"fail\":\"\(fail)\"}"))
    #expect(try await line.trouble().reason.contains(words))
    // It is tried again by itself, and heals when the script is right.
    _ = try line.configuration("{}")
    try await line.wait("registered") { if case .registered = $0 { true } else { nil } }
    #expect(try await line.quit() == 0)
  }

  @Test("a script that is not there is named, and comes back") func noScript() async throws {
    let line = try SDKUnderTest()
    let configuration = try line.configuration()
    try FileManager.default.removeItem(atPath: line.folder.path("sip-sdk.js"))
    line.register(configuration)
    #expect(try await line.trouble().reason.contains("sip-sdk.js cannot be read: No such file"))
    _ = try line.configuration()
    try await line.wait("registered") { if case .registered = $0 { true } else { nil } }
    #expect(try await line.quit() == 0)
  }

  @Test("an alert of the page does not stop it") func alert() async throws {
    let line = try SDKUnderTest()
    try await line.signIn(#"{"fail":"alert"}"#)
    #expect(
      line.seen.contains(
        .log(.warning, "The SDK's page says: Your headset is not plugged in.")))
    #expect(try await line.quit() == 0)
  }

  @Test("a seat that goes offline by itself is evicted, and taken back") func evicted() async throws
  {
    let line = try SDKUnderTest()
    try await line.signIn(#"{"evictAfter":300}"#)
    try await line.wait("evicted") { $0 == .evicted ? true : nil }
    line.send(.callPhone(id: 5, phone: "13212345678", info: ""))
    #expect(try await line.result(5).error == "not registered")
    line.register(try line.configuration(), id: 6)
    try await line.wait("registered") { if case .registered = $0 { true } else { nil } }
    #expect(try await line.quit() == 0)
  }

  @Test("a new token is registered without the desk seeing the link fall") func renewal()
    async throws
  {
    let line = try SDKUnderTest()
    try await line.signIn()
    line.register(
      try line.configuration(), token: "Bearer other77777:0705C245_001:1ecc5e73-4252", id: 2)
    line.send(.callPhone(id: 3, phone: "13212345678", info: ""))
    #expect(try await line.calls().count == 4, "a dial waits for the new token")
    #expect(line.seen.contains(.result(id: 3, ok: true, error: "")))
    try await line.wait("idle again") { $0 == .seat(.idle) ? true : nil }
    #expect(!line.seen.contains { if case .unregistered = $0 { true } else { false } })
    line.send(.callPhone(id: 4, phone: "13212345600", info: ""))
    _ = try await line.calls(until: .talking)
    line.register(try line.configuration(), id: 5)
    #expect(try await line.result(5).error.contains("A call is open"))
    #expect(try await line.quit() == 0)
  }
}
