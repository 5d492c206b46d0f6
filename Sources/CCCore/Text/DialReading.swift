// From signs to the number that is sent: what is one number, what is two, what is a trunk zero.

/// The rules of a number as people write it.
struct DialReading {
  private let text: DialText

  init(_ text: DialText) {
    self.text = text
  }

  /// The number, or why there is none.
  func number() throws(DialNumber.Refusal) -> DialNumber {
    let (whole, tail) = try DialExtension.split(text.signs)
    let head = Self.withoutDoublePrefix(whole)
    let count = head.count { $0.dialled != nil }
    guard count <= DialNumber.longest else { throw .tooLong }
    if DialPair.isPair(head) { throw .twoNumbers }
    if let wrong = text.tones.first(where: { !DialExtension.isTone($0) }) {
      throw .character(wrong.character)
    }
    let tones = try allTones(tail)
    if let note = DialNote.behind(head) { throw .behind(note) }
    if let spelled = try DialLetters.number(head) {
      throw .letters(DialNumber(digits: try inContext(spelled), tones: tones))
    }
    let read = try Self.digits(head)
    if let why = DialNote.tooMany(read, head) { throw why }
    let digits = try inContext(read)
    // A plus is none of the digits.
    let dialled = digits.utf8.count { $0 != UInt8(ascii: "+") }
    guard dialled > 0 else { throw .empty }
    guard dialled <= DialNumber.longest else { throw .tooLong }
    return DialNumber(digits: digits, tones: tones)
  }

  /// The tones behind the number, or those of its parameters.
  private func allTones(_ tail: [DialSign]) throws(DialNumber.Refusal) -> String {
    let named = try DialExtension.tones(text.tones)
    let tones = try DialExtension.tones(tail)
    // Which of two is meant nobody knows.
    if !named.isEmpty, !tones.isEmpty, named != tones { throw .character(";") }
    return tones.isEmpty ? named : tones
  }

  /// Without a prefix for abroad behind a plus, which says it already: `+0044 20`.
  private static func withoutDoublePrefix(_ signs: [DialSign]) -> [DialSign] {
    guard signs.first(where: { $0.dialled != nil || $0.kind == .plus })?.kind == .plus else {
      return signs
    }
    let places = signs.indices.filter { signs[$0].dialled != nil }
    let digits = places.compactMap { signs[$0].dialled }
    for prefix in ["0011", "011", "00"] where digits.starts(with: prefix.utf8) {
      let rest = digits.dropFirst(prefix.utf8.count)
      guard rest.count >= 8, CallingCode.length(rest) != nil else { continue }
      let skipped = Set(places.prefix(prefix.utf8.count))
      return signs.indices.filter { !skipped.contains($0) }.map { signs[$0] }
    }
    return signs
  }

  /// A number behind the prefix that a parameter names, which has its country code then.
  private func inContext(_ digits: String) throws(DialNumber.Refusal) -> String {
    if text.context.isEmpty || digits.first == "+" { return digits }
    let context = try Self.digits(text.context)
    let length = CallingCode.length(context.dropFirst().utf8)
    let code = length.map { String(context.dropFirst().prefix($0)) } ?? ""
    if CallingCode.keepsZero.contains(code) { return context + digits }
    // A trunk prefix that begins with no zero may be an area code's beginning.
    let own = CallingCode.trunk[code].flatMap { $0.first == "0" ? $0 : nil } ?? "0"
    let trunk = digits.hasPrefix(own) ? own : digits.first == "0" ? "0" : ""
    return context + digits.dropFirst(trunk.utf8.count)
  }

  /// The digits in their order, without the trunk zero in brackets; `spells`: letters are keys.
  static func digits(
    _ signs: [DialSign], spells: Bool = false
  ) throws(DialNumber.Refusal) -> String {
    var digits = ""
    var skipped: Set<Int> = []
    for (index, sign) in signs.enumerated() where !skipped.contains(index) {
      switch sign.kind {
      case .dialled(let byte): digits.unicodeScalars.append(Unicode.Scalar(byte))
      case .plus:
        guard digits.isEmpty else { throw .plus }
        digits = "+"
      case .open: skipped.formUnion(trunk(in: signs, at: index, behind: digits))
      case .close, .slash, .dash, .dot, .space, .gap: break
      // At the end of a text it is punctuation.
      case .pause where !signs[index...].contains(where: { $0.dialled != nil }): break
      case .letter:
        guard spells, let key = DialLetters.key(sign) else {
          throw .character(DialExtension.wrong(behind: index, in: signs) ?? sign.character)
        }
        digits.unicodeScalars.append(Unicode.Scalar(key))
      case .pause, .other: throw .character(sign.character)
      }
    }
    return digits
  }

  /// The places of the trunk prefix in the brackets that open here, where it is not dialled.
  ///
  /// That is so right behind a country code: with one's own zero in front nobody abroad is reached.
  /// Italy, San Marino and a few more have no trunk prefix: their zero is part of the number.
  private static func trunk(in signs: [DialSign], at open: Int, behind digits: String) -> Set<Int> {
    guard let (code, isMarked) = CallingCode.whole(digits), !CallingCode.keepsZero.contains(code)
    else { return [] }
    let group = signs.indices.suffix(from: open).prefix { signs[$0].kind != .close }
      .filter { signs[$0].dialled != nil || signs[$0].kind == .letter }
    // A letter that spells is none of a trunk prefix.
    let inside = String(
      decoding: group.map { signs[$0].dialled ?? UInt8(ascii: "x") }, as: UTF8.self)
    // Where nothing says that this is a country code, a zero alone in brackets does.
    guard isMarked || inside == "0" else { return [] }
    let first = String(
      decoding: signs[(open + 1)...].drop { $0.kind == .space }
        .prefix { $0.dialled != nil || $0.kind == .letter }.compactMap(\.dialled), as: UTF8.self)
    let count = signs[open...].count { $0.dialled != nil }
    let length = Country.nationalLength(ofCode: code)
    for own in CallingCode.trunks(code) where inside.hasPrefix(own) {
      let isMore = length.map { count == $0 + own.utf8.count } ?? false
      let letters = signs[open...].prefix { $0.kind != .close }.contains { $0.kind == .letter }
      guard inside == own || own.utf8.count > 1 || !letters && (first == own || isMore) else {
        continue
      }
      // The zero of an area code that is written behind its 8.
      let next = signs.indices.suffix(from: open).filter { signs[$0].dialled != nil }
        .dropFirst(own.utf8.count).first
      let zero =
        code == "375" && own == "8" ? next.flatMap { signs[$0].dialled == 0x30 ? $0 : nil } : nil
      return Set(group.prefix(own.utf8.count) + [zero].compactMap { $0 })
    }
    return inside.first == "0" ? Set(group.prefix(1)) : []
  }
}
