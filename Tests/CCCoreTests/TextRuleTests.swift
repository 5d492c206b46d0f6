// Washing, widths, groups and bounds at their edges.

import Testing

@testable import CCCore

@Suite struct TextRuleTests {
  /// Each kind of scalar that is changed, beside the first and the last that are not.
  @Test(
    arguments: [
      // Line ends and tabs are one space; other controls are shown as broken.
      ("a\u{9}b", "a b"), ("a\u{A}b", "a b"), ("a\u{B}b", "a b"), ("a\u{C}b", "a b"),
      ("a\u{D}b", "a b"), ("a\r\nb", "a b"), ("a\r\r\nb", "a  b"), ("a\n\nb", "a  b"),
      ("a\n\rb", "a  b"), ("a\u{85}b", "a b"), ("a\u{2028}b", "a b"), ("a\u{2029}b", "a b"),
      ("\u{8}", "\u{FFFD}"), ("\u{E}", "\u{FFFD}"), ("\u{0}", "\u{FFFD}"), ("\u{1F}", "\u{FFFD}"),
      ("\u{7F}", "\u{FFFD}"), ("\u{84}", "\u{FFFD}"), ("\u{86}", "\u{FFFD}"),
      ("\u{80}", "\u{FFFD}"), ("\u{9F}", "\u{FFFD}"), (" ~", " ~"), ("\u{A0}", "\u{A0}"),
      ("\u{2027}", "\u{2027}"), ("\u{378}", "\u{FFFD}"), ("\nb", " b"),
      ("a\u{200A}b", "a\u{200A}b"),
      ("a\u{205F}b", "a\u{205F}b"), ("a\u{FFEF}b", "a\u{FFFD}b"), ("a\u{DFFFF}b", "a\u{FFFD}b"),
      // What shows nothing and misleads goes.
      ("a\u{AD}b", "ab"), ("a\u{34F}b", "ab"), ("a\u{61C}b", "ab"), ("a\u{180B}b", "ab"),
      ("a\u{180F}b", "ab"), ("a\u{200B}b", "ab"), ("a\u{200F}b", "ab"), ("a\u{202A}b", "ab"),
      ("a\u{202E}b", "ab"), ("a\u{2060}b", "ab"), ("a\u{206F}b", "ab"), ("a\u{FE00}b", "ab"),
      ("a\u{FE0F}b", "ab"), ("a\u{FEFF}b", "ab"), ("a\u{FFF9}b", "ab"), ("a\u{FFFB}b", "ab"),
      ("a\u{E0001}b", "ab"), ("a\u{E0FFF}b", "ab"), ("a\u{E0000}b", "ab"), ("a\u{FFF0}b", "ab"),
      ("\u{AC}\u{AE}", "\u{AC}\u{AE}"), ("\u{180A}", "\u{180A}"), ("\u{1810}", "\u{1810}"),
      ("\u{2010}", "\u{2010}"), ("\u{202F}", "\u{202F}"), ("\u{FE10}", "\u{FE10}"),
      ("\u{FFFC}", "\u{FFFC}"), ("a\u{350}", "a\u{350}"), ("\u{61B}", "\u{61B}"),
      ("\u{61D}", "\u{61D}"), ("a\u{FE20}", "a\u{FE20}"), ("a\u{34E}", "a\u{34E}"),
      ("\u{2070}", "\u{2070}"), ("\u{FEFE}", "\u{FFFD}"),
      // A joined picture is its first one; a skin tone without one stands for itself.
      ("👩\u{200D}💻x", "👩x"), ("👩\u{200D}ab", "👩ab"), ("👩\u{200D}1", "👩1"),
      ("👩\u{200D}💻💻", "👩💻"), ("👍\u{1F3FB}x", "👍x"), ("👍\u{1F3FF}x", "👍x"),
      ("\u{1F3FB}x", "\u{1F3FB}x"), ("👍\u{1F3FA}", "👍\u{1F3FA}"), ("👍\u{1F400}", "👍\u{1F400}"),
      ("©\u{200D}®", "©®"),
      // Four marks on one base, none without.
      ("a\u{301}\u{301}\u{301}\u{301}\u{301}b\u{301}", "a\u{301}\u{301}\u{301}\u{301}b\u{301}"),
      ("\u{301}\u{301}b", "b"),
    ] as [(String, String)])
  func washes(foreign: String, shown: String) {
    #expect(SafeText(foreign).string.unicodeScalars.elementsEqual(shown.unicodeScalars))
    // Among others, where nothing is short and plain.
    let among = SafeText("é" + foreign + "é").string
    if foreign.unicodeScalars.first != "\u{301}", foreign.unicodeScalars.first != "\u{1F3FB}" {
      #expect(among.unicodeScalars.elementsEqual(("é" + shown + "é").unicodeScalars))
    }
  }

