// Who is at the other end, from all that a message says of it.

import CCCore

/// Who calls, as far as it may be shown.
///
/// The network's own word comes first (P-Asserted-Identity, RFC 3325), then the older Remote-Party-ID, then
/// the caller's own From; only the registrar's messages get here. The number is that of the first that
/// has one, the name the best there is: telephone systems assert numbers without names, and names stand in
/// From.
struct Caller: Hashable {
  /// Washed, at most 64 characters; empty: withheld, or not told.
  var number: String
  /// Washed; nil: none.
  var name: SafeText?

  /// Reads the headers of the beginning of a call; `privacy`: the values of `Privacy` (RFC 3323).
  ///
  /// Where the caller wants her identity withheld, what the network asserts of her is not for the called
  /// one (RFC 3325 section 9.3), nor is a From that still has it. Words that say that she is withheld are
  /// no number and no name.
  init(
    from: String, asserted: [String], remoteParty: [String] = [], privacy: [String] = []
  ) {
    let known = Identities(asserted: asserted, remoteParty: remoteParty, privacy: privacy)
    guard !known.isWithheld else {
      self.init(number: "", name: nil)
      return
    }
    let address = NameAddress(from)
    let all = known.addresses + (address.map { [$0] } ?? [])
    let named = known.hidesName ? [] : all
    self.init(number: Self.number(known.addresses.isEmpty ? all : known.addresses), names: named)
  }

  /// What a message in the middle of a call says of who is there now; nil if it says nothing.
  ///
  /// From is that of the beginning in every message, and counts only where the far end has changed it
  /// (RFC 4916): then it is `from`.
  init?(
    changedTo from: String?, asserted: [String], remoteParty: [String], privacy: [String]
  ) {
    guard from != nil || !asserted.isEmpty || !remoteParty.isEmpty else { return nil }
    self.init(
      from: from ?? "", asserted: asserted, remoteParty: remoteParty, privacy: privacy)
    let says =
      !number.isEmpty || name != nil
      || Identities(asserted: asserted, remoteParty: remoteParty, privacy: privacy).isWithheld
    guard says else { return nil }
  }

  /// A name and a number that stand alone, as FreeSWITCH writes them.
  init(displayed name: String, number: String) {
    let text = SafeText(HeaderText.trimmed(number), limit: 64).string
    self.init(number: Withheld.isWithheld(text) ? "" : text, name: nil)
    self.name = Self.shown(HeaderText.unquoted(name), self.number)
  }

  private init(number: String, names: [NameAddress]) {
    let name = names.lazy.compactMap { Self.name(of: $0, number) }.first
    self.init(number: number, name: name)
  }

  private init(number: String, name: SafeText?) {
    self.number = number
    self.name = name
  }

  /// The first that can be dialled, else the first that is no nobody's.
  private static func number(_ addresses: [NameAddress]) -> String {
    let users = addresses.lazy.filter { !$0.isNobody }.map { SafeText($0.user, limit: 64).string }
      .filter { !$0.isEmpty && $0.unicodeScalars.count <= 64 }
    return users.first(where: DialPlan.isNumber) ?? users.first ?? ""
  }

  private static func name(of address: NameAddress, _ number: String) -> SafeText? {
    address.name.flatMap { shown($0, number) }
  }

  /// A name as it may be shown; nil where it says nothing.
  private static func shown(_ text: String, _ number: String) -> SafeText? {
    let name = SafeText(EncodedWords.decoded(text), limit: 64)
    guard !name.isEmpty, !Withheld.isWithheld(name.string), !placeholders.contains(name.string),
      name.string != number
    else { return nil }
    // A number in another form is no name.
    let isNumber = !name.string.contains(where: \.isLetter)
    return isNumber && DialNumber.same(name.string, number) ? nil : name
  }

  /// What FreeSWITCH writes where nobody has named the other end.
  private static let placeholders: Set<String> = ["Outbound Call", "Inbound Call"]

  /// The number for a report; nil: withheld, or not told.
  var shownNumber: SafeText? { number.isEmpty ? nil : SafeText(number) }

  /// The same, for the desk.
  var party: Party { Party(number: SafeText(number), name: name) }

  /// For a sentence: the name, the number, or both.
  var words: String {
    let known = [name?.string, number.isEmpty ? nil : number].compactMap { $0 }
    return known.isEmpty ? Withheld.words(.in).string : known.joined(separator: ", ")
  }
}

extension NameAddress {
  /// Whether it says that nobody is named (RFC 3323 section 4.1.1.3).
  var isNobody: Bool {
    host.lowercased() == "anonymous.invalid" || Withheld.isWithheld(SafeText(user).string)
  }
}

/// What the network says of somebody, and whether it may be shown.
struct Identities: Hashable {
  /// All that it asserts, the best first.
  private(set) var addresses: [NameAddress]
  /// Whether neither number nor name may be shown.
  private(set) var isWithheld: Bool
  /// Whether the name may not.
  private(set) var hidesName: Bool

  /// More are not looked at.
  static let most = 8

  init(asserted: [String], remoteParty: [String], privacy: [String]) {
    let wishes = Set(
      privacy.flatMap { $0.lowercased().split { $0 == ";" || $0 == "," || $0 == " " } }
        .map(String.init))
    let asserted = Self.read(asserted)
    let remote = Self.read(remoteParty)
    let privacies = remote.compactMap { $0.parameters["privacy"]?.lowercased() }.map {
      $0.prefix { $0 != "-" }
    }
    let wants = !wishes.isDisjoint(with: ["id", "user", "header", "full"])
    let isThere = !asserted.isEmpty || !remote.isEmpty
    let isNobody = isThere && (asserted + remote).allSatisfy(\.isNobody)
    isWithheld =
      wants && isThere || wishes.contains("user") || wishes.contains("full") || isNobody
      || asserted.isEmpty && privacies.contains { $0 == "full" || $0 == "uri" }
    hidesName = asserted.isEmpty && privacies.contains("name")
    addresses = (asserted + remote).filter { !$0.isNobody }
  }

  /// Several stand in one header, or in several (RFC 3325 section 9.1: `sip:` beside `tel:`).
  private static func read(_ headers: [String]) -> [NameAddress] {
    headers.prefix(most).flatMap { header -> [NameAddress] in
      guard header.utf8.count <= NameAddress.longest else { return [] }
      return HeaderText.split(HeaderText.unfolded(header), at: ",").prefix(most).compactMap {
        NameAddress($0) ?? bare($0)
      }
    }
  }

  /// `"Nora" <300>`: FreeSWITCH asserts numbers without a scheme in its UPDATE (mod_sofia).
  private static func bare(_ text: String) -> NameAddress? {
    guard let open = text.firstIndex(of: "<"), text.last == ">",
      DialPlan.isNumber(String(text[open...].dropFirst().dropLast()))
    else { return nil }
    return NameAddress("\(text[..<open])<tel:\(text[open...].dropFirst())")
  }
}
