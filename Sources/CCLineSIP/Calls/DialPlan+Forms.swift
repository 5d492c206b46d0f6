// Which rule counts: by what was dialled, and, where a rule refuses, by every form of the number.

import CCCore

extension DialPlan {
  /// What the rule does that counts.
  enum Deed: Hashable {
    case dial(String)
    case refuse(String)
  }

  /// What the rules make of a number; nil: none fits.
  ///
  /// The first that fits the number as it was dialled counts. One that refuses counts before it, if it
  /// fits any other form of the number and comes before every rule that fits any: who must not call
  /// `0900 1234` must not call `+49 900 1234`, `0049 0900 1234` or `*31#0900 1234` either. An exception
  /// (`=`) before it holds for every form as well.
  func rule(for number: String) -> Deed? {
    let digits = Array(number.utf8)
    let forms = numbering.forms(of: number).map { (digits: Array($0.number.utf8), named: $0.named) }
    var (isTaken, isExcepted) = (false, false)
    for rule in rules {
      let cut = rule.fits(digits)
      let fitsOther = forms.contains { rule.names($0.named) && rule.fits($0.digits) != nil }
      switch rule.result {
      case .refuse(let words):
        if !isExcepted, cut != nil || fitsOther && !isTaken { return .refuse(words) }
      case .prefix(let prefix):
        if let cut { return .dial(prefix + String(decoding: digits[cut...], as: UTF8.self)) }
        guard fitsOther else { continue }
        isTaken = true
        if rule.isAsItIs { isExcepted = true }
      }
    }
    return nil
  }

  /// Why a number that the rules have made goes out no more; nil: it does.
  ///
  /// A refusal counts wherever it stands, for it is about the number; one that names nothing says how
  /// numbers are dialled (`X. -> refuse: dial 9 first`), and that was done. An exception before it holds.
  func refusal(ofResult number: String) -> String? {
    let named = numbering.named(withCode: number) ?? Self.namedInResult
    var forms = [(digits: Array(number.utf8), named: named)]
    for form in numbering.forms(of: number) {
      forms.append((Array(form.number.utf8), max(form.named, Self.namedInResult)))
    }
    for rule in rules where rule.isAsItIs || rule.isRefusal {
      guard forms.contains(where: { rule.names($0.named) && rule.fits($0.digits) != nil })
      else { continue }
      guard case .refuse(let words) = rule.result else { return nil }
      return words
    }
    return nil
  }

  private static let namedInResult = 2

  /// The country whose code a rule puts in the place of its trunk prefix: `0|Z. -> +49`.
  var home: Country? {
    for rule in rules {
      guard case .prefix(let prefix) = rule.result else { continue }
      let code = prefix.hasPrefix("+") ? prefix.dropFirst() : prefix.dropFirst(2)
      guard prefix.hasPrefix("+") || prefix.hasPrefix("00"), let country = Country(String(code)),
        rule.cut == country.trunk.utf8.map({ .oneOf([$0]) })
      else { continue }
      return country
    }
    return nil
  }
}

extension DialPlan.Rule {
  /// Whether it leaves a number as it is.
  var isAsItIs: Bool { cut.isEmpty && result == .prefix("") }

  /// Whether it refuses.
  var isRefusal: Bool { if case .refuse = result { true } else { false } }

  /// Where what it cuts off ends, if it fits; nil if it does not.
  func fits(_ digits: [UInt8]) -> Int? {
    guard let end = DialPlan.match(digits[...], cut, isWhole: false),
      DialPlan.match(digits[end...], rest, isWhole: true) != nil
    else { return nil }
    return end
  }

  /// Whether it names so many signs at the beginning one by one.
  func names(_ count: Int) -> Bool {
    let named = places.prefix { if case .oneOf(let set) = $0 { set.count == 1 } else { false } }
    return named.count >= count
  }
}
