// Whether a text is two numbers: joined they would be a third, and a stranger's.

/// Tells one number in groups from two.
///
/// The rule: a number has at least seven digits (its country code not counted) and at most fifteen.
/// So two parts of seven digits or more are two numbers wherever words, slashes, line ends, wide gaps
/// brackets or a `+` stand between them, where each stands in one group, and wherever the whole would
/// have more than fifteen. So are two such parts that are grouped alike (`555-0100 555-0101`), or are as
/// long as each other and begin with the same three digits. A word for "or" or "and", `|` and `&` make two
/// of shorter ones too, and so do a slash or a dash between extensions that differ in their end
/// (`1020/1021`), a space between those that have dashes of their own, and whatever stands between two
/// numbers of rescue (`112 911`), or one and a whole number. Behind a slash, groups that are shorter than the
/// one before it are other endings, as in `020 7946 0123/4/5`, and so is one as long that begins like it.
/// Fourteen digits that begin with no prefix are two local numbers.
enum DialPair {
  private static let least = 7
  private static let most = 15

  private static let conjunctions: Set<String> = [
    "or", "and", "oder", "und", "bzw", "ou", "et", "o", "u", "y", "e", "eller", "och", "og", "of",
    "en", "tai", "ja", "lub", "albo", "i", "a", "nebo", "vagy", "\u{E9}s", "sau", "si", "ve",
    "veya",
    "\u{438}", "\u{438}\u{43B}\u{438}", "\u{6216}", "\u{548C}", "\u{53CA}",
    "\u{307E}\u{305F}\u{306F}",
    "\u{B610}\u{B294}", "\u{648}", "\u{623}\u{648}", "ou bien", "alt", "resp",
  ]

  /// Whether these signs are two numbers.
  static func isPair(_ signs: [DialSign]) -> Bool {
    let places = signs.indices.filter { signs[$0].dialled != nil }
    let groups = signs.split { $0.dialled == nil }.map { $0.compactMap(\.dialled) }
    if groups.count >= 2, groups.allSatisfy(isRescue) || isList(signs) { return true }
    // Feature codes carry numbers inside: `*21*020 7946 0123#`.
    let hasCode = signs.contains(where: \.isCode)
    let (prefix, code) = code(of: signs)
    if !hasCode, DialRescue.isBeside(signs, groups, behind: prefix + code) { return true }
    let isLocal = prefix + code == 0 && beginsLocally(groups)
    for (order, place) in places.enumerated().dropLast() {
      let next = places[order + 1]
      let between = signs[(place + 1)..<next]
      guard !between.isEmpty else { continue }
      let left = order + 1
      let right = places.count - left
      if left >= 3, right >= 3, joinsTwo(between) { return true }
      let (one, two) = (signs[...place], signs[next...])
      if divides(between)
        || between.allSatisfy({ $0.kind == .space }) && isDashed(one) && isDashed(two),
        areSisters(one, two)
      {
        return true
      }
      if hasCode { continue }
      if right >= least, areAlike(one, two, behind: prefix + code) { return true }
      let isWhole = left - prefix - code >= least && right >= least
      let ownGroups = groupBefore(signs, place) >= least && groupFrom(signs, next) >= least
      if isWhole, ownGroups || parts(between) || places.count - prefix > most { return true }
      if isLocal, left >= least, right >= least, places.count > most - 2 { return true }
      if left - prefix - code >= least, hasEndings(signs, place, next) { return true }
    }
    return false
  }

  /// How many digits the international prefix has at the beginning, and the country code behind it.
  static func code(of signs: [DialSign]) -> (prefix: Int, code: Int) {
    let digits = signs.compactMap(\.dialled)
    if signs.first(where: { $0.dialled != nil || $0.kind == .plus })?.kind == .plus {
      return (0, CallingCode.length(digits) ?? 0)
    }
    // No number at home that begins like the last two has fourteen digits.
    let found = ["0011", "00", "011", "810"].first {
      digits.starts(with: $0.utf8) && ($0.hasPrefix("00") || digits.count >= 14)
    }
    guard let prefix = found?.utf8.count else { return (0, 0) }
    return (prefix, CallingCode.length(digits.dropFirst(prefix)) ?? 0)
  }

