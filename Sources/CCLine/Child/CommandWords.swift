// The words of a command as `exec:` takes it: spaces and quotes, no shell.

/// Splits a command line into words.
///
/// Spaces and tabs part words; single quotes keep everything, double quotes keep all but `\"` and `\\`;
/// outside quotes a backslash keeps the next character. No variables, no globs, no pipes: a shell is
/// run by naming one.
public enum CommandWords {
  /// Why a command line cannot be split.
  public enum Refusal: Error, Hashable, Sendable {
    /// There is no word in it.
    case empty
    /// A quote is opened and not closed.
    case openQuote(Character)
    /// It ends in a backslash.
    case openBackslash

    /// The refusal as one sentence.
    public var sentence: String {
      switch self {
      case .empty: "The command is empty."
      case .openQuote(let quote): "The quote \(quote) is not closed."
      case .openBackslash: "A backslash at the end keeps nothing."
      }
    }
  }

  /// The words of a command line; never none.
  public static func split(_ line: String) -> Result<[String], Refusal> {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var escaped = false
    for character in line {
      if escaped {
        escaped = false
        if quote == "\"", character != "\"", character != "\\" { word = (word ?? "") + "\\" }
        word = (word ?? "") + String(character)
        continue
      }
      switch (character, quote) {
      case ("\\", nil), ("\\", "\""): escaped = true
      case (let closing, let open?) where closing == open: quote = nil
      case ("'", nil), ("\"", nil):
        quote = character
        word = word ?? ""
      case (" ", nil), ("\t", nil):
        if let done = word { words.append(done) }
        word = nil
      default: word = (word ?? "") + String(character)
      }
    }
    if escaped { return .failure(.openBackslash) }
    if let quote { return .failure(.openQuote(quote)) }
    if let word { words.append(word) }
    return words.isEmpty ? .failure(.empty) : .success(words)
  }
}
