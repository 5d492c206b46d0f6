// One number in all the forms in which it can be dialled.

/// A form of a number, for rules that are about the number and not about how it was written.
public struct DialForm: Hashable, Sendable {
  /// As it could be dialled as well.
  public let number: String
  /// How many signs at its beginning a rule has to name one by one to be about this form.
  ///
  /// What is said of every number abroad, or of every code, is not said of one that was dialled as at
  /// home: there the country code, or the first digits, have to be named.
  public let named: Int
}

extension Numbering {
  /// The forms in which a number of ASCII digits can be dialled besides the one it has.
  ///
  /// `00`, or what a country has in its place, is `+`; a trunk zero behind a country code says nothing
  /// where that country has one; with the country known, a number of it has one form with its country
  /// code and one without. Zeros before a code that begins with none, or that leave a second trunk zero,
  /// may be a number at home behind one zero more; a country code with a whole number behind it may have
  /// lost its plus. A number inside a feature code (`*31#`) or behind one (`*67`, Britain's 141) is one too.
  public func forms(of number: String) -> [DialForm] {
    let parts = inside(number, least: Self.leastInside)
    let found = parts.flatMap { [DialForm(number: $0, named: 0)] + forms(of: $0) }
      .map { DialForm(number: $0.number, named: max($0.named, Self.namedInside)) }
    if number.contains(where: { $0 == "*" || $0 == "#" }) { return found }
    let prefix = number.hasPrefix("+") ? 1 : country?.prefixAbroad(of: number) ?? Self.zeros(number)
    let own = prefix > 0 ? formsAbroad(number, prefix) : formsAtHome(number)
    return own.filter { $0.number != number } + found
  }

  /// How many signs a rule has to name to be about a number of this country with its code, where that
  /// was put before it; nil: it is none.
  public func named(withCode number: String) -> Int? {
    guard let country else { return nil }
    return Self.prefixes(country).first { number.hasPrefix($0 + country.code) }
      .map { $0.utf8.count + country.code.utf8.count }
  }

  static let leastInside = 5
  private static let namedInside = 3
  /// The digits that a number has at least behind its country code.
  private static let leastBehindCode = 3
  /// No number without an area code is as long, its country's code before it.
  private static let leastWithoutPlus = 7

  private static func zeros(_ number: String) -> Int {
    number.hasPrefix("00") && number.utf8.count > 6 ? 2 : 0
  }

  private static func prefixes(_ country: Country?) -> [String] {
    ["+", "00"] + (country?.international.filter { $0 != "00" } ?? [])
  }

  /// The numbers that are dialled in or behind feature codes.
  public func inside(_ number: String, least: Int) -> [String] {
    let isCode = number.contains { $0 == "*" || $0 == "#" }
    var parts = isCode ? number.split { $0 == "*" || $0 == "#" }.map(String.init) : []
    if isCode, let first = number.first, first == "*" || first == "#" {
      // `*67` and its kind have two digits and no sign behind them.
      let behind = parts.first.map { String($0.dropFirst(2)) }
      // The code itself is no number.
      if parts.first.map({ $0.utf8.count < Self.leastInside }) == true { parts.removeFirst() }
      if let behind { parts.append(behind) }
    }
    for code in country?.prefixCodes ?? Country.usualPrefixCodes where number.hasPrefix(code) {
      parts.append(String(number.dropFirst(code.utf8.count)))
    }
    return parts.filter { $0.utf8.count >= least }
  }

  private func formsAbroad(_ number: String, _ prefix: Int) -> [DialForm] {
    let digits = number.dropFirst(prefix)
    // No country code begins with a zero.
    if digits.first == "0" {
      let home = "0" + digits.drop { $0 == "0" }
      return [DialForm(number: home, named: 0)] + formsAtHome(home)
    }
    guard let length = CallingCode.length(digits.utf8) else { return [] }
    let code = digits.prefix(length)
    let rest = digits.dropFirst(length)
    guard rest.count >= Self.leastBehindCode else { return [] }
    let own = Country.strippingTrunk(rest, behind: code)
    let isHome = country?.code == String(code)
    var forms = abroad(String(code), own, isNamed: isHome)
    if isHome { forms += home(own, bare: 3) }
    if own.count < rest.count, number.hasPrefix("00") {
      forms.append(DialForm(number: String(number.dropFirst()), named: 0))
    }
    return forms
  }

