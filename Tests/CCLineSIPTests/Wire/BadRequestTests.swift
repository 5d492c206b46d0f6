// What cannot be read is answered where it can be, and passed over.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct BadRequestTests {
  /// A request, and what its sender is told; nil: nothing, for it may not be answered, or nobody could know it.
  private struct Case: Sendable {
    var what: String
    var code: Int?
    var change: @Sendable (inout HostileMessages.Invite) -> Void

    init(
      _ what: String, _ code: Int?,
      _ change: @escaping @Sendable (inout HostileMessages.Invite) -> Void
    ) {
      (self.what, self.code, self.change) = (what, code, change)
    }
  }

  private static let cases = [
    Case("a tab in the first line", 400) { $0.line = "INVITE sip:1001@127.0.0.1\tSIP/2.0" },
    Case("two blanks in the first line", 400) { $0.line = "INVITE  sip:1001@127.0.0.1 SIP/2.0" },
    Case("a blank behind the first line", 400) { $0.line += " " },
    Case("a version in small letters", 400) { $0.line = "INVITE sip:1001@127.0.0.1 sip/2.0" },
    Case("another version", 505) { $0.line = "INVITE sip:1001@127.0.0.1 SIP/9.9" },
    Case("From is garbage", 400) { $0.set("From", "garbage") },
    Case("From without a tag", 400) { $0.set("From", "<sip:far@127.0.0.1>") },
    Case("To is garbage", 400) { $0.set("To", "garbage") },
    Case("a Contact that cannot be read", 400) { $0.set("Contact", "<<<>>>") },
    Case("no Contact", 400) { $0.remove("Contact") },
    Case("no To", 400) { $0.remove("To") },
    Case("a CSeq of another method", 400) { $0.set("CSeq", "1 BYE") },
    Case("a CSeq of 2147483648", 400) { $0.set("CSeq", "2147483648 INVITE") },
    Case("a CSeq without a method", 400) { $0.set("CSeq", "1") },
    Case("two lengths", 400) { $0.headers.append(("l", "3")) },
    Case("a length of words", 400) { $0.set("Content-Length", "many") },
    Case("a BYE whose From is garbage", 400) {
      $0.line = "BYE sip:1001@127.0.0.1 SIP/2.0"
      $0.set("CSeq", "1 BYE")
      $0.set("From", "garbage")
    },
    Case("no Via", nil) { $0.remove("Via") },
    Case("an ACK whose From is garbage", nil) {
      $0.line = "ACK sip:1001@127.0.0.1 SIP/2.0"
      $0.set("CSeq", "1 ACK")
      $0.set("From", "garbage")
    },
    Case("an ACK without a branch", nil) { invite in
      invite.line = "ACK sip:1001@127.0.0.1 SIP/2.0"
      invite.set("CSeq", "1 ACK")
      invite.set("Via", "SIP/2.0/UDP 127.0.0.1:9")
    },
    Case("an answer to nothing", nil) { $0.line = "SIP/2.0 200 OK" },
    Case("an answer whose From is garbage", nil) {
      $0.line = "SIP/2.0 200 OK"
      $0.set("From", "garbage")
    },
  ]

  @Test(arguments: ScriptedPBX.transports)
  func itsSenderIsTold(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    for (index, one) in Self.cases.enumerated() {
      var request = HostileMessages.Invite("case\(index)")
      request.set(
        "Via",
        "SIP/2.0/\(transport.uppercased()) 127.0.0.1:\(pbx.port);branch=z9hG4bKcase\(index)")
      one.change(&request)
      pbx.send(request.text)
      if let code = one.code {
        let answer = try await pbx.next("\(code) to \(one.what)") {
          ScriptedDialog.value("call-id", $0) == "case\(index)"
        }
        #expect(answer.hasPrefix("SIP/2.0 \(code) "), "\(one.what): \(answer)")
        // RFC 3261 section 8.2.6.2.
        for name in ["from", "cseq"] {
          #expect(
            ScriptedDialog.value(name, answer) == ScriptedDialog.value(name, request.text),
            "\(one.what)")
        }
        #expect(answer.contains(";branch=z9hG4bKcase\(index)"), "\(one.what)")
      }
      // What comes behind it is heard.
      pbx.send(
        ScriptedDialog.invite(pbx, "after\(index)").replacing("INVITE", with: "OPTIONS"))
      let answer = try await pbx.answer(to: "OPTIONS")
      #expect(ScriptedDialog.value("call-id", answer) == "after\(index)", "\(one.what)")
      let strays = pbx.waiting.filter { ScriptedDialog.value("call-id", $0) == "case\(index)" }
      #expect(strays.isEmpty, "\(one.what): \(strays)")
    }
    // Each is counted, a body whose length is not known once more; the way is the same, and a call rings.
    try await eventually("all to be told") {
      line.seen.contains {
        if case .unreadable(let total, _) = $0 { total >= Self.cases.count } else { false }
      }
    }
    _ = try await pbx.rings()
    #expect(!line.seen.contains { if case .unregistered = $0 { true } else { false } })
    #expect(
      !line.seen.contains {
        if case .log(_, let text) = $0 { text.string.contains("broke") } else { false }
      })
    #expect(try await line.ends())
  }

  /// The longest that is read, and what is longer.
  @Test(arguments: ["tcp", "tls"])
  func whatIsTooLargeIsTold(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    var request = HostileMessages.Invite("large")
    request.set("Content-Length", "70000")
    pbx.send(request.text)
    let answer = try await pbx.answer(to: "INVITE")
    #expect(answer.hasPrefix("SIP/2.0 413 "))
    _ = try await pbx.rings()
    #expect(try await line.ends())
  }

  /// A flood is answered in part, and told as a number.
  @Test func aFloodIsNoLog() {
    var unreadable = Unreadable()
    for _ in 0..<1_000 { unreadable.add(.noBranch, from: "192.0.2.1") }
    #expect(unreadable.tellsIn(at: 5_000) == 0)
    #expect(unreadable.tell(at: 5_000)?.total == 1_000)
    #expect(unreadable.tellsIn(at: 5_100) == nil && unreadable.tell(at: 5_100) == nil)
    unreadable.add(.startLine, from: "192.0.2.2")
    #expect(unreadable.tellsIn(at: 5_100) == 900)
    #expect(unreadable.tell(at: 6_000)?.words == "its first line cannot be read, from 192.0.2.2")
    let answered = (0..<100).filter { _ in unreadable.mayAnswer(at: 7_500) }.count
    #expect(answered == Unreadable.mostAnswers && unreadable.mayAnswer(at: 8_000))
  }
}
