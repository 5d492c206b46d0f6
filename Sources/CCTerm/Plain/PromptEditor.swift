// The line editor of plain mode: a prompt, a line being typed, and sentences that come between.

import CCCore
import CCView

/// Edits one line at a prompt and lets sentences in without disturbing what is typed.
///
/// Pure: keys and sentences go in, bytes for the terminal come out. An urgent sentence takes a line of
/// its own, then the prompt and the typed text come back; another one waits until the line is empty.
/// A paste fills the line and executes nothing; `^D` never ends a call. Nothing is ever drawn above the
/// line: what is out stays as a screen reader read it.
struct PromptEditor {
  /// What a key came to.
  enum Result: Hashable {
    case none
    /// Enter: this line was typed.
    case line(String)
    /// `^D` on an empty line, or `^C` twice: the program is asked to end.
    case quit
  }

  static let prompt = "> "

  /// The width of the terminal, in cells: a longer line shows the part round the cursor.
  var columns = 80

  private(set) var text: [Character] = []
  private var cursor = 0
  private var waiting: [SafeText] = []
  private var history: [String] = []
  private var historyIndex: Int?
  private var killed: [Character] = []
  private var shownCells = 0
  private var isShown = false
  private var lastInterrupt: Int64?

  /// The line as it is typed.
  var line: String { String(text) }

  /// Shows a sentence, or keeps it until the line is empty; the bytes to write.
  mutating func say(_ sentence: SafeText, urgent: Bool) -> String {
    if !urgent, !text.isEmpty {
      waiting.append(sentence)
      return ""
    }
    return hide() + sentence.string + "\r\n" + show()
  }

  /// Shows the prompt; the bytes to write.
  mutating func show() -> String {
    isShown = true
    return redraw()
  }

  /// Takes the prompt away, so that output can follow at the beginning of a line.
  mutating func hide() -> String {
    guard isShown else { return "" }
    isShown = false
    defer { shownCells = 0 }
    return "\r" + String(repeating: " ", count: shownCells) + "\r"
  }

  /// Takes one key at a moment of the monotonic clock; the bytes to write, and what it came to.
  mutating func press(_ key: Key, at now: Int64) -> (bytes: String, result: Result) {
    switch key {
    case .enter: return enter()
    case .control("d"): return text.isEmpty ? ("", .quit) : (deleteAhead(), .none)
    case .control("c"): return interrupt(at: now)
    default: return (edit(key), .none)
    }
  }

  private mutating func enter() -> (bytes: String, result: Result) {
    let typed = line
    let shown = redraw() + "\r\n"
    isShown = false
    shownCells = 0
    if !typed.isEmpty, history.last != typed { history.append(typed) }
    if history.count > 100 { history.removeFirst() }
    historyIndex = nil
    replace([])
    return (shown, .line(typed))
  }

  /// The sentences that waited, once the line is empty; the bytes to write before the prompt.
  mutating func releaseWaiting() -> String {
    guard text.isEmpty, !waiting.isEmpty else { return "" }
    defer { waiting = [] }
    let wasShown = isShown
    let lines = hide() + waiting.map { $0.string + "\r\n" }.joined()
    return wasShown ? lines + show() : lines
  }

  private mutating func interrupt(at now: Int64) -> (bytes: String, result: Result) {
    if let last = lastInterrupt, now - last < Instant.second { return ("", .quit) }
    lastInterrupt = now
    killed = text
    replace([])
    return (redraw() + releaseWaiting(), .none)
  }

  private mutating func edit(_ key: Key) -> String {
    switch key {
    case .character(let character): insert([character])
    case .paste(let pasted):
      insert(
        pasted.split(whereSeparator: \.isNewline).joined(separator: " ").filter { !$0.isControl })
    case .backspace: delete(max(0, cursor - 1)..<cursor)
    case .delete: return deleteAhead()
    case .left, .control("b"): cursor = max(0, cursor - 1)
    case .right, .control("f"): cursor = min(text.count, cursor + 1)
    case .home, .control("a"): cursor = 0
    case .end, .control("e"): cursor = text.count
    case .wordLeft: cursor = wordStart()
    case .wordRight: cursor = wordEnd()
    case .control("w"): kill(wordStart()..<cursor)
    case .control("u"): kill(0..<cursor)
    case .control("k"): kill(cursor..<text.count)
    case .control("y"): insert(killed)
    case .up, .control("p"): recall(-1)
    case .down, .control("n"): recall(1)
    default: return ""
    }
    let bytes = redraw()
    return text.isEmpty ? bytes + releaseWaiting() : bytes
  }

  private mutating func deleteAhead() -> String {
    delete(cursor..<min(text.count, cursor + 1))
    return redraw()
  }

  private mutating func insert(_ characters: some Collection<Character>) {
    guard text.count + characters.count <= InfoText.limit + 64 else { return }
    text.insert(contentsOf: characters, at: cursor)
    cursor += characters.count
  }

  private mutating func delete(_ range: Range<Int>) {
    text.removeSubrange(range)
    cursor = range.lowerBound
  }

  private mutating func kill(_ range: Range<Int>) {
    killed = Array(text[range])
    delete(range)
  }

  private mutating func replace(_ characters: [Character]) {
    text = characters
    cursor = characters.count
  }

  private mutating func recall(_ step: Int) {
    let index = (historyIndex ?? history.count) + step
    guard index >= 0 else { return }
    historyIndex = index < history.count ? index : nil
    replace(index < history.count ? Array(history[index]) : [])
  }

  private func wordStart() -> Int {
    var at = cursor
    while at > 0, text[at - 1] == " " { at -= 1 }
    while at > 0, text[at - 1] != " " { at -= 1 }
    return at
  }

  private func wordEnd() -> Int {
    var at = cursor
    while at < text.count, text[at] == " " { at += 1 }
    while at < text.count, text[at] != " " { at += 1 }
    return at
  }

  /// The prompt and the line anew, on the same row: carriage return, text, blanks over the old rest.
  private mutating func redraw() -> String {
    let window = window()
    let shown = Self.prompt + washed(text[window])
    let cells = CellWidth.of(shown)
    let rest = max(0, shownCells - cells)
    shownCells = cells
    let back = rest + CellWidth.of(washed(text[cursor..<window.upperBound]))
    return "\r" + shown + String(repeating: " ", count: rest)
      + String(repeating: "\u{8}", count: back)
  }

  /// The part of the line that fits beside the prompt; the cursor stands in it or at its end.
  private func window() -> Range<Int> {
    let room = max(1, columns - Self.prompt.count - 1)
    func width(_ at: Int) -> Int { CellWidth.of(washed(text[at..<at + 1])) }
    var start = cursor
    var used = 0
    while start > 0, used + width(start - 1) <= room {
      start -= 1
      used += width(start)
    }
    var end = cursor
    while end < text.count, used + width(end) <= room {
      used += width(end)
      end += 1
    }
    return start..<end
  }

  private func washed(_ characters: ArraySlice<Character>) -> String {
    SafeText(String(characters), limit: 4 * InfoText.limit).string
  }
}

extension Character {
  /// Whether it is a control character, a line end among them.
  fileprivate var isControl: Bool {
    unicodeScalars.contains { $0.properties.generalCategory == .control }
  }
}