  private func formsAtHome(_ number: String) -> [DialForm] {
    guard let country else { return [] }
    let whole = Substring(number)
    if lostItsPlus(whole, country) {
      return formsAbroad("+" + number, 1)
    }
    // Without it a number is one of the same town: nobody knows which.
    let hasArea =
      country.trunk.first == "0"
      ? whole.first == "0" : whole.count >= (country.trunk.isEmpty ? 7 : 10)
    let own = country.strippingTrunk(whole)
    guard hasArea, own.count >= Self.leastBehindCode else { return [] }
    return abroad(country.code, own, isNamed: true) + home(own, bare: 4)
  }

  /// Whether a number begins with its country's code and is too long for one without an area code.
  private func lostItsPlus(_ whole: Substring, _ country: Country) -> Bool {
    guard whole.hasPrefix(country.code) else { return false }
    let rest = whole.dropFirst(country.code.utf8.count)
    if country.trunk.first == "0" { return rest.count >= Self.leastWithoutPlus }
    return country.nationalLength.map { rest.count == $0 } ?? (whole.count >= 12)
  }

  /// With the country code before it.
  private func abroad(_ code: String, _ own: Substring, isNamed: Bool) -> [DialForm] {
    Self.prefixes(country).map { prefix in
      DialForm(
        number: prefix + code + own, named: isNamed ? prefix.utf8.count + code.utf8.count : 0)
    }
  }

  /// As it is dialled in its own country; `bare`: what has to be named where no zero is before it.
  private func home(_ own: Substring, bare named: Int) -> [DialForm] {
    guard let trunk = country?.trunk else { return [] }
    let bare = DialForm(number: String(own), named: trunk.first == "0" ? named : 0)
    return trunk.isEmpty ? [bare] : [DialForm(number: trunk + own, named: 0), bare]
  }
}

// MARK: Rescue

extension Numbering {
  /// What a number may reach in whatever form it was dialled: in or behind a feature code, with `*` or
  /// `#` behind it, with a country's code; to be compared with the numbers of rescue services.
  public func reached(by number: String) -> Set<String> {
    var found: Set<String> = []
    var open = [number]
    while let next = open.popLast(), found.count < 64 {
      guard !next.isEmpty, found.insert(next).inserted else { continue }
      let ended = next.prefix { $0 != "*" && $0 != "#" }
      let tail = next.dropFirst(ended.utf8.count)
      if !ended.isEmpty, !tail.isEmpty { open.append(String(ended)) }
      open += inside(next, least: 2)
      open += forms(of: next).map(\.number)
      open += withoutCode(next)
    }
    return found
  }

  /// A short number with a country's code before it, which no subscriber has.
  private func withoutCode(_ number: String) -> [String] {
    guard let prefix = Self.prefixes(country).first(where: number.hasPrefix) else { return [] }
    let digits = number.dropFirst(prefix.utf8.count)
    var found = [String(digits)]
    if let length = CallingCode.length(digits.utf8) {
      let rest = digits.dropFirst(length)
      found.append(String(rest))
      if rest.first == "0" { found.append(String(rest.dropFirst())) }
    }
    return found.filter { $0.utf8.count <= Self.mostOfRescue }
  }

  private static let mostOfRescue = 6
}

extension Country {
  /// What stands before a number to hide or show the caller's own, without a star.
  var prefixCodes: [String] {
    switch code {
    case "1": ["1167", "1182"]
    case "44", "353": ["141", "1470"]
    case "61": ["1831", "1832"]
    case "64": ["0197", "0196"]
    case "81": ["184", "186"]
    case "852": ["133"]
    case "34": ["067"]
    case "33": ["3651"]
    default: []
    }
  }
  /// Those that are looked for where no country is known.
  static let usualPrefixCodes = ["141", "1470", "1167", "1182"]

  /// What stands behind a country code, without a trunk prefix that says nothing there.
  static func strippingTrunk(_ rest: Substring, behind code: Substring) -> Substring {
    strippingTrunk(rest, trunk(ofCode: code))
  }

  /// A number of this country without its trunk prefix.
  func strippingTrunk(_ number: Substring) -> Substring { Self.strippingTrunk(number, trunk) }

  private static func strippingTrunk(_ number: Substring, _ trunk: String) -> Substring {
    if trunk.first == "0" {
      return number.hasPrefix(trunk)
        ? number.dropFirst(trunk.utf8.count).drop { $0 == "0" }
        : number.drop { $0 == "0" }
    }
    // A 1 or an 8 begins numbers too, but none of eleven digits.
    return number.count > 10 && number.hasPrefix(trunk)
      ? number.dropFirst(trunk.utf8.count) : number
  }
}
