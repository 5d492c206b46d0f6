// What of an account's text is its user and its domain.

import Testing

@testable import CCCore

@Suite struct SIPAccountTests {
  @Test(
    arguments: [
      ("1001", "1001", nil), ("1001@pbx.example", "1001", "pbx.example"),
      ("sip:1001@pbx.example", "1001", "pbx.example"), ("SIPS:1001", "1001", nil),
      ("%31001", "1001", nil), ("%6aim", "jim", nil), ("%6Aim", "jim", nil),
      ("sip:%31%30%30%31@pbx.example;transport=tls", "1001", "pbx.example"),
      ("a%40b@pbx.example", "a@b", "pbx.example"), ("a@b@pbx.example", "a@b", "pbx.example"),
      ("1001;user=phone", "1001", nil), ("1001;USER=phone;x=y@h", "1001", "h"),
      ("1001;phone-context=a.example@h", "1001;phone-context=a.example", "h"),
      ("1001@h?subject=x", "1001", "h"), ("1001@h;user=phone", "1001", "h"),
      // No escape, or one that makes no text: as it was written.
      ("100%", "100%", nil), ("100%3", "100%3", nil), ("%zz", "%zz", nil), ("%E4", "%E4", nil),
      ("a%2541", "a%41", nil), ("sip", "sip", nil), ("sip:", "", nil), ("", "", nil),
      ("@x", "", "x"),
      ("jos\u{E9}", "jos\u{E9}", nil), ("jos%C3%A9", "jos\u{E9}", nil), ("Ana", "Ana", nil),
    ] as [(String, String, String?)])
  func isReadOnce(_ text: String, _ user: String, _ domain: String?) {
    let account = SIPAccount(text)
    #expect(account.user == user && account.domain == domain, "\(text): \(account)")
  }
}
