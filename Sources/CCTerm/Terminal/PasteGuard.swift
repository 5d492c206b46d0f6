// Recognises a paste by its speed, where the terminal does not bracket it.

import CCView

/// Keeps a pasted line end from dialling (design section 8).
///
/// An Enter that arrives in the same read as 6 or more bytes of text, or within 20 ms of them, was
/// not pressed by a hand: it and the text round it become one `.paste`.
struct PasteGuard {
  /// As many bytes of text at once are no typing.
  static let burst = 6
  /// What follows text as fast as this belongs to it.
  static let window: Int64 = 20_000_000

  private var recentText = 0
  private var lastText: Int64?

  /// The keys of one read, with what was pasted put together.
  mutating func review(_ keys: [Key], at now: Int64) -> [Key] {
    if let lastText, now - lastText > Self.window { recentText = 0 }
    let text = keys.reduce(0) { $0 + Self.textBytes($1) }
    let isBurst = recentText + text >= Self.burst
    if text > 0 {
      recentText += text
      lastText = now
    }
    guard isBurst, keys.contains(where: Self.isLineEnd) else { return keys }
    lastText = now  // a pasted line end carries on what it belongs to
    return Self.joined(keys)
  }

  /// Puts each run of what a paste may hold together, if there is a line end in it.
  private static func joined(_ keys: [Key]) -> [Key] {
    var result = [Key]()
    for run in keys.split(whereSeparator: { pasted($0) == nil }, keepingSeparators: true) {
      if run.contains(where: isLineEnd) {
        result.append(.paste(withPlainLineEnds(run.compactMap(pasted).joined())))
      } else {
        result.append(contentsOf: run)
      }
    }
    return result
  }

  /// Line ends as `\n`: terminals paste them as `\r`.
  static func withPlainLineEnds(_ text: String) -> String {
    guard text.utf8.contains(0x0D) else { return text }
    var result = [UInt8]()
    result.reserveCapacity(text.utf8.count)
    var wasReturn = false
    for byte in text.utf8 {
      if byte == 0x0D {
        result.append(0x0A)
      } else if byte != 0x0A || !wasReturn {
        result.append(byte)
      }
      wasReturn = byte == 0x0D
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func isLineEnd(_ key: Key) -> Bool {
    key == .enter || key == .control("j")
  }

  private static func textBytes(_ key: Key) -> Int {
    if case .character(let character) = key { character.utf8.count } else { 0 }
  }

  /// What a key is as part of a paste; nil where it can be none.
  private static func pasted(_ key: Key) -> String? {
    switch key {
    case .character(let character): String(character)
    case .enter: "\r"
    case .control("j"): "\n"
    case .tab: "\t"
    // A control in a paste must not become a command; it is dropped with the burst.
    case .control, .backspace: ""
    default: nil
    }
  }
}

extension Array {
  /// The runs between separators, and each separator as a run of its own.
  fileprivate func split(
    whereSeparator isSeparator: (Element) -> Bool, keepingSeparators: Bool
  ) -> [ArraySlice<Element>] {
    var runs = [ArraySlice<Element>]()
    var start = startIndex
    for index in indices where isSeparator(self[index]) {
      if start < index { runs.append(self[start..<index]) }
      runs.append(self[index...index])
      start = index + 1
    }
    if start < endIndex { runs.append(self[start...]) }
    return runs
  }
}
