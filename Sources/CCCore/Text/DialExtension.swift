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
  /// Those that nobody spells a number with: behind any number they are what they say.
  private static let plain: Set<String> = [
    "ext", "extn", "extension", "durchwahl", "nebenstelle", "apparat", "extensi\u{F3}n",
    "extension\u{E9}",
  ]
  /// Where letters often spell the rest of a number: `1-800-APP-1234`.
  private static let tollFree: Set<String> = [
    "800", "888", "877", "866", "855", "844", "833", "822", "900", "300",
  ]
  /// The digits that a number has at least before letters that may spell, and before a pause or `x`.
  private static let leastBeforeLetters = 6
  private static let leastBefore = 3
  /// The digits of a number that is no internal one.
  private static let leastWhole = 7
  /// The most tones that are kept.
  static let longest = 32

  /// The signs of the number, and those that are kept for after the answer.
  ///
  /// - Throws: `twoNumbers`, where a comma or semicolon stands before a second number, and `character`,
  ///   where it parts the groups of one.
  static func split(_ signs: [DialSign]) throws(DialNumber.Refusal) -> (
    head: [DialSign], tail: [DialSign]
  ) {
    var before = 0
    var hasCode = false
    for (index, sign) in signs.enumerated() {
      if let start = start(signs, index, before: before, hasCode: hasCode), !start.tail.isEmpty {
        if let why = start.why { throw why }
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

  private typealias Start = (tail: ArraySlice<DialSign>, why: DialNumber.Refusal?)

  /// What begins here, if an extension or a pause does; nil if the number goes on.
  private static func start(
    _ signs: [DialSign], _ index: Int, before: Int, hasCode: Bool
  ) -> Start? {
    let sign = signs[index]
    let letters = signs[index...].prefix { $0.kind == .letter }
    if !letters.isEmpty, index == 0 || signs[index - 1].kind != .letter,
      let tail = behindWord(signs, letters, before: before)
    {
      return (tail, nil)
    }
    guard before >= leastBefore(pause: signs, index, letters) else { return nil }
    if isPause(sign), let start = behindPause(signs, index) { return start }
    // `#5` behind a whole number: no feature code has its first # there.
    let marks = sign.dialled == UInt8(ascii: "#") || sign.isCode && signs.first?.kind == .plus
    guard marks, !hasCode, before >= 7 else { return nil }
    let tail = signs[(index + 1)...]
    let count = tail.count { $0.dialled != nil }
    return isTones(tail) && (1...7).contains(count) ? (tail, nil) : nil
  }

  /// How many digits stand before a pause at least: letters may spell, where they stand apart or are
  /// many; two commas mean nothing else.
  private static func leastBefore(
    pause signs: [DialSign], _ index: Int, _ letters: ArraySlice<DialSign>
  ) -> Int {
    let next = index + 1
    if letters.isEmpty {
      return signs[index].kind == .pause && next < signs.count && signs[next].kind == .pause
        ? 1 : leastBefore
    }
    let isTight =
      index > 0 && signs[index - 1].dialled != nil && letters.endIndex < signs.count
      && signs[letters.endIndex].dialled != nil
    return isTight && letters.count <= 2 ? leastBefore : leastBeforeLetters
  }

  /// The tones behind `ext.`, `x`, `Durchwahl:`, `ext #`; nil if no such word stands here.
  private static func behindWord(
    _ signs: [DialSign], _ letters: ArraySlice<DialSign>, before: Int
  ) -> ArraySlice<DialSign>? {
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
    guard isTones(tail), before >= (plain.contains(word) ? 1 : leastBefore) else { return nil }
    if before >= leastBeforeLetters { return tail }
    let head = signs[..<letters.startIndex].compactMap(\.dialled)
    let all = before + letters.count + tail.count { $0.dialled != nil }
    let spells =
      (10...11).contains(all) && tollFree.contains(String(decoding: head.suffix(3), as: UTF8.self))
    // Between dashes any word spells: `1-800-EXT-1234`.
    let isDashed =
      signs[..<letters.startIndex].last?.kind == .dash
      && signs[letters.endIndex...].first.map { $0.kind == .dash || $0.dialled != nil } == true
    if plain.contains(word), !isDashed { return tail }
    return spells ? nil : tail
  }

  /// What is wrong behind the word for an extension that begins here; nil: it is none, or all is right.
  ///
  /// The word is no fault where tones stand behind it: what stands among them is.
  static func wrong(behind index: Int, in signs: [DialSign]) -> Character? {
    let letters = signs[index...].prefix { $0.kind == .letter }
    guard words.contains(letters.map(\.lower).joined()) else { return nil }
    let tail = signs[letters.endIndex...]
    guard tail.contains(where: { $0.dialled != nil }) else { return nil }
    return tail.first { sign in
      switch sign.kind {
      case .letter: !isPause(sign)
      case .other: sign.character != ":" && sign.character != "="
      default: false
      }
    }?.character
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
    if letters.isEmpty, looksWhole, hasPlus || isAlone && !hasCode { return (tail, .twoNumbers) }
    if letters.isEmpty, isAlone {
      if DialPair.areSeveral(signs[..<index], rest) { return (tail, .twoNumbers) }
      if isTones(tail), areGroups(signs[..<index], rest) {
        return (tail, .character(signs[index].character))
      }
    }
    return isTones(tail) ? (tail, nil) : nil
  }

  /// Whether a comma parts the groups of one number, as in a table: no area code is dialled alone, and
  /// tones that are waited for twice are no groups.
  private static func areGroups(_ head: ArraySlice<DialSign>, _ rest: ArraySlice<DialSign>) -> Bool
  {
    let digits = head.compactMap(\.dialled)
    guard digits.count < leastWhole else { return false }
    let groups = rest.split(omittingEmptySubsequences: false) { $0.kind == .pause }
      .map { $0.count { $0.dialled != nil } }
    guard !groups.contains(0), !rest.contains(where: \.isCode) else { return false }
    if digits.first == UInt8(ascii: "0") || head.contains(where: { $0.kind == .plus }) {
      return true
    }
    return groups.count >= 2 && groups.allSatisfy { $0 >= 2 }
      && digits.count + groups.reduce(0, +) >= leastWhole
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
