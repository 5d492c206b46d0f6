// What was found on this machine to speak into and to hear on.

/// The outcome of a look at the machine, and its text between two processes.
struct SoundFinding: Hashable {
  /// What is to be used.
  enum Choice: String, Hashable {
    case pulse, alsa
    case silence = "none"
  }

  var choice: Choice
  /// What it is, or why there is nothing, in words.
  var words: String
  /// What is missing all the same, each in a sentence.
  var lacks: [String] = []

  init(_ choice: Choice, _ words: String, lacks: [String] = []) {
    self.choice = choice
    self.words = words
    self.lacks = lacks
  }

  /// Reads `text`; nil if it is none.
  init?(_ text: String) {
    let lines = text.split(separator: "\n").map(String.init)
    guard lines.count >= 2, let choice = Choice(rawValue: lines[0]) else { return nil }
    self.init(choice, lines[1], lacks: Array(lines.dropFirst(2)))
  }

  /// A line each: the choice, the words, what is missing.
  var text: String {
    ([choice.rawValue, words] + lacks)
      .map { $0.split(separator: "\n").joined(separator: " ") + "\n" }.joined()
  }
}
