// What stands behind a number: an extension or a pause, and the tones that are kept of it.

/// Finds where a number ends and its tones begin.
enum DialExtension {
  /// The words for an extension, in small letters; each may be followed by a dot.
  private static let words: Set<String> = [
    "ext", "extn", "extension", "x", "xt", "dw", "durchwahl", "nst", "nebenstelle", "app",
    "apparat",
    "poste", "int", "interno", "interne", "anexo", "anx", "ramal", "extensi\u{F3}n",
    "extension\u{E9}",
    "\u{434}\u{43E}\u{431}",
    "\u{434}\u{43E}\u{431}\u{430}\u{432}\u{43E}\u{447}\u{43D}\u{44B}\u{439}",
    "wew", "wewn", "wewn\u{119}trzny", "toestel", "tst", "linka", "klapka", "mell\u{E9}k",
    "anknytning",
    "\u{5185}\u{7EBF}", "\u{5185}\u{7DDA}", "\u{5206}\u{673A}", "\u{5206}\u{6A5F}", "\u{8F6C}",
    "\u{8F49}", "\u{B0B4}\u{C120}",
  ]
  /// The digits that a number has at least before a word, and before a pause.
  private static let leastBeforeWord = 6
  private static let leastBefore = 3
  /// The most tones that are kept.
  static let longest = 32

  /// The signs of the number, and those that are kept for after the answer.
  ///
  /// - Throws: `twoNumbers`, where a comma or semicolon stands before a second number.
  static func split(_ signs: [DialSign]) throws(DialNumber.Refusal) -> (
    head: [DialSign], tail: [DialSign]
  ) {
    var before = 0
    var hasCode = false
    for (index, sign) in signs.enumerated() {
      if let start = start(signs, index, before: before, hasCode: hasCode), !start.tail.isEmpty {
        if start.isPair { throw .twoNumbers }
        return (Array(trimmed(signs[..<index])), Array(start.tail))
      }
      // Letters that spell a number count as its digits.
      if sign.dialled != nil || sign.kind == .letter { before += 1 }
      if sign.isCode { hasCode = true }
    }
    return (signs, [])
  }

  /// The tones of a tail: digits, with a comma where a pause is; empty for an empty one.
  ///
  /// - Throws: `tooLong`.
  static func tones(_ tail: [DialSign]) throws(DialNumber.Refusal) -> String {
    var tones = ""
    var pauses = false
    for sign in tail {
      if let byte = sign.dialled {
        if pauses, !tones.isEmpty { tones += "," }
        pauses = false
        tones.unicodeScalars.append(Unicode.Scalar(byte))
      } else if isPause(sign) {
        pauses = true
      }
    }
    // A pause is no tone.
    guard tones.utf8.count(where: { $0 != UInt8(ascii: ",") }) <= longest else { throw .tooLong }
    return tones
  }

  private typealias Start = (tail: ArraySlice<DialSign>, isPair: Bool)

  /// What begins here, if an extension or a pause does; nil if the number goes on.
  private static func start(
    _ signs: [DialSign], _ index: Int, before: Int, hasCode: Bool
  ) -> Start? {
    let sign = signs[index]
    // Letters behind few digits may spell the rest: 1-800-APP-1234.
    guard before >= (sign.kind == .letter ? leastBeforeWord : leastBefore) else { return nil }
    if sign.kind == .letter, index == 0 || signs[index - 1].kind != .letter,
      let tail = behindWord(signs, index)
    {
      return (tail, false)
    }
    if isPause(sign), let start = behindPause(signs, index) { return start }
    // `#5` behind a whole number: no feature code has its first # there.
    let marks = sign.dialled == UInt8(ascii: "#") || sign.isCode && signs.first?.kind == .plus
    guard marks, !hasCode, before >= 7 else { return nil }
    let tail = signs[(index + 1)...]
    let count = tail.count { $0.dialled != nil }
    return isTones(tail) && (1...7).contains(count) ? (tail, false) : nil
  }

  /// The tones behind `ext.`, `x`, `Durchwahl:`, `ext #`; nil if no such word stands here.
  private static func behindWord(_ signs: [DialSign], _ index: Int) -> ArraySlice<DialSign>? {
    let letters = signs[index...].prefix { $0.kind == .letter }
    let word = letters.map(\.lower).joined()
    guard words.contains(word) else { return nil }
    let tail = signs[letters.endIndex...].drop { sign in
      switch sign.kind {
      case .dot, .space, .dash, .gap: true
      case .dialled: sign.dialled == UInt8(ascii: "#")
      case .other: sign.character == ":" || sign.character == "="
      default: false
      }
    }
    return isTones(tail) ? tail : nil
  }

  /// The tones behind `,`, `;`, `p` or `w`; whether they are a second number.
  private static func behindPause(_ signs: [DialSign], _ index: Int) -> Start? {
    let letters = signs[index...].prefix { $0.kind == .letter }
    guard letters.allSatisfy({ isPause($0) }),
      letters.isEmpty || index == 0
        || signs[index - 1].kind != .letter
    else { return nil }
    let pauses = signs[index...].prefix { isPause($0) || $0.kind == .space }
    let tail = signs[index...]
    let rest = signs[pauses.endIndex...]
    let count = rest.count { $0.dialled != nil }
    guard count > 0 else { return nil }
    let hasPlus = rest.contains { $0.kind == .plus }
    let isAlone = letters.isEmpty && pauses.count { $0.kind != .space } == 1
    let hasCode = rest.contains(where: \.isCode)
    let looksWhole = rest.prefix { $0.kind != .pause }.count { $0.dialled != nil } >= 7
    if letters.isEmpty, looksWhole, hasPlus || isAlone && !hasCode { return (tail, true) }
    if letters.isEmpty, isAlone, DialPair.areSisters(signs[..<index], rest) { return (tail, true) }
    return isTones(tail) ? (tail, false) : nil
  }

  /// Whether nothing stands here but tones, pauses and what is there for the eye.
  private static func isTones(_ tail: ArraySlice<DialSign>) -> Bool {
    tail.allSatisfy(isTone) && tail.contains { $0.dialled != nil }
  }

  /// Whether a sign may stand among tones: one itself, a pause, or what is there for the eye.
  static func isTone(_ sign: DialSign) -> Bool {
    switch sign.kind {
    case .dialled, .pause, .space, .gap, .dash, .dot, .close: true
    case .letter: isPause(sign)
    case .plus, .open, .slash, .other: false
    }
  }

  private static func isPause(_ sign: DialSign) -> Bool {
    switch sign.kind {
    case .pause: true
    case .letter: sign.lower == "p" || sign.lower == "w"
    default: false
    }
  }

  /// Without the bracket that opens before the word, and what stood between.
  private static func trimmed(_ head: ArraySlice<DialSign>) -> ArraySlice<DialSign> {
    var head = head
    while let last = head.last {
      switch last.kind {
      case .space, .gap, .open, .dash, .dot, .pause, .slash: head.removeLast()
      default: return head
      }
    }
    return head
  }
}
