// docs/keys.md, made from the table.

/// The page of the keys; `make check` holds the file against it.
public enum KeyDocs {
  /// The whole page.
  public static func markdown() -> String {
    let rows = CommandTable.rows
    var lines = [
      "# The keys", "",
      "<!-- Made from CommandTable and FloorCommandTable in Sources/CCView; edit that, then `make docs`. -->",
      "",
      "The text fields have the focus, so commands are function keys. Where a terminal takes those",
      "away, `^X` and a letter do the same. What is typed or pasted is never a command.", "",
      "| key | `^X` | command | when |", "|---|---|---|---|",
    ]
    lines += rows.filter { $0.key != nil || $0.letter != nil }.map { row in
      "| \(row.keyLabel.isEmpty ? "" : code(row.keyLabel)) "
        + "| \(row.letter.map { code(String($0)) } ?? "") "
        + "| \(row.help) | \(row.when) |"
    }
    lines += [
      "",
      "In the status menu (F2): "
        + StatusMenu.rows.map { "`\($0.letter)` \($0.seat.name)" }.joined(separator: ", ")
        + ". It closes after 5 s.",
      "Questions are answered by `y` or `n`, never by Enter nor by the key that raised them.", "",
      "## Editing", "", "| key | what it does |", "|---|---|",
    ]
    lines += EditingKeys.rows.map { row in
      "| \(row.keys.split(separator: " ").map { code(String($0)) }.joined(separator: " ")) "
        + "| \(row.help) |"
    }
    lines += [
      "", "## Words in plain mode and names in `--json`", "",
      "In plain mode any unambiguous beginning does, and so does the letter of `^X` alone.",
      "A word without a name is for the ear: a program gets what it tells with every line.", "",
      "| words | `--json` | what it does |", "|---|---|---|",
    ]
    lines += rows.filter { !$0.words.isEmpty }.map { row in
      "| \(row.words.map(code).joined(separator: " ")) "
        + "| \(CommandTable.forPrograms.contains(row.name) ? code(row.name.rawValue) : "") "
        + "| \(row.spoken) |"
    }
    lines += [
      "", "## Keys of the floor", "",
      "Nothing is typed there but a filter, so letters are commands. After a key that moves, the",
      "order holds for 5 s; the choice belongs to the agent, not to the row.", "",
      "| key | what it does |", "|---|---|",
    ]
    lines += FloorCommandTable.rows.map { "| \(code($0.keyLabel)) | \($0.help) |" }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func code(_ text: String) -> String { "`\(text)`" }
}
