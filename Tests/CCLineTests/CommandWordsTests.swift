// Splitting `exec:` commands.

import CCLine
import Testing

@Suite("Command words") struct CommandWordsTests {
  @Test(
    "splits",
    arguments: [
      ("a", ["a"]), ("  a  b\tc ", ["a", "b", "c"]), ("'a b' c", ["a b", "c"]),
      (#""a b"c"#, ["a bc"]), ("a ''", ["a", ""]), (#"a\ b"#, ["a b"]), (#"'a\b'"#, [#"a\b"#]),
      (#""a\"b\\c\d""#, [#"a"b\c\d"#]), ("a $HOME *", ["a", "$HOME", "*"]), ("a'b'\"c\"", ["abc"]),
    ] as [(String, [String])])
  func splits(_ line: String, _ words: [String]) {
    #expect(CommandWords.split(line) == .success(words))
  }

  @Test(
    "refuses",
    arguments: [
      ("", .empty), ("  ", .empty), ("a 'b", .openQuote("'")), ("a \"b", .openQuote("\"")),
      (#"a\"#, .openBackslash),
    ] as [(String, CommandWords.Refusal)])
  func refuses(_ line: String, _ refusal: CommandWords.Refusal) {
    #expect(CommandWords.split(line) == .failure(refusal))
  }
}
