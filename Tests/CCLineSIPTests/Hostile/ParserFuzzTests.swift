// What is parsed in Swift, against spoilt text: a fuzzer that runs as a test.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

/// `CCTERM_FUZZ=N swift test --filter ParserFuzzTests` runs N rounds from a seed of the clock, to hunt;
/// without it 30,000 rounds from a fixed one, to hold what is held.
@Suite struct ParserFuzzTests {
  private static let seeds: [[UInt8]] =
    [
      #"Digest realm="cc.test", nonce="abc\"d", qop="auth,auth-int", algorithm=SHA-256, stale=TRUE"#,
      #"digest nonce=x,realm="",opaque="""#, #"Basic realm="x""#,
      #""Nora \"N\" O" <sip:+442079460123;x=y:pw@pbx.example:5060;user=phone?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc&X=1>;tag=9"#,
      "sip:1001@[2001:db8::1]:5061;transport=tcp", "tel:+1-201-555-0123;phone-context=x",
      "<sips:a@b>",
      "call@host;to-tag=a;from-tag=b;early-only", "<sip:1001@192.0.2.1>;expires=600;q=0.5",
      "00|X. -> +; 0|Z. -> +49; 0900X. -> refuse: no; [2-57]XX -> =; +1N. -> 8",
      HostileMessages.sound, "pbx.example:5060", "[::1]:5061", "X-CC-Info",
    ].map { Array($0.utf8) } + HostileMessages.descriptions.map(\.bytes).filter { $0.count < 4000 }

  @Test func nothingIsTrusted() async throws {
    let wish = ProcessInfo.processInfo.environment["CCTERM_FUZZ"].flatMap { Int($0) }
    var random = Random(seed: wish == nil ? 4 : UInt64(Date().timeIntervalSince1970))
    for round in 0..<(wish ?? 30_000) {
      // The other tests have their turns.
      if round % 50 == 0 { await Task.yield() }
      let bytes = Mutation.spoil(Self.seeds, using: &random)
      let text = String(decoding: bytes, as: UTF8.self)
      func held(_ condition: Bool, _ what: String) {
        if !condition { Issue.record("round \(round), \(what): \(bytes)") }
      }
      if let challenge = DigestChallenge(text, fromProxy: false) {
        let answer = DigestAnswer(
          challenge: challenge, algorithm: challenge.algorithm ?? .md5, user: "u\"\\",
          method: "INVITE",
          uri: "sip:a", clientNonce: "c"
        ).header(password: Secret("geheim"))
        held(
          answer.hasSuffix("\r\n") && answer.dropLast(1).allSatisfy { $0 != "\r\n" && $0 != "\n" },
          "one line")
        held(!answer.contains("geheim"), "no password")
      }
      let caller = Caller(from: text, asserted: round % 2 == 0 ? [text] : [])
      held(caller.number.unicodeScalars.count <= 64, "a number that fits")
      held(!caller.words.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }, "washed")
      if let target = ReferTarget(text) {
        held(DialPlan.isNumber(target.number), "a number")
        held(target.replaces?.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } ?? true, "no line end")
      }
      if let replaces = Replaces(text) { held(Replaces(replaces.value) != nil, "read again") }
      if let plan = try? DialPlan(rules: text, emergency: "112") {
        for number in ["0049301234", "112", "2345", String(repeating: "9", count: 64)] {
          if case .dial(let dialled) = plan.verdict(on: number) {
            held(DialPlan.isNumber(dialled), "something that can be dialled")
          }
          held(plan.verdict(on: "112") != .refuse(""), "rescue is never refused")
        }
      }
      if let description = Description(bytes) {
        held(bytes.count <= Description.longest && text.contains("v="), "looked at")
        held(
          description.media.allSatisfy { line in
            line.refused.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
              && line.refused.utf8.count < 128
          }, "one line for each refused one")
      }
      _ = MessageBody(bytes, type: "multipart/mixed;boundary=\"\(text.prefix(8))\"").description
      _ = Lifetime.granted(
        contacts: [text, text], own: "sip:1001@192.0.2.1", expires: text, asked: 600)
      held(
        (1_800...540_000).contains(Lifetime.refresh(Int(text) ?? bytes.count)), "a sane refresh")
      _ = HostPort(text)
      _ = InfoHeader(text)
      held(!InfoHeader.encoded(text).unicodeScalars.contains { $0.value < 0x20 }, "no control")
    }
  }
}
