// The one table of commands.

/// One row of the table: a command's name, keys, words and one line of help.
public struct CommandRow: Hashable, Sendable {
  /// The command.
  public let name: CommandName
  /// Its key; nil where it has none on the screen.
  public let key: Key?
  /// Its key as it is written: `F8`, `^Q`.
  public let keyLabel: String
  /// Its letter after `^X`.
  public let letter: Character?
  /// Its label in the key bar, where the state asks for no other.
  public let label: String
  /// One line of help, for the screen.
  public let help: String
  /// What it does by its word, where there is no screen.
  public let spoken: String
  /// When it can be done, in words, for `docs/keys.md`.
  public let when: String
  /// Its words in plain mode, the first one shown; none: it means nothing there.
  public let words: [String]
}

/// What a typed word came to.
public enum WordMatch: Hashable, Sendable {
  /// One command, and what was typed behind its word.
  case command(CommandName, argument: String)
  /// The beginning of several; their words.
  case ambiguous([String])
  /// Of none.
  case unknown
}

/// The table that keymap, key bar, help, `^X`, plain mode, `--json` and `docs/keys.md` are made from.
public enum CommandTable {
  /// Every command, in the order of the help.
  public static let rows: [CommandRow] = [
    row(
      .dial, .enter, "Enter", nil, "Dial",
      "dial, from Dial or Info; in a Note it is a new line",
      "a number, a link, no open call", ["dial", "call"],
      said: "dial a number; the info goes with it"),
    row(.nextField, .tab, "Tab", nil, "Next", "the next field", "always", []),
    row(.previousField, .backTab, "Shift-Tab", nil, "Previous", "the field before", "always", []),
    row(.earlier, .up, "Up", nil, "Earlier", "in Dial: an earlier number", "always", []),
    row(.later, .down, "Down", nil, "Later", "in Dial: a later number", "always", []),
    row(
      .help, .function(1), "F1", "?", "Help", "all commands", "always", ["help", "?"],
      said: "all commands; help and a word: that one"),
    row(
      .status, .function(2), "F2", "s", "Status",
      "status, by letter; during a call: the one after it", "the link, or the desk, can set it",
      ["status"],
      said:
        "how all stands; status and idle, busy, short break or offline: take it, in a call after it"
    ),
    row(
      .hold, .function(3), "F3", "o", "Hold", "hold, resume; with two calls: swap",
      "a call is talking", ["hold"],
      said: "hold the call"),
    row(
      .mute, .function(4), "F4", "m", "Mute", "mute, unmute the microphone", "a call is talking",
      ["mute"],
      said: "shut the microphone"),
    row(
      .answer, .function(5), "F5", "a", "Answer",
      "answer; in post-call: 30 s more; link down: try now", "one of the three", ["answer"],
      said: "answer who rings"),
    row(
      .keypad, .function(6), "F6", "k", "Keypad",
      "send tones; first those that were dialled behind the number", "a call is talking", []),
    row(
      .transfer, .function(7), "F7", "t", "Transfer",
      "transfer: Enter asks first, then F7 joins; F7 alone: blind",
      "a call is talking", ["transfer"],
      said: "hand the call to a number at once; y or n is asked. consult asks there first"),
    row(
      .hangUp, .function(8), "F8", "h", "Hang up",
      "hang up, cancel, reject; of two calls it ends the second", "a call is open",
      ["hang up", "hangup"]),
    row(.why, .function(9), "F9", "e", "Why", "explain this state", "always", ["why"]),
    CommandRow(
      name: .accept, key: nil, keyLabel: "", letter: "y", label: "Accept",
      help: "do what a supervisor asks, or say that you read it",
      spoken: "do what a supervisor asked last, or say that you read it",
      when: "a supervisor's order is in the message row", words: ["accept"]),
    CommandRow(
      name: .refuse, key: nil, keyLabel: "", letter: "n", label: "Refuse",
      help: "refuse what a supervisor asks", spoken: "refuse what a supervisor asked last",
      when: "as accept", words: ["refuse"]),
    row(
      .quit, .function(10), "F10", "q", "Quit", "quit; asks unless offline (also ^Q)", "always",
      ["quit", "exit"],
      said: "end the desk, at once unless a call is open: then y or n is asked"),
    row(
      .cancel, .escape, "Esc", nil, "Back", "back out of a menu, clear a message", "always", []),
    row(
      .clear, .control("c"), "^C", nil, "Clear",
      "clear Dial or Info (^_ brings it back); twice: quit", "in Dial and Info", []),
    row(.redraw, .control("l"), "^L", nil, "Redraw", "draw the screen anew", "always", []),
    row(.suspend, .control("z"), "^Z", nil, "Suspend", "suspend", "only offline", []),
    word(.info, "the text that goes with the next call", ["info"]),
    word(.check, "what a number would send", ["check"]),
    word(.note, "the note of this call", ["note"]),
    CommandRow(
      name: .reject, key: nil, keyLabel: "", letter: "r", label: "Reject",
      help: "turn away a call that rings here, also beside another one",
      spoken: "turn away a call that rings here, also beside another one",
      when: "a call rings here", words: ["reject"]),
    word(.resume, "take a held call back", ["resume"]),
    word(.unmute, "open the microphone", ["unmute"]),
    word(.swap, "the other call", ["swap"]),
    word(
      .consult, "call a number, with this call on hold; then join or hang up", ["consult", "ask"]),
    word(.join, "join the two calls and leave", ["join"]),
    word(.dtmf, "send tones", ["keypad", "tones"]),
    word(.then, "send what was dialled behind the number, as tones", ["then"]),
    word(.more, "30 seconds more of post-call", ["more"]),
    word(.tryNow, "try the link now", ["try"]),
    word(.takeBack, "sign in again after another place did", ["take back"]),
    word(.last, "the last event again", ["last"]),
    word(.recent, "the calls that are over, the last one first", ["recent"]),
    word(.quiet, "say only what asks for an answer", ["quiet"]),
  ]

