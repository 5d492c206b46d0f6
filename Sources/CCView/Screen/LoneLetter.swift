// Telling a letter that answers from a letter of a text that is being typed.

import CCCore

/// A question is answered by a letter that stands alone: nothing typed just before, nothing just after.
///
/// Who types a note does not see the question that a slip of a finger raised, and sooner or later types
/// a `y`. So a letter that may answer waits for a moment; what comes with other letters is text, and is
/// given back whole to go where it would have gone. A key that is held down is one letter.
struct LoneLetter: Hashable, Sendable {
  /// How long nothing may be typed after a letter that answers, and no other key come before it.
  static let quiet = 300 * Instant.millisecond
  /// How long before it nothing may have been typed; slow fingers take up to a second a letter.
  static let typing = Instant.second

  private struct Held: Hashable, Sendable {
    var text: String
    /// Whether it came when the question could have been read.
    var counts: Bool
    var until: Int64
  }

  /// From when on a letter may answer.
  private let deafUntil: Int64
  private let answers: Set<Character>
  private var held: Held?
  private var lastAt: Int64?
  private var lastLetter: Character?
  private var lastWasText = false

  /// For a question that was asked then; `isDeaf`: what comes before it can be read is no answer.
  init(_ answers: Set<Character> = ["y", "n"], asked: Instant, isDeaf: Bool = true) {
    self.answers = answers
    deafUntil = asked.uptime + (isDeaf ? Question.deafFor : 0)
  }

  /// When a letter that waits will have stood alone, in uptime.
  var until: Int64? { held?.until }

  /// Takes a letter; what it showed itself to be a part of, or nil while it waits.
  mutating func type(_ character: Character, at now: Instant) -> String? {
    let letter = Self.small(character)
    defer { (lastAt, lastLetter) = (now.uptime, letter) }
    if var waiting = held {
      guard letter == lastLetter else { return text(waiting.text + String(character)) }
      waiting.text.append(character)
      if !waiting.counts, now.uptime >= deafUntil {
        waiting.counts = true
        waiting.until = now.uptime + Self.quiet
      }
      held = waiting
      return nil
    }
    guard answers.contains(letter), isQuiet(before: now) || !lastWasText && letter == lastLetter
    else { return text(String(character)) }
    lastWasText = false
    held = Held(
      text: String(character), counts: now.uptime >= deafUntil, until: now.uptime + Self.quiet)
    return nil
  }

  /// Takes a paste, which answers nothing; the text that it is, with what waited before it.
  mutating func paste(_ pasted: String, at now: Instant) -> String {
    lastAt = now.uptime
    return text((held?.text ?? "") + pasted)
  }

  /// Takes any other key: it types nothing, and what waited is taken back by one that edits.
  mutating func take(_ key: Key, at now: Instant) {
    if key != .enter {
      held = nil
      lastLetter = nil
      lastWasText = false
    }
    lastAt = now.uptime
  }

  /// The answer, in lower case, once it has stood alone.
  mutating func due(at now: Instant) -> Character? {
    guard let waiting = held, waiting.until <= now.uptime else { return nil }
    held = nil
    return waiting.counts ? waiting.text.first.map(Self.small) : nil
  }

  private func isQuiet(before now: Instant) -> Bool {
    lastAt.map { now.uptime - $0 >= (lastWasText ? Self.typing : Self.quiet) } ?? true
  }

  private mutating func text(_ text: String) -> String {
    held = nil
    lastWasText = true
    return text
  }

  private static func small(_ character: Character) -> Character {
    character.lowercased().first ?? character
  }
}
