// Who is at the other end, and how that changes while a call goes on.

/// A number and a name, as the line gives them.
public struct Party: Hashable, Sendable {
  /// The number; nil if the line does not tell it, empty if it is withheld.
  public var number: SafeText?
  /// The name; nil where there is none, or it says that it is withheld.
  public var name: SafeText?

  /// Makes one; what names nobody is nobody.
  public init(number: SafeText?, name: SafeText?) {
    self.number = number.map { $0.unlessWithheld ?? "" }
    self.name = name.flatMap { $0.isEmpty ? nil : $0.unlessWithheld }
  }
}

extension Desk {
  /// `party`: the line says who is at the other end now.
  ///
  /// A name that comes late is shown and not told; another person is told too.
  mutating func reportParty(_ line: String?, _ party: Party, _ turn: inout Turn) {
    let call = openCalls.first { line == nil || $0.lineID == line }
    guard let call else { return count(.lateEvent, &turn) }
    let before = Party(number: call.number, name: call.name)
    let isOther = party.number.map { !Self.isSame($0, call) } ?? false
    // Where only the name is told it is of the same number; another number takes the old name away.
    let next = Party(
      number: party.number.map { isOther ? $0 : call.number } ?? call.number,
      name: isOther ? party.name : party.name ?? call.name)
    guard next != before else { return }
    change(call.id) {
      $0.number = next.number ?? ""
      $0.name = next.name
      if isOther, $0.first == nil { $0.first = before }
    }
    guard let changed = self.call(call.id) else { return }
    turn.tell(.call(changed))
    if isOther { turn.notice(.info, Self.nowWith(changed, settings.numbering)) }
  }

  private static func isSame(_ number: SafeText, _ call: Call) -> Bool {
    if number == call.number { return true }
    guard !number.isEmpty, !call.number.isEmpty else { return false }
    return DialNumber.same(number.string, call.number.string)
  }

  /// The sentence for it, as in `Now talking to Nora Field, +44 20 7946 0123`.
  private static func nowWith(_ call: Call, _ numbering: Numbering) -> String {
    let number =
      call.number.isEmpty
      ? Withheld.words(.in).string : numbering.grouped(call.number.string)
    let who = [call.name?.string, number].compactMap { $0 }.joined(separator: ", ")
    switch (call.phase, call.direction) {
    case (.talking, _): return "Now talking to \(who)."
    case (_, .in): return "Now ringing: \(who)."
    case (_, .out): return "Now calling \(who)."
    }
  }
}
