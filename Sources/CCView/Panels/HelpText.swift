// The help: every command of the table, and how to edit.

/// The lines of the help overlay.
enum HelpText {
  /// One line: a key, its `^X` letter, what it does.
  struct Line: Hashable, Sendable {
    var key: String
    var letter: String
    var help: String
  }

  static let lines: [Line] =
    CommandTable.rows.filter { $0.key != nil || $0.letter != nil }.map {
      Line(key: $0.keyLabel, letter: $0.letter.map { "^X \($0)" } ?? "", help: $0.help)
    }
    + [Line(key: "", letter: "", help: "")]
    + EditingKeys.rows.map { Line(key: $0.keys, letter: "", help: $0.help) }
}
