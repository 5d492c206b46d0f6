// Washing, widths, numbers and info.

import Foundation
import Testing

@testable import CCCore

@Suite struct TextTests {
  @Test(arguments: [
    ("plain", "plain"), ("María López", "María López"), ("陈小明", "陈小明"),
    ("a\u{1B}[31mb", "a\u{FFFD}[31mb"), ("a\r\nb\tc\nd", "a b c d"), ("a\u{202E}b", "ab"),
    ("x\u{0}y\u{7F}z", "x\u{FFFD}y\u{FFFD}z"), ("👩\u{200D}💻x", "👩x"), ("👍🏽", "👍"),
    ("\u{301}a", "a"), ("a\u{301}\u{301}\u{301}\u{301}\u{301}b", "a\u{301}\u{301}\u{301}\u{301}b"),
    ("%s%n{}", "%s%n{}"), ("❤\u{FE0F}", "❤"), ("\u{9B}31m", "\u{FFFD}31m"),
  ])
  func washes(foreign: String, shown: String) {
    let washed = SafeText(foreign)
    #expect(washed.string == shown)
    #expect(SafeText(washed.string) == washed)
  }

  @Test func cutsByCells() {
    #expect(SafeText("abcdef", limit: 6).string == "abcdef")
    #expect(SafeText("abcdefg", limit: 6).string == "abcde…")
    #expect(SafeText("陈小明好", limit: 6).string == "陈小…")
    #expect(SafeText("陈小明", limit: 6).string == "陈小明")
    #expect(SafeText("abc", limit: 0).string == "")
    #expect(SafeText(bytes: [0x61, 0xFF, 0xC3]).string == "a\u{FFFD}\u{FFFD}")
  }

  @Test func anythingWashedIsCleanAndStays() {
    var random = SplitMix(seed: 7)
    for _ in 0..<5_000 {
      var text = ""
      for _ in 0..<Int.random(in: 0...20, using: &random) {
        let range: ClosedRange<UInt32> =
          Bool.random(using: &random) ? 0...0x2FF : 0...0x10FFFF
        if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) {
          text.unicodeScalars.append(scalar)
        }
      }
      let limit = Int.random(in: 0...12, using: &random)
      let washed = SafeText(text, limit: limit)
      #expect(washed.cells <= limit)
      #expect(SafeText(washed.string, limit: limit) == washed, "\(text.debugDescription)")
      #expect(washed.string.unicodeScalars.allSatisfy { CellWidth.of($0) >= 0 })
    }
  }

  @Test func widthsAreGlibcs() throws {
    let utf8 = try #require(newlocale(LC_CTYPE_MASK, "C.UTF-8", nil))
    let old = uselocale(utf8)
    defer {
      uselocale(old)
      freelocale(utf8)
    }
    typealias Width = @convention(c) (Int32) -> Int32
    let wcwidth = unsafeBitCast(
      try #require(dlsym(nil, "wcwidth")), to: Width.self)
    var wrong: [String] = []
    for value in UInt32(0x20)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      if CellWidth.of(scalar) != Int(wcwidth(Int32(value))) {
        wrong.append(String(value, radix: 16))
      }
    }
    // A newer C library knows newer scalars; none that both know may differ on Debian 12.
    #expect(wrong.isEmpty, "\(wrong.prefix(20))")
  }

  @Test(arguments: [
    ("132 1234 5678", "13212345678"), ("(0)132-1234.5678", "013212345678"),
    ("+34 612 34 56 78", "+34612345678"), ("tel:+1-202-555-0100", "+12025550100"),
    ("１３２１２３４", "1321234"), ("132\u{2013}12\u{2212}34", "1321234"), (" *45# ", "*45#"),
    ("\u{202A}+8613212345678\u{202C}", "+8613212345678"), ("132\t1234\n", "1321234"),
    ("٣٤", "34"),
  ])
  func cleans(typed: String, sent: String) throws {
    #expect(try DialNumber.clean(typed).digits == sent)
  }

  @Test(arguments: [
    ("", DialNumber.Refusal.empty), ("  -- ", .empty), ("+", .empty), ("12a", .character("a")),
    ("sip:bob@x", .address), ("SIPS:bob", .address), ("12+3", .plus), ("++3", .plus),
    (String(repeating: "1", count: 33), .tooLong), ("12\u{1B}[A", .character("\u{1B}")),
  ])
  func refuses(typed: String, why: DialNumber.Refusal) {
    #expect(throws: why) { try DialNumber.clean(typed) }
    #expect(!why.sentence.unicodeScalars.contains("\u{1B}"))
  }

  @Test(arguments: [
    ("13212345678", "132 1234 5678"), ("1321234", "132 1234"), ("00759999", "007 599 99"),
    ("+34612345678", "+34 612 34 56 78"), ("1020", "1020"), ("2025550100", "202 555 0100"),
    ("+12025550100", "+1 202 555 0100"), ("+8613212345678", "+86 132 1234 5678"),
    ("*45", "*45"), ("", ""), ("bob", "bob"), ("+", "+"), ("132", "132"), ("13212", "132 12"),
  ])
  func groups(digits: String, shown: String) {
    #expect(DialNumber.grouped(digits) == shown)
  }

  @Test func sameNumberInTwoShapes() {
    #expect(DialNumber.same("0075999", "75999"))
    #expect(DialNumber.same("+8613212345678", "13212345678"))
    #expect(!DialNumber.same("13212345678", "13212345679"))
    #expect(!DialNumber.same("78", "5678"))
  }

  @Test func infoIsCutAtACharacter() {
    let exact = String(repeating: "语", count: 1000)
    #expect(InfoText.cut(exact) == (exact, false))
    #expect(InfoText.cut(exact + "x") == (exact, true))
    let wide = String(repeating: "a", count: 999) + "👩‍💻"
    #expect(InfoText.cut(wide) == (String(repeating: "a", count: 999), true))
  }
}
