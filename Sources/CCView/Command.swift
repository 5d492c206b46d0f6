// What a person can want: every intention is one row of one table.

/// Everything an agent can ask of the desk, apart from editing a field.
///
/// Keymap, key bar, help, the `^X` line, plain mode, `--json` and `docs/keys.md` all come from the one
/// table in `CommandTable` (design rule 8); the raw values are the names that `--json` uses.
public enum CommandName: String, Hashable, Sendable, CaseIterable {
  case dial, nextField, previousField, earlier, later
  case help, status, hold, mute, answer, keypad, transfer, hangUp, why, quit
  case cancel, clear, redraw, suspend
}