  /// Whether no prefix begins these groups: none for abroad, no trunk zero, no outside line before one.
  private static func beginsLocally(_ groups: [[UInt8]]) -> Bool {
    guard let first = groups.first, first.first != UInt8(ascii: "0") else { return false }
    let digits = groups.flatMap { $0 }
    if ["810", "990"].contains(where: { digits.starts(with: $0.utf8) }) { return false }
    return !(first.count == 1 && groups.dropFirst().first?.first == UInt8(ascii: "0"))
  }

  /// Whether these are short numbers of one house, whatever their number: `1020/1021/1022`.
  private static func isList(_ signs: [DialSign]) -> Bool {
    var parts: [ArraySlice<DialSign>] = []
    var (begin, last) = (signs.startIndex, -1)
    for place in signs.indices where signs[place].dialled != nil {
      if last >= 0, place > last + 1, divides(signs[(last + 1)..<place]) {
        parts.append(signs[begin...last])
        begin = place
      }
      last = place
    }
    guard let first = parts.first, last >= begin else { return false }
    return (parts.dropFirst() + [signs[begin...last]]).allSatisfy { areSisters(first, $0) }
  }

  /// Whether other endings of the number stand behind a slash here, or one behind a dash between blanks.
  private static func hasEndings(_ signs: [DialSign], _ place: Int, _ next: Int) -> Bool {
    let between = signs[(place + 1)..<next]
    let isSlash = between.contains { $0.kind == .slash }
    guard isSlash || between.contains(where: { $0.kind == .dash }) && divides(between) else {
      return false
    }
    let whole = signs[...place].reversed().prefix { $0.dialled != nil }.reversed()
      .compactMap(\.dialled)
    let endings = signs[next...].split { $0.kind == .slash }.map { part in
      part.split { $0.dialled == nil }.map { $0.compactMap(\.dialled) }
    }
    let isPlain = signs[next...].allSatisfy {
      $0.dialled != nil || [.slash, .space, .dash, .close].contains($0.kind)
    }
    guard isPlain, endings.allSatisfy({ $0.count == 1 }) else { return false }
    let ends = endings.map { $0[0] }
    if isSlash, ends.allSatisfy({ $0.count < whole.count && $0.count < least }) { return true }
    // Every group is parted by slashes: 06/12/34/56/57.
    let before = signs[..<(place + 1 - whole.count)]
    let gap = before.reversed().prefix { $0.dialled == nil }
    let size = before.dropLast(gap.count).reversed().prefix { $0.dialled != nil }.count
    if gap.contains(where: { $0.kind == .slash }), size == whole.count { return false }
    let isLong = isSlash ? whole.count >= 2 : whole.count >= 3
    return isLong && ends.allSatisfy { isEnding($0, of: whole) }
  }

  /// Whether one group is as long as another and begins like it.
  private static func isEnding(_ one: [UInt8], of other: [UInt8]) -> Bool {
    one.count == other.count && one.count < least
      && one.prefix((one.count + 1) / 2) == other.prefix((one.count + 1) / 2)
  }

  /// Whether what stands behind a comma is another number of the house, or one ending more.
  static func areSeveral(_ one: ArraySlice<DialSign>, _ rest: ArraySlice<DialSign>) -> Bool {
    let parts = rest.split { $0.kind == .pause }
    if parts.allSatisfy({ areSisters(one, $0) }) { return true }
    let digits = one.compactMap(\.dialled)
    let ends = parts.map { $0.compactMap(\.dialled) }
    guard digits.count >= least, !parts.joined().contains(where: \.isCode) else { return false }
    let group = one.reversed().drop { $0.dialled == nil }.prefix { $0.dialled != nil }.reversed()
      .compactMap(\.dialled)
    return ends.allSatisfy(DialRescue.isOne)
      || group.count >= 3 && ends.allSatisfy { isEnding($0, of: group) }
  }

  /// How many digits stand together up to here.
  private static func groupBefore(_ signs: [DialSign], _ place: Int) -> Int {
    signs[...place].reversed().prefix { $0.dialled != nil }.count
  }