  /// The commands of `--json`: those that mean something to a program.
  public static let forPrograms: [CommandName] = [
    .dial, .hangUp, .answer, .reject, .hold, .resume, .mute, .unmute, .swap, .transfer, .consult,
    .join, .dtmf, .then, .status, .more, .tryNow, .takeBack, .note, .accept, .refuse, .quit,
  ]

  /// The row of a command.
  public static func row(_ name: CommandName) -> CommandRow {
    byName[name] ?? rows[0]
  }

  /// The command a `^X` letter names.
  public static func command(letter: Character) -> CommandName? {
    let lower = Character(letter.lowercased())
    return rows.first { $0.letter == lower }?.name
  }

  /// Reads a line of plain mode: a command's word, or its unambiguous beginning, and an argument.
  ///
  /// `hang up` and `take back` are two words; a beginning may stop anywhere (`h`, `hang`, `mu`). An
  /// exact word wins over the beginnings of others, and so does a `^X` letter typed alone (`h`).
  public static func match(word line: String) -> WordMatch {
    let parts = line.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
    guard let first = parts.first?.lowercased() else { return .unknown }
    let two = parts.count > 1 ? "\(first) \(parts[1].lowercased())" : first
    if parts.count == 1, first.count == 1, let letter = first.first,
      let name = command(letter: letter)
    {
      return .command(name, argument: "")
    }
    var began: [(CommandRow, String, Int)] = []
    for row in rows {
      for word in row.words {
        if word == two {
          return .command(row.name, argument: tail(parts, from: parts.count > 1 ? 2 : 1))
        }
        if word == first { return .command(row.name, argument: tail(parts, from: 1)) }
        if word.contains(" "), parts.count > 1, word.hasPrefix(two) {
          began.append((row, word, 2))
        } else if word.hasPrefix(first) {
          began.append((row, word, 1))
        }
      }
    }
    let names = Set(began.map(\.0.name))
    if names.count == 1, let hit = began.max(by: { $0.2 < $1.2 }) {
      return .command(hit.0.name, argument: tail(parts, from: hit.2))
    }
    if first.count == 1, let letter = first.first, let name = command(letter: letter),
      takesWords.contains(name)
    {
      return .command(name, argument: tail(parts, from: 1))
    }
    return names.isEmpty ? .unknown : .ambiguous(began.map(\.1))
  }

  /// Commands with a letter that take words behind it: `t 4711`.
  private static let takesWords: Set<CommandName> = [.transfer, .status, .dtmf]

  private static func tail(_ parts: [String], from index: Int) -> String {
    parts.dropFirst(index).joined(separator: " ")
  }

  private static let byName = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0) })

  private static func row(
    _ name: CommandName, _ key: Key, _ keyLabel: String, _ letter: Character?, _ label: String,
    _ help: String, _ when: String, _ words: [String], said: String? = nil
  ) -> CommandRow {
    CommandRow(
      name: name, key: key, keyLabel: keyLabel, letter: letter, label: label, help: help,
      spoken: said ?? help, when: when, words: words)
  }

  private static func word(_ name: CommandName, _ help: String, _ words: [String]) -> CommandRow {
    CommandRow(
      name: name, key: nil, keyLabel: "", letter: nil, label: words.first ?? "", help: help,
      spoken: help, when: "as its key", words: words)
  }
}
