// A number of a rescue service beside another number.

/// Tells where a rescue service's number stands beside another one, or a number ends like one.
enum DialRescue {
  /// Numbers of rescue services that stand for themselves wherever they are in use; 111, 116, 117 and
  /// 118 are none, since `116 117` and `118 118` are one number.
  private static let known: Set<String> = ["112", "911", "999", "110", "113", "119"]
  /// Those that are one beside another: alone they may be the beginning of any number.
  private static let beside: Set<String> = [
    "000", "100", "101", "102", "103", "104", "108", "111", "115", "116", "117", "118", "120",
    "122",
    "123", "133", "144", "155", "158", "190", "191", "192", "193", "194", "195", "197", "199",
  ]
  /// The digits of a number at least.
  private static let least = 7
  /// The digits of a whole number, of its own, with a country's code before it and without.
  private static let whole = (withCode: 9, without: 10)

  /// Whether these digits are a rescue service's.
  static func isOne(_ digits: [UInt8]) -> Bool {
    known.contains(String(decoding: digits, as: UTF8.self))
  }

  /// Whether one stands beside another number; `behind`: the digits of a prefix and a country's code.
  ///
  /// A group of three that a number begins or ends with is part of it (`612 345 112`), unless the other
  /// groups are a whole number without it.
  static func isBeside(_ signs: [DialSign], _ groups: [[UInt8]], behind code: Int) -> Bool {
    guard groups.count >= 2, let first = groups.first, let last = groups.last else { return false }
    let names = groups.map { String(decoding: $0, as: UTF8.self) }
    if names.contains(where: known.contains),
      names.allSatisfy({ known.contains($0) || beside.contains($0) })
    {
      return true
    }
    let rest = groups.reduce(0) { $0 + $1.count } - 3
    if code == 0, isOne(first), rest >= least,
      groups[1].count >= least || groups[1].first == UInt8(ascii: "0")
        || isParted(signs, after: first.count)
    {
      return true
    }
    guard isOne(last), rest - code >= least else { return false }
    let before = groups.dropLast()
    return rest - code >= (code > 0 ? whole.withCode : whole.without)
      || before.last.map { $0.count >= least } == true
      || isParted(signs, after: rest)
      || before.map(\.count) == [3, 4] && first.first != UInt8(ascii: "0")
  }

  /// Whether something else than blanks and dashes stands behind so many digits.
  private static func isParted(_ signs: [DialSign], after count: Int) -> Bool {
    let places = signs.indices.filter { signs[$0].dialled != nil }
    return signs[(places[count - 1] + 1)..<places[count]].contains {
      ![.space, .dash, .dot].contains($0.kind)
    }
  }
}
