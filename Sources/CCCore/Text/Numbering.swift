// Whether two callers are one: the numbers of a country, or of one that is not known.

/// The country whose numbers a desk speaks (`numbers.country`), and what follows from it.
///
/// **When two numbers are the same caller.** Both are brought to digits; `00` at the beginning is `+`.
///
/// - Two numbers with a `+` are one caller only if all their digits are equal.
/// - With the country known, a number without a plus is completed: its international prefix or its trunk
///   prefix goes, the country code comes, and the two are compared whole. What is shorter than seven
///   digits is an extension, and equal only to itself.
/// - With no country known, a number with a `+` and one without are one caller if the second is the
///   first without its country code: with **eight digits** at least behind the trunk prefix of that
///   country (a zero, mostly), or **nine** where there is none; or if the second is the first without its plus, from eleven digits
///   on, or behind `011`. Two numbers without a plus may differ in one zero at the beginning, from nine
///   digits on. So a local number is never taken for a whole one, and what is short only for itself.
///   What remains: without a country, `020 7946 0123` is taken for a caller's of any country whose
///   number ends so; the key makes it exact. Among several that fit (`+44 7911 123456`,
///   `+49 7911 123456`), it is none of them.
/// - A text with letters, or with `*` or `#`, is equal only to the same text. Who is withheld is nobody,
///   not even the same nobody.
public struct Numbering: Hashable, Sendable {
  /// The country; nil: not known.
  public var country: Country?

  /// Makes the numbers of a country, or of none.
  public init(_ country: Country? = nil) {
    self.country = country
  }

  /// Whether two numbers are the same caller, as far as their digits can tell.
  public func isSameCaller(_ one: String, _ two: String) -> Bool {
    if Withheld.isWithheld(one) { return false }
    if one == two { return true }
    guard let one = Digits(one), let two = Digits(two) else { return false }
    if one.text == two.text, one.isWhole == two.isWhole { return true }
    if let country {
      guard let one = country.complete(one), let two = country.complete(two) else { return false }
      return one == two
    }
    switch (one.isWhole, two.isWhole) {
    case (true, true): return false
    case (false, false): return Self.differInAZero(one.text, two.text)
    case (true, false): return Self.is(two.text, the: one.text)
    case (false, true): return Self.is(one.text, the: two.text)
    }
  }

  /// The same among numbers that are known: who could be several of them is none.
  public func isSameCaller(
    _ one: String, _ two: String, among known: some Sequence<String>
  ) -> Bool {
    guard isSameCaller(one, two) else { return false }
    if country != nil || one == two { return true }
    return known.allSatisfy { isSameCaller($0, one) == isSameCaller($0, two) }
  }

  /// Any number's text in groups for the eye, as in its country where that is known.
  public func grouped(_ text: String) -> String { DialNumber.grouped(text, in: country) }

  /// Digits with or without the country code before them.
  struct Digits {
    /// ASCII digits alone.
    var text: Substring
    /// Whether a plus or `00` stood before them.
    var isWhole: Bool
    /// Whether it was `00`.
    var isBehindZeros = false

    /// Nil: the text is no number of digits.
    init?(_ typed: String) {
      if Self.isPlain(typed.utf8) {
        text = Substring(typed)
      } else {
        guard let number = try? DialNumber.clean(typed),
          !number.digits.contains(where: { "*#".contains($0) })
        else { return nil }
        text = Substring(number.digits)
      }
      isWhole = false
      if text.hasPrefix("+") {
        isWhole = true
        text = text.dropFirst()
      } else if text.hasPrefix("00"), text.count > 9 {
        isWhole = true
        isBehindZeros = true
        text = text.dropFirst(2)
      }
    }

    /// Whether there is nothing to clean, as in most numbers that a line reports.
    private static func isPlain(_ bytes: some Collection<UInt8>) -> Bool {
      let digits = bytes.dropFirst(bytes.first == UInt8(ascii: "+") ? 1 : 0)
      return (1...DialNumber.longest).contains(digits.count)
        && digits.allSatisfy { (48...57).contains($0) }
    }
  }

  private static let leastBehindTrunk = 8
  private static let least = 9
  private static let leastWithoutPlus = 11

  /// Whether a national number may be this international one.
  private static func `is`(_ national: Substring, the whole: Substring) -> Bool {
    if national == whole { return whole.count >= leastWithoutPlus }
    if national.hasPrefix("011"), national.dropFirst(3) == whole { return true }
    guard let length = CallingCode.length(whole.utf8) else { return false }
    let rest = whole.dropFirst(length)
    guard rest.count >= leastBehindTrunk, national.hasSuffix(rest) else { return false }
    if national.count == rest.count { return rest.count >= least }
    let trunk = Country.trunk(ofCode: whole.prefix(length))
    return !trunk.isEmpty && national.count == trunk.count + rest.count && national.hasPrefix(trunk)
  }

  private static func differInAZero(_ one: Substring, _ two: Substring) -> Bool {
    let (short, long) = one.count < two.count ? (one, two) : (two, one)
    return long.first == "0" && long.dropFirst() == short && short.count >= least
  }
}

extension Desk {
  /// A number's text in groups for the eye, as in the country of this desk.
  public func grouped(_ number: String) -> String { settings.numbering.grouped(number) }

  /// A name and a number, as in `Nora Field, +44 20 7946 0123`; empty where neither is told.
  public func words(for party: Party) -> String {
    let number = party.number.map { $0.isEmpty ? "" : grouped($0.string) } ?? ""
    return [party.name?.string ?? "", number].filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// What the far end of a call is called where one word must do, its number as in this country.
  public func party(of call: Call) -> SafeText {
    guard call.name == nil, !call.number.isEmpty else { return call.party }
    return SafeText(grouped(call.number.string))
  }
}