  @Test func isCutWhereACellIsLeftForTheEllipsis() {
    #expect(SafeText("ab", limit: 1).string == "…" && SafeText("a", limit: 1).string == "a")
    #expect(SafeText("陈", limit: 1).string == "…" && SafeText("陈", limit: 2).string == "陈")
    #expect(SafeText("陈a", limit: 2).string == "…" && SafeText("陈ab", limit: 3).string == "陈…")
    #expect(SafeText("ae\u{301}bc", limit: 3).string == "ae\u{301}…")
    #expect(SafeText("éé", limit: 0).string == "" && SafeText("", limit: 0).string == "")
    #expect(SafeText(String(repeating: "a", count: 256)).cells == 256)
    #expect(SafeText(String(repeating: "a", count: 257)).string.last == "…")
    #expect(SafeText(String(repeating: "a", count: 257)).cells == 256)
    let literal: SafeText = "a\u{1B}b"
    #expect(literal.string == "a\u{FFFD}b" && literal.description == "a\u{FFFD}b")
    #expect(SafeText("").isEmpty && !SafeText(" ").isEmpty)
    #expect(SafeText(Substring("ab\n")).string == "ab ")
    #expect(SafeText(bytes: Array("abc".utf8), limit: 2).string == "a…")
  }

  /// A blank or a broken sign that stands for another takes one cell.
  @Test func whatStandsForAnotherTakesOneCell() {
    for sign in ["\t", "\u{1B}", "\u{378}"] {
      #expect(SafeText("a\(sign)b", limit: 3).string.hasSuffix("b"))
      #expect(SafeText("a\(sign)b", limit: 2).string == "a…")
    }
    #expect(SafeText("a\u{FDFF}b").string != "ab")
  }

  @Test func widthsAddUp() {
    #expect(CellWidth.of("") == 0 && CellWidth.of("abc") == 3 && CellWidth.of("陈小") == 4)
    #expect(CellWidth.of("e\u{301}") == 1 && CellWidth.of("a\u{1B}b") == 2)
    #expect(
      CellWidth.of("\u{7E}" as Unicode.Scalar) == 1 && CellWidth.of(" " as Unicode.Scalar) == 1)
    #expect(CellWidth.of("\u{7F}" as Unicode.Scalar) == -1)
    #expect(CellWidth.of("\u{1F}" as Unicode.Scalar) == -1)
    #expect(CellWidth.of("\u{10FFFF}" as Unicode.Scalar) == -1)
    #expect(SafeText("陈a").cells == 3)
  }

  @Test func infoCountsTheLanguagesUnits() {
    #expect(InfoText.limit == 1_000 && InfoText.units("a😀") == 3)
    // A pair of units is never torn.
    let odd = String(repeating: "a", count: 999) + "😀b"
    #expect(InfoText.cut(odd) == (String(repeating: "a", count: 999), true))
    let even = String(repeating: "a", count: 998) + "😀b"
    #expect(InfoText.cut(even) == (String(repeating: "a", count: 998) + "😀", true))
    #expect(InfoText.cut("") == ("", false))
  }

  /// The tags that show nothing end with their plane's first block.
  @Test func onlyTagsShowNothing() {
    #expect(SafeText("a\u{E0FFF}b").string == "ab")
    #expect(SafeText("a\u{E1000}b").string != "ab")
  }

  /// A joiner takes the picture behind it along, and no letter.
  @Test func aJoinerTakesNoLetter() {
    #expect(SafeText("a\u{200D}語b").string == "a語b")
    #expect(SafeText("👩\u{200D}💻b").string == "👩b")
  }

  @Test func momentsAreTakenTwice() {
    let one = Instant(uptime: 5 * Instant.second, unix: 1_000)
    let two = one.advanced(by: 2_999 * Instant.millisecond)
    #expect(two == Instant(uptime: 7_999 * Instant.millisecond, unix: 3_999))
    #expect(two.seconds(since: one) == 2 && two.nanoseconds(since: one) == 2_999_000_000)
    #expect(one.nanoseconds(since: two) == 0 && one.seconds(since: two) == 0)
    #expect(one.advanced(by: -Instant.second).unix == 0)
  }

  @Test func theDiceOfTheTestsAreTheirOwn() {
    // SplitMix64's published first numbers for the seed 1234567.
    var dice = SplitMix(seed: 1_234_567)
    #expect(
      [dice.next(), dice.next(), dice.next()] == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      ])
  }
}
