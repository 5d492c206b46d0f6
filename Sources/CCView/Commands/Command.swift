// What a person can want: every intention is one row of one table.

import CCCore

/// Everything an agent can ask of the desk, apart from editing a field.
///
/// Keymap, key bar, help, the `^X` line, plain mode, `--json` and `docs/keys.md` all come from the one
/// table in `CommandTable` (design rule 8); the raw values are the names that `--json` uses.
public enum CommandName: String, Hashable, Sendable, CaseIterable {
  // With a key of their own.
  case dial, nextField, previousField, earlier, later
  case help, status, hold, mute, answer, keypad, transfer, hangUp, why, quit
  case accept, refuse
  case cancel, clear, redraw, suspend
  // By word alone, in plain mode and `--json`: on the screen a key of the ones above does them.
  case info, check, note, reject, resume, unmute, swap, join, dtmf, then, more, tryNow, takeBack
  case consult, last, recent, quiet
}

/// A change to the text of a field, or to the place of its cursor.
public enum Edit: Hashable, Sendable {
  case left, right, up, down, wordLeft, wordRight, home, end
  case backspace, delete
  case killWord, killToStart, killToEnd, yank, undo
  case newLine
}

/// What a key press means to the screen.
public enum Command: Hashable, Sendable {
  /// A row of the table. `on` is the call that was on the screen when the key was pressed; nil if
  /// none was (design rule 9).
  case named(CommandName, on: Call.ID?)
  /// Editing of the field in focus.
  case edit(Edit)
  /// A character for the field in focus.
  case insert(Character)
  /// A paste, as one event, unwashed.
  case paste(String)
  /// `^X`: the next letter names a command.
  case prefix
}
