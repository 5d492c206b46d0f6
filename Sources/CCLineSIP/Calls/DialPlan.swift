// What becomes of a number before it is dialled.

import CCCore

/// Rules that rewrite or refuse numbers, and the numbers that are asked about first.
///
/// A rule is `PATTERN -> RESULT`, rules are separated by semicolons, and the first that fits the whole
/// number counts; a number that none fits is dialled as it is. A pattern is what dial plans use
/// everywhere: digits, `+`, `*` and `#` stand for themselves, `X` for a digit, `Z` for 1 to 9, `N` for 2
/// to 9, `[2-57]` for one of these, `.` at the end for one or more of anything. What stands before a `|`
/// is cut off. The result is put in front of what is left; `=` leaves it as it is, `refuse` or
/// `refuse: WORDS` refuses it.
///
/// A refusal is about the number, whatever form it has (`DialPlan+Forms.swift`); all else goes by what was
/// dialled.
///
///     0900X. -> refuse: premium numbers are not called from here; 00|X. -> +; 0|Z. -> +49
struct DialPlan: Hashable {
  /// One rule.
  struct Rule: Hashable {
    var cut: [Place]
    var rest: [Place]
    var result: Result
    /// As it was written.
    var text = ""
  }

  /// What one place of a pattern takes.
  enum Place: Hashable {
    case oneOf(Set<UInt8>)
    /// One or more of anything, to the end.
    case more
  }

  /// What a rule does.
  enum Result: Hashable {
    case prefix(String)
    case refuse(String)
  }

  /// What becomes of a number.
  enum Verdict: Hashable {
    case dial(String)
    case refuse(SafeText)
    /// An emergency number: the agent is asked once.
    case ask(SafeText)
  }

  /// A rule that cannot be read.
  struct Unreadable: Error, Hashable {
    var rule: String
    var why: String
  }

  /// Numbers of rescue services that are asked about where the settings name none.
  static let usualEmergency = "112 911 999"
  /// The longest plan, in rules.
  static let mostRules = 200
  /// The longest number that may come out.
  static let longestNumber = 64

  private(set) var rules: [Rule] = []
  private(set) var emergency: Set<String> = []
  /// The country in which is dialled: of the settings, or what the rules put before its numbers.
  private(set) var numbering = Numbering()

  /// No rules.
  init() {}

  /// Reads rules and emergency numbers; `country`: that of `numbers.country`.
  init(
    rules text: String, emergency numbers: String, country: Country? = nil
  ) throws(Settings.Unusable) {
    do throws(Unreadable) {
      rules = try Self.read(text)
    } catch {
      throw Settings.Unusable(
        sentence: "sip.dialPlan: \u{201C}\(SafeText(error.rule, limit: 60))\u{201D}: \(error.why).")
    }
    emergency = Set(numbers.split(whereSeparator: { $0 == " " || $0 == "," }).map(String.init))
    guard emergency.allSatisfy({ Self.isNumber($0) }) else {
      throw Settings.Unusable(sentence: "sip.emergency is a list of numbers, such as 112 911.")
    }
    numbering = Numbering(country ?? home)
  }

  /// What becomes of a number; `isSure`: the agent has been asked already.
  ///
  /// Emergency numbers pass unchanged, whatever the rules say, and are asked about in every form; what the
  /// rules make one is asked about too, and goes out as they make it. All else that they make passes the
  /// refusals again.
  func verdict(on number: String, isSure: Bool = false) -> Verdict {
    if emergency.contains(number) { return rescue(number, as: number, isSure) }
    let deed = rule(for: number)
    if case .dial(let result) = deed, isEmergency(result) {
      return rescue(number, as: result, isSure)
    }
    if isEmergency(number) { return rescue(number, as: number, isSure) }
    // A number inside a code is dialled by the telephone system, behind an outside line maybe.
    for inner in numbering.inside(number, least: 2) {
      guard case .dial(let result) = rule(for: inner), result != inner else { continue }
      if isEmergency(result) { return rescue(number, as: number, isSure) }
      if let words = refusal(ofResult: result) { return Self.refuse(words) }
    }
    switch deed {
    case nil: return .dial(number)
    case .refuse(let words): return Self.refuse(words)
    case .dial(let result):
      guard !result.isEmpty, result.utf8.count <= Self.longestNumber, Self.hasOnePlus(result)
      else { return .refuse("the dial plan makes no number of it") }
      if result != number, let words = refusal(ofResult: result) { return Self.refuse(words) }
      return .dial(result)
    }
  }

  private static func refuse(_ words: String) -> Verdict {
    .refuse(SafeText(words.isEmpty ? "the dial plan refuses this number" : words))
  }

  private func rescue(_ number: String, as result: String, _ isSure: Bool) -> Verdict {
    if isSure { return .dial(result) }
    let words =
      result == number ? "is an emergency number" : "calls the emergency number \(result)"
    return .ask(SafeText("\(number) \(words): dial it again to call it"))
  }

  /// Why a code of a status is not dialled.
  struct CodeRefusal: Error, Hashable {
    var words: SafeText
  }

  /// What becomes of a code of `seat.codes`: it is dialled as if the agent had typed it, and never where
  /// she would have been asked first.
  func verdict(onCode code: String) -> Swift.Result<String, CodeRefusal> {
    switch verdict(on: code) {
    case .dial(let number): .success(number)
    case .refuse(let words): .failure(CodeRefusal(words: words))
    case .ask: .failure(CodeRefusal(words: SafeText("\(code) is an emergency number")))
    }
  }