  private static func groupFrom(_ signs: [DialSign], _ place: Int) -> Int {
    signs[place...].prefix { $0.dialled != nil }.count
  }

  /// Whether two parts, each long enough to be a number, are grouped alike from the end, or are as long as
  /// each other and begin alike; `code`: the digits of the first that are its country's.
  private static func areAlike(
    _ one: ArraySlice<DialSign>, _ two: ArraySlice<DialSign>, behind code: Int
  ) -> Bool {
    let digits = (one.compactMap(\.dialled).dropFirst(code), two.compactMap(\.dialled))
    guard digits.0.count >= least else { return false }
    if digits.0.count == digits.1.count, digits.0.prefix(3).elementsEqual(digits.1.prefix(3)) {
      return true
    }
    var sizes = (groups(one), groups(two))
    var rest = code
    while rest > 0, let first = sizes.0.first {
      sizes.0.removeFirst()
      if first > rest { sizes.0.insert(first - rest, at: 0) }
      rest -= min(first, rest)
    }
    let count = min(sizes.0.count, sizes.1.count)
    return count >= 2 && sizes.0.suffix(count) == sizes.1.suffix(count)
  }

  private static func groups(_ signs: ArraySlice<DialSign>) -> [Int] {
    signs.split { $0.dialled == nil }.map(\.count)
  }

  private static func isRescue(_ digits: [UInt8]) -> Bool { DialRescue.isOne(digits) }

  private static func isDashed(_ signs: ArraySlice<DialSign>) -> Bool {
    signs.contains { $0.kind == .dash || $0.kind == .dot }
  }

  /// Whether these are two short numbers of one house, as long as each other, alike at the beginning and
  /// with their dashes in the same places, or two of rescue.
  static func areSisters(_ one: ArraySlice<DialSign>, _ two: ArraySlice<DialSign>) -> Bool {
    guard let one = dashed(one), let two = dashed(two) else { return false }
    let digits = (one.flatMap { $0 }, two.flatMap { $0 })
    if isRescue(digits.0), isRescue(digits.1) { return true }
    return (3...6).contains(digits.0.count) && one.map(\.count) == two.map(\.count)
      && digits.0.prefix(2) == digits.1.prefix(2) && digits.0.first != UInt8(ascii: "0")
  }

  /// The digits between dashes, whatever spaces are among them; nil where anything else is.
  private static func dashed(_ signs: ArraySlice<DialSign>) -> [[UInt8]]? {
    let telling = signs.filter { $0.kind != .space && $0.kind != .gap }
    let parts = telling.split { $0.kind == .dash || $0.kind == .dot }
    let digits = parts.map { $0.compactMap(\.dialled) }
    return digits.map(\.count) == parts.map(\.count) ? digits : nil
  }

  /// Whether something stands between that may divide two numbers.
  private static func divides(_ between: ArraySlice<DialSign>) -> Bool {
    // A dash without blanks is how many write eight digits: 2123-2145.
    if between.contains(where: { [.slash, .gap, .pause].contains($0.kind) }) { return true }
    return between.contains { $0.kind == .dash } && between.count { $0.kind == .space } >= 2
  }

  /// Whether what stands between says "or", whatever its language calls that.
  private static func joinsTwo(_ between: ArraySlice<DialSign>) -> Bool {
    if between.contains(where: { $0.kind == .other && "|&\u{FF5C}\u{FF06}".contains($0.character) })
    {
      return true
    }
    let words = between.split { $0.kind != .letter }
    guard words.count == 1, let word = words.first, let first = between.first,
      let last = between.last, first.kind != .letter, last.kind != .letter
    else { return false }
    return conjunctions.contains(word.map(\.lower).joined())
  }

  /// Whether what stands between parts two numbers that are each long enough to be one.
  private static func parts(_ between: ArraySlice<DialSign>) -> Bool {
    var spaces = 0
    for sign in between {
      switch sign.kind {
      case .slash, .gap, .plus, .letter, .pause, .other, .open, .close: return true
      case .space: spaces += 1
      case .dialled, .dash, .dot: break
      }
    }
    let isSpacedDash = spaces >= 2 && between.contains { $0.kind == .dash || $0.kind == .dot }
    return isSpacedDash || spaces >= 3
  }
}
