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
  /// may be a number at home behind one zero more. A number inside a feature code (`*31#`) is one too.
  public func forms(of number: String) -> [DialForm] {
    if number.contains(where: { $0 == "*" || $0 == "#" }) {
      return number.split { $0 == "*" || $0 == "#" }.map(String.init)
        .filter { $0.utf8.count >= Self.leastInside }
        .flatMap { [DialForm(number: $0, named: 0)] + forms(of: $0) }
        .map { DialForm(number: $0.number, named: max($0.named, Self.namedInside)) }
    }
    let prefix = number.hasPrefix("+") ? 1 : country?.prefixAbroad(of: number) ?? Self.zeros(number)
    let found = prefix > 0 ? formsAbroad(number, prefix) : formsAtHome(number)
    return found.filter { $0.number != number }
  }

  private static let leastInside = 5
  private static let namedInside = 3
  /// The digits that a number has at least behind its country code.
  private static let leastBehindCode = 3

  private static func zeros(_ number: String) -> Int {
    number.hasPrefix("00") && number.utf8.count > 6 ? 2 : 0
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
    if isHome { forms += home(own) }
    if own.count < rest.count, number.hasPrefix("00") {
      forms.append(DialForm(number: String(number.dropFirst()), named: 0))
    }
    return forms
  }

  private func formsAtHome(_ number: String) -> [DialForm] {
    guard let country else { return [] }
    let whole = Substring(number)
    // Without it a number is one of the same town: nobody knows which.
    let hasArea =
      country.trunk.first == "0"
      ? whole.first == "0" : whole.count >= (country.trunk.isEmpty ? 7 : 10)
    let own = country.strippingTrunk(whole)
    guard hasArea, own.count >= Self.leastBehindCode else { return [] }
    return abroad(country.code, own, isNamed: true) + home(own)
  }

  /// With the country code before it.
  private func abroad(_ code: String, _ own: Substring, isNamed: Bool) -> [DialForm] {
    let prefixes = ["+", "00"] + (country?.international.filter { $0 != "00" } ?? [])
    return prefixes.map { prefix in
      DialForm(
        number: prefix + code + own, named: isNamed ? prefix.utf8.count + code.utf8.count : 0)
    }
  }

  /// As it is dialled in its own country.
  private func home(_ own: Substring) -> [DialForm] {
    guard let trunk = country?.trunk else { return [] }
    let bare = DialForm(number: String(own), named: trunk.first == "0" ? 4 : 0)
    return trunk.isEmpty ? [bare] : [DialForm(number: trunk + own, named: 0), bare]
  }
}

extension Country {
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
