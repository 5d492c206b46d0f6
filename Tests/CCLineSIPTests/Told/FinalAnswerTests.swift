// Why a dial came to nothing.

import CCCore
import Testing

@testable import CCLineSIP

@Suite struct FinalAnswerTests {
  @Test(
    arguments: [
      (603, ["Q.850;cause=16"], .unanswered, "ended before an answer (603)"),
      (603, ["Q.850;cause=44"], .unanswered, "no line is free; another try may succeed (603)"),
      (603, ["Q.850;cause=19"], .unanswered, "nobody answered (603)"),
      (603, ["Q.850;cause=21"], .rejected, "declined (603)"), (603, [], nil, "declined (603)"),
      (603, ["Q.850;cause=17;text=\"USER_BUSY\""], .rejected, "busy here (603)"),
      (603, ["Q.850;cause=0"], nil, "declined (603)"),
      (486, ["Q.850;cause=16"], nil, "busy here (486)"),
      (486, ["Q.850;cause=17"], .rejected, "busy here (486)"),
      (404, ["Q.850;cause=1"], .rejected, "the number does not exist (404)"),
      (404, ["Q.850;cause=127"], nil, "not found (404)"),
      (
        480, ["Q.850;cause=20"], .unanswered,
        "their telephone is switched off or out of reach (480)"
      ),
      (403, ["Q.850;cause=21;location=LN"], .rejected, "the network refuses the call (403)"),
      (403, ["Q.850;cause=21;location=U"], .rejected, "declined (403)"),
      (503, ["Q.850;cause=34"], .unanswered, "no line is free; another try may succeed (503)"),
      (480, ["SIP;cause=607;text=\"PROGRESS_TIMEOUT\""], .unanswered, "nobody answered (480)"),
      (
        480, ["X;cause=606;text=\"USER_NOT_REGISTERED\""], .unanswered,
        "their telephone is not signed in (480)"
      ),
      (
        502, ["Q.850;cause=16", "Q.850;cause=27"], .unanswered,
        "their line is out of order; another try may succeed (502)"
      ),
      (500, ["garbage"], nil, "the server failed (500)"),
    ] as [(Int, [String], EndKind?, String)])
  func byCause(_ code: Int, _ reasons: [String], _ kind: EndKind?, _ words: String) {
    let verdict = FinalAnswer(code: code, reasons: reasons).verdict
    #expect(verdict.kind == kind && verdict.reason.text == words)
    #expect(verdict.reason.code == code)
  }

  /// Every number: a rule or none, and a refusal only where somebody could refuse.
  @Test func everyCause() {
    for number in -1...200 {
      guard let cause = ReleaseCause(number) else { continue }
      #expect(!cause.words.isEmpty && (1...127).contains(number))
      let verdict = FinalAnswer(code: 603, reasons: ["Q.850;cause=\(number)"]).verdict
      #expect(verdict.kind == cause.kind && verdict.reason.cause == number)
    }
    #expect([17, 21].allSatisfy { ReleaseCause($0)?.kind == .rejected })
    #expect(
      [16, 18, 19, 20, 31, 34, 38, 41, 42, 44, 102].allSatisfy {
        ReleaseCause($0)?.kind == .unanswered
      })
  }

  @Test(
    arguments: [
      (
        "304 pbx.example \"Media type not available\"",
        "no common sound: Media type not available (488)"
      ),
      (
        "399 192.0.2.1:5060 \"SRTP, \\\"please\\\"\", 301 x \"y\"",
        "no common sound: SRTP, \"please\" (488)"
      ),
      ("399 pbx \"\"", "no common sound (488)"), ("garbage", "no common sound (488)"),
      ("39 pbx \"x\"", "no common sound (488)"),
      ("399 pbx \"a\u{1B}[2Jb\"", "no common sound: a\u{FFFD}[2Jb (488)"),
    ])
  func warningsInWords(_ warning: String, _ words: String) {
    #expect(FinalAnswer(code: 488, warnings: [warning]).verdict.reason.text == words)
  }

  @Test(
    arguments: [
      ("30", "30 s"), ("119", "119 s"), ("120", "2 minutes"), ("18000;duration=3600", "5 hours"),
      (" 300 (I'm in a meeting)", "5 minutes"), ("0", nil), ("", nil), ("soon", nil), ("-5", nil),
      ("99999999999999999999", nil),
    ] as [(String, String?)])
  func retryAfterInWords(_ header: String, _ words: String?) {
    #expect(FinalAnswer.wait(header) == words)
    let text = FinalAnswer(code: 503, retryAfter: header).verdict.reason.text
    #expect(text == "service unavailable\(words.map { "; try again in \($0)" } ?? "") (503)")
  }
}
