// The one table of the floor's commands.

/// Everything a supervisor can ask of the floor.
///
/// Keymap, key bar, help, plain mode and `docs/keys.md` come from `FloorCommandTable` (design rule 8).
public enum FloorCommandName: String, Hashable, Sendable, CaseIterable {
  case filter, sort, team, columns, freeze, follow, message, ask, seen, alerts, big, numbers, help
  case quit
  case up, down, pageUp, pageDown, first, last
  case back, redraw, suspend
}

/// One row of the table.
public struct FloorCommandRow: Hashable, Sendable {
  /// The command.
  public let name: FloorCommandName
  /// Its key.
  public let key: Key
  /// Its key as it is written.
  public let keyLabel: String
  /// Its label in the key bar.
  public let label: String
  /// One line of help.
  public let help: String
}

/// The table that keymap, key bar, help and `docs/keys.md` are made from.
public enum FloorCommandTable {
  /// Every command, in the order of the help.
  public static let rows: [FloorCommandRow] = [
    row(.follow, .enter, "Enter", "Follow", "follow the chosen agent: figures, timeline, changes"),
    row(.sort, .character("s"), "s", "Sort", "sort by time, status, name, team, calls"),
    row(.team, .character("t"), "t", "Team", "choose a team, or all"),
    row(.filter, .character("/"), "/", "Filter", "filter as you type; Enter keeps, Esc clears"),
    row(.message, .character("m"), "m", "Message", "a message to the chosen agent, or to the team"),
    row(.ask, .character("u"), "u", "Ask", "ask her, or the team, for a status, or to sign off"),
    row(.alerts, .character("!"), "!", "Alerts", "alerts only, and back"),
    row(.seen, .character("a"), "a", "Seen", "the alert is seen: it is told no more"),
    row(.freeze, .character(" "), "Space", "Freeze", "freeze the picture; it thaws after 60 s"),
    row(.columns, .character("c"), "c", "Columns", "choose the columns"),
    row(.big, .character("b"), "b", "Big", "big numbers, and back"),
    row(
      .numbers, .character("n"), "n", "Numbers",
      "today by team: calls, talk, after-call, AHT, occupancy, connect"),
    row(.up, .up, "Up", "Up", "the agent above"),
    row(.down, .down, "Down", "Down", "the agent below"),
    row(.pageUp, .pageUp, "PgUp", "Page up", "a page up"),
    row(.pageDown, .pageDown, "PgDn", "Page down", "a page down"),
    row(.first, .home, "Home", "First", "the first agent"),
    row(.last, .end, "End", "Last", "the last agent"),
    row(.back, .escape, "Esc", "Back", "back: menu, filter, detail, selection"),
    row(.redraw, .control("l"), "^L", "Redraw", "draw the screen anew"),
    row(.suspend, .control("z"), "^Z", "Suspend", "suspend"),
    row(.help, .character("?"), "?", "Help", "all commands (also F1)"),
    row(.quit, .character("q"), "q", "Quit", "quit (also F10, ^Q, ^C)"),
  ]

  /// The row of a command.
  public static func row(_ name: FloorCommandName) -> FloorCommandRow {
    byName[name] ?? rows[0]
  }

  /// The command of a key; nil: it means nothing.
  public static func command(for key: Key) -> FloorCommandName? {
    byKey[key] ?? others[key]
  }

  private static let byName = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0) })
  private static let byKey = Dictionary(uniqueKeysWithValues: rows.map { ($0.key, $0.name) })
  private static let others: [Key: FloorCommandName] = [
    .function(1): .help, .function(10): .quit, .control("q"): .quit, .control("c"): .quit,
    .character("k"): .up, .character("j"): .down, .character("g"): .first, .character("G"): .last,
  ]

  private static func row(
    _ name: FloorCommandName, _ key: Key, _ keyLabel: String, _ label: String, _ help: String
  ) -> FloorCommandRow {
    FloorCommandRow(name: name, key: key, keyLabel: keyLabel, label: label, help: help)
  }
}
