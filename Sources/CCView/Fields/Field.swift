// A text field: what was typed, where the cursor stands, and editing as in readline.

import CCCore

/// A text being typed, of one line (Dial) or of many (Info, Note).
///
/// The cursor stands between clusters, never inside one. Whatever comes in is washed at this door, so
/// the text may go to the screen and to the line as it is.
public struct Field: Hashable, Sendable {
  /// One line, or many.
  public enum Kind: Hashable, Sendable {
    /// Line ends are dropped.
    case line
    /// Line ends are kept.
    case area
  }

  /// One line, or many.
  public let kind: Kind
  /// The clusters of the text.
  private(set) var clusters: [Character] = []
  /// How many clusters stand before the cursor.
  private(set) var cursor = 0
  /// Whether something was cut because the text was full; until it is shorter again.
  public private(set) var wasCut = false
  /// What was cut with `^W`, `^U`, `^K` last, for `^Y`.
  var killed: [Character] = []
  private var undos: [State] = []
  private var typing = false

  private struct State: Hashable, Sendable {
    var clusters: [Character]
    var cursor: Int
  }

  /// The most UTF-16 units the field takes.
  public let limit: Int

  /// An empty field.
  public init(_ kind: Kind, limit: Int = InfoText.limit) {
    self.kind = kind
    self.limit = limit
  }

  /// The text.
  public var text: String { String(clusters) }
  /// Whether nothing is typed.
  public var isEmpty: Bool { clusters.isEmpty }
  /// The length in UTF-16 units.
  public var units: Int { clusters.reduce(0) { $0 + $1.utf16.count } }

  /// Replaces the whole text, cursor at its end; `^_` brings the old one back.
  public mutating func replace(_ text: String) {
    remember(typing: false)
    clusters = []
    cursor = 0
    wasCut = false
    put(text)
  }

  /// Types one character.
  public mutating func insert(_ character: Character) {
    remember(typing: true)
    put(String(character))
  }

  /// Takes a paste, as one step for `^_`.
  public mutating func paste(_ text: String) {
    remember(typing: false)
    put(text)
  }

  /// Edits the text or moves the cursor; `up` and `down` need a width and are the caller's.
  public mutating func edit(_ edit: Edit) {
    switch edit {
    case .left: move(to: cursor - 1)
    case .right: move(to: cursor + 1)
    case .wordLeft: move(to: wordStart())
    case .wordRight: move(to: wordEnd())
    case .home: move(to: lineStart)
    case .end: move(to: lineEnd)
    case .up, .down: break
    case .backspace: remove(cursor - 1..<cursor, typing: true)
    case .delete: remove(cursor..<cursor + 1, typing: true)
    case .killWord: kill(blankStart()..<cursor)
    case .killToStart: kill(lineStart..<cursor)
    case .killToEnd: kill(cursor..<(lineEnd == cursor ? cursor + 1 : lineEnd))
    case .yank:
      remember(typing: false)
      put(String(killed))
    case .undo: undo()
    case .newLine:
      guard kind == .area else { return }
      remember(typing: false)
      put("\n")
    }
  }

  /// Moves the cursor; a place beyond the ends is the end.
  mutating func move(to place: Int) {
    cursor = min(max(0, place), clusters.count)
    typing = false
  }
}

// MARK: - Inside

extension Field {
  private var lineStart: Int {
    (clusters[..<cursor].lastIndex(of: "\n") ?? -1) + 1
  }

  private var lineEnd: Int {
    clusters[cursor...].firstIndex(of: "\n") ?? clusters.count
  }

  /// Where the word before the cursor begins: letters and digits make a word.
  private func wordStart() -> Int {
    var place = cursor
    while place > 0, !Self.isWord(clusters[place - 1]) { place -= 1 }
    while place > 0, Self.isWord(clusters[place - 1]) { place -= 1 }
    return place
  }

  private func wordEnd() -> Int {
    var place = cursor
    while place < clusters.count, !Self.isWord(clusters[place]) { place += 1 }
    while place < clusters.count, Self.isWord(clusters[place]) { place += 1 }
    return place
  }

  /// Where `^W` cuts: back over blanks, then to the blank before.
  private func blankStart() -> Int {
    var place = cursor
    while place > 0, clusters[place - 1].isWhitespace { place -= 1 }
    while place > 0, !clusters[place - 1].isWhitespace { place -= 1 }
    return place
  }

  private static func isWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber
  }

  private mutating func put(_ foreign: String) {
    var foreign = foreign
    if cursor > 0, clusters[cursor - 1] != "\n", Self.beginsWithMark(foreign) {
      // A mark that comes alone joins what stands before the cursor.
      cursor -= 1
      foreign = String(clusters.remove(at: cursor)) + foreign
    }
    let washed = wash(foreign)
    let room = max(0, limit - units)
    var taken = 0
    var fitting: [Character] = []
    for character in washed {
      let next = taken + character.utf16.count
      guard next <= room else {
        wasCut = true
        break
      }
      taken = next
      fitting.append(character)
    }
    guard !fitting.isEmpty else { return }
    clusters.insert(contentsOf: fitting, at: cursor)
    cursor += fitting.count
  }

  private static func beginsWithMark(_ text: String) -> Bool {
    text.unicodeScalars.first.map { CellWidth.of($0) == 0 } ?? false
  }

  /// Washes what comes in; of the controls only line ends are left, and only in an area.
  private func wash(_ foreign: String) -> String {
    if foreign.utf8.count == 1, let byte = foreign.utf8.first, byte >= 0x20, byte < 0x7F {
      return foreign
    }
    var lines: [Substring] = []
    var bare = foreign[...]
    while kind == .line, let last = bare.last, last.isNewline { bare.removeLast() }
    lines = bare.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let clean = lines.map { SafeText($0, limit: limit * 2).string }
    // Blanks where lines met, so that two pasted numbers never become one.
    return clean.joined(separator: kind == .area ? "\n" : " ")
  }

  private mutating func remove(_ range: Range<Int>, typing: Bool) {
    let range = range.clamped(to: 0..<clusters.count)
    guard !range.isEmpty else { return }
    remember(typing: typing)
    clusters.removeSubrange(range)
    cursor = range.lowerBound
    wasCut = false
  }

  private mutating func kill(_ range: Range<Int>) {
    let range = range.clamped(to: 0..<clusters.count)
    guard !range.isEmpty else { return }
    killed = Array(clusters[range])
    remove(range, typing: false)
  }

  /// Keeps the state for `^_`; a run of typing is one step.
  private mutating func remember(typing: Bool) {
    if typing, self.typing, !undos.isEmpty { return }
    self.typing = typing
    undos.append(State(clusters: clusters, cursor: cursor))
    if undos.count > Self.undoDepth { undos.removeFirst() }
  }

  private mutating func undo() {
    guard let state = undos.popLast() else { return }
    clusters = state.clusters
    cursor = state.cursor
    typing = false
    wasCut = false
  }

  private static let undoDepth = 100
}