  /// Whether a number, as it goes out, is a rescue service's, in whatever form.
  func isEmergency(_ dialled: String) -> Bool {
    guard !emergency.isEmpty else { return false }
    return emergency.contains(dialled)
      || !numbering.reached(by: dialled).isDisjoint(with: emergency)
  }

  /// Whether a text can be dialled: digits, `*`, `#`, and a plus in front, or behind a code.
  static func isNumber(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= longestNumber && hasOnePlus(text)
      && text.utf8.allSatisfy { (0x30...0x39).contains($0) || "+*#".utf8.contains($0) }
      && text.utf8.lastIndex(of: UInt8(ascii: "+")).map {
        $0 == text.startIndex || "*#".utf8.contains(text.utf8[text.utf8.index(before: $0)])
      } != false
  }

  private static func hasOnePlus(_ text: String) -> Bool {
    text.utf8.count { $0 == UInt8(ascii: "+") } <= 1
  }

  // MARK: Matching

  /// How far the places reach; nil if they do not fit.
  static func match(
    _ digits: ArraySlice<UInt8>, _ places: [Place], isWhole: Bool
  ) -> Int? {
    var index = digits.startIndex
    for place in places {
      guard index < digits.endIndex else { return nil }
      switch place {
      case .more: return digits.endIndex
      case .oneOf(let set):
        guard set.contains(digits[index]) else { return nil }
        index += 1
      }
    }
    return !isWhole || index == digits.endIndex ? index : nil
  }

  // MARK: Reading

  /// Reads rules; total: whatever text comes in.
  static func read(_ text: String) throws(Unreadable) -> [Rule] {
    var rules: [Rule] = []
    for part in text.split(separator: ";") {
      let rule = trimmed(part)
      if rule.isEmpty { continue }
      guard rules.count < mostRules else {
        throw Unreadable(rule: rule, why: "more than \(mostRules) rules")
      }
      var read = try readRule(rule)
      read.text = rule
      rules.append(read)
    }
    return rules
  }

  private static func readRule(_ rule: String) throws(Unreadable) -> Rule {
    func wrong(_ why: String) -> Unreadable { Unreadable(rule: rule, why: why) }
    guard let arrow = arrow(in: rule) else {
      throw wrong("a rule is PATTERN -> RESULT")
    }
    let pattern = trimmed(rule[..<arrow.lowerBound])
    let result = trimmed(rule[arrow.upperBound...])
    let parts = pattern.split(separator: "|", omittingEmptySubsequences: false)
    guard parts.count <= 2, let last = parts.last else { throw wrong("one | at most") }
    let cut = parts.count == 2 ? places(parts[0]) : []
    guard let cut, let rest = places(last), !cut.contains(.more), !cut.isEmpty || !rest.isEmpty
    else { throw wrong("the pattern cannot be read") }
    if result == "=" { return Rule(cut: [], rest: cut + rest, result: .prefix("")) }
    if result == "refuse" { return Rule(cut: cut, rest: rest, result: .refuse("")) }
    if result.hasPrefix("refuse:") {
      return Rule(cut: cut, rest: rest, result: .refuse(trimmed(result.dropFirst(7))))
    }
    guard result.isEmpty || isNumber(result) else {
      throw wrong("the result is digits to put in front, =, or refuse")
    }
    return Rule(cut: cut, rest: rest, result: .prefix(result))
  }

  private static func arrow(in rule: String) -> Range<String.Index>? {
    var index = rule.startIndex
    while index < rule.endIndex {
      let next = rule.index(after: index)
      if rule[index] == "-", next < rule.endIndex, rule[next] == ">" {
        return index..<rule.index(after: next)
      }
      index = next
    }
    return nil
  }

  private static func places(_ text: Substring) -> [Place]? {
    var places: [Place] = []
    var rest = Array(trimmed(text).utf8)[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "X"): places.append(.oneOf(digits(0...9)))
      case UInt8(ascii: "Z"): places.append(.oneOf(digits(1...9)))
      case UInt8(ascii: "N"): places.append(.oneOf(digits(2...9)))
      case UInt8(ascii: "."):
        guard rest.isEmpty else { return nil }
        places.append(.more)
      case UInt8(ascii: "["):
        guard let close = rest.firstIndex(of: UInt8(ascii: "]")), let set = set(rest[..<close])
        else { return nil }
        places.append(.oneOf(set))
        rest = rest[(close + 1)...]
      case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "*"), UInt8(ascii: "#"):
        places.append(.oneOf([byte]))
      default: return nil
      }
    }
    return places.count <= longestNumber ? places : nil
  }

  private static func set(_ inside: ArraySlice<UInt8>) -> Set<UInt8>? {
    var set: Set<UInt8> = []
    var rest = inside
    while let byte = rest.popFirst() {
      guard (0x30...0x39).contains(byte) || "+*#".utf8.contains(byte) else { return nil }
      if rest.first == UInt8(ascii: "-") {
        rest.removeFirst()
        guard let end = rest.popFirst(), (0x30...0x39).contains(byte), (byte...0x39).contains(end)
        else { return nil }
        set.formUnion(byte...end)
      } else {
        set.insert(byte)
      }
    }
    return set.isEmpty ? nil : set
  }

  private static func digits(_ range: ClosedRange<UInt8>) -> Set<UInt8> {
    Set(range.map { $0 + 0x30 })
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var rest = Substring(text)
    while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
    while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
    return String(rest)
  }
}
