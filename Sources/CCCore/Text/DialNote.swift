// What stands behind a whole number and may be no part of it: a remark in brackets, hours, a number too many.

/// Finds what nobody can tell from the digits of a number.
enum DialNote {
  /// The digits of a whole number at least, without a country's code.
  private static let least = 7
  /// Those before hours that could be a group of two and one more: `10-18`.
  private static let leastBeforePairs = 9

  /// What stands behind the number, as it was typed; nil: nothing that looks so.
  static func behind(_ signs: [DialSign]) -> String? {
    if signs.contains(where: \.isCode) { return nil }
    let (prefix, code) = DialPair.code(of: signs)
    var count = -(prefix + code)
    for (index, sign) in signs.enumerated() {
      if sign.dialled != nil || sign.kind == .letter { count += 1 }
      guard sign.kind == .open, count >= least else { continue }
      let inside = signs[index...].prefix { $0.kind != .close }
      guard inside.contains(where: { $0.dialled != nil }) else { continue }
      return text(inside)
        + (signs[(index + inside.count)...].first.map { String($0.character) } ?? "")
    }
    return hours(signs, behind: prefix + code)
  }

  /// Hours at the end: `9-17`, two small numbers with a dash between, apart from the number.
  private static func hours(_ signs: [DialSign], behind code: Int) -> String? {
    let end = signs.reversed().drop { $0.dialled == nil }
    let two = end.prefix { $0.dialled != nil }
    let dash = end.dropFirst(two.count).prefix { $0.dialled == nil }
    let one = end.dropFirst(two.count + dash.count).prefix { $0.dialled != nil }
    let rest = end.dropFirst(two.count + dash.count + one.count)
    let count = rest.count { $0.dialled != nil } - code
    guard isHour(two), isHour(one), dash.count(where: { $0.kind == .dash }) == 1,
      dash.allSatisfy({ $0.kind == .dash || $0.kind == .space }),
      let gap = rest.first, gap.kind == .space || gap.kind == .gap,
      rest.prefix(while: { $0.dialled == nil }).allSatisfy({ $0.kind == .space || $0.kind == .gap }
      ),
      !signs.contains(where: { $0.kind == .letter }),
      count >= (one.count == 1 ? least : leastBeforePairs)
    else { return nil }
    return text(one.reversed()) + text(dash.reversed()) + text(two.reversed())
  }

  private static func isHour(_ signs: some BidirectionalCollection<DialSign>) -> Bool {
    // They come backwards.
    (1...2).contains(signs.count)
      && signs.reversed().reduce(0) { $0 * 10 + Int($1.dialled ?? 48) - 48 } <= 24
  }

  private static func text(_ signs: some Sequence<DialSign>) -> String {
    String(signs.map(\.character))
  }

  /// Why a number has more digits than its country's have; nil: it has not, or nobody knows.
  static func tooMany(_ digits: String, _ signs: [DialSign]) -> DialNumber.Refusal? {
    let isPlus = digits.hasPrefix("+")
    // Two zeros are not everywhere what stands before a code, a 1 behind them least of all.
    guard isPlus || digits.hasPrefix("00"), !digits.contains(where: { "*#".contains($0) }) else {
      return nil
    }
    let whole = digits.dropFirst(isPlus ? 1 : 2)
    guard let length = CallingCode.length(whole.utf8) else { return nil }
    let code = String(whole.prefix(length))
    guard isPlus || zeros.contains(code), let most = Country.nationalLength(ofCode: code) else {
      return nil
    }
    let own = whole.dropFirst(length)
    let trunk = Country.trunk(ofCode: Substring(code))
    // A trunk prefix that was typed is dialled, in brackets anywhere.
    let hasZero = signs.indices.dropFirst().contains {
      signs[$0].dialled == 0x30 && signs[$0 - 1].kind == .open
    }
    let more = !trunk.isEmpty && (own.hasPrefix(trunk) || hasZero) ? trunk.utf8.count : 0
    return own.count > most + more ? .tooManyDigits(own.count, code: code, most: most) : nil
  }

  private static let zeros: Set<String> = [
    "30", "33", "34", "44", "45", "47", "48", "351", "375", "420",
  ]
}
