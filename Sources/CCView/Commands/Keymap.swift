// From keys to commands, where no menu or question is open.

import CCCore

/// What a key means in the fields.
public enum Keymap {
  /// The command of a key, with `call` as the call that is on the screen; nil: it means nothing.
  ///
  /// What is typed or pasted is never a command (screens rule 6).
  public static func command(for key: Key, on call: Call.ID?) -> Command? {
    switch key {
    case .character(let character): return .insert(character)
    case .paste(let text): return .paste(text)
    case .control("q"): return .named(.quit, on: call)
    case .control("x"): return .prefix
    default: break
    }
    if let edit = edits[key] { return .edit(edit) }
    return byKey[key].map { .named($0, on: call) }
  }

  private static let byKey: [Key: CommandName] = Dictionary(
    CommandTable.rows.compactMap { row in row.key.map { ($0, row.name) } },
    uniquingKeysWith: { first, _ in first })

  private static let edits: [Key: Edit] = [
    .left: .left, .right: .right, .wordLeft: .wordLeft, .wordRight: .wordRight,
    .home: .home, .end: .end, .backspace: .backspace, .delete: .delete,
    .control("a"): .home, .control("e"): .end, .control("b"): .left, .control("f"): .right,
    .control("h"): .backspace, .control("d"): .delete, .control("w"): .killWord,
    .control("u"): .killToStart, .control("k"): .killToEnd, .control("y"): .yank,
    .control("_"): .undo, .control("j"): .newLine,
  ]
}

/// The editing keys, for the help and `docs/keys.md`.
enum EditingKeys {
  static let rows: [(keys: String, help: String)] = [
    ("^A ^E Home End", "beginning, end of the line"),
    ("^B ^F Left Right", "a character left, right"),
    ("Ctrl-Left Ctrl-Right", "a word left, right"),
    ("Backspace ^H Del ^D", "rub out before, under the cursor"),
    ("^W ^U ^K", "cut the word before, the line before, the line behind"),
    ("^Y ^_", "put back what was cut; undo"),
    ("^J", "a new line in Info and Note"),
  ]
}
