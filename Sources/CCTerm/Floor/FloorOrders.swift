// A supervisor's orders typed as words, or sent as JSON.

import CCCore
import CCJSON
import CCView

/// Reads orders where there is no screen.
enum FloorOrders {
  /// What was asked, or why it cannot be.
  enum Reading: Hashable {
    case order(Order.Wish, SafeText, to: HandTarget)
    case refused(SafeText)
  }

  /// What can be typed.
  static let help =
    "Orders: message NAME: TEXT, ask NAME for STATUS, sign off NAME; team TEAM for NAME: all of it."

  // MARK: Words

  /// Reads a line of plain mode; nil: it is no order.
  static func plain(_ line: String, _ floor: Floor) -> Reading? {
    let words = line.split(separator: " ").map(String.init)
    let rest = { (count: Int) in words.dropFirst(count).joined(separator: " ") }
    switch (words.first?.lowercased(), words.dropFirst().first?.lowercased()) {
    case ("message", _): return message(rest(1), floor)
    case ("sign", "off"):
      return with(rest(2), floor) { .order(.signOff, "", to: $0) }
    case ("ask", _): return ask(words.dropFirst(), floor)
    default: return nil
    }
  }

  private static func message(_ text: String, _ floor: Floor) -> Reading {
    guard let colon = text.firstIndex(of: ":") else {
      return .refused("message whom? As in: message Ana Ruiz: break over, please")
    }
    let words = SafeText(
      text[text.index(after: colon)...].drop { $0 == " " }, limit: Order.longestText)
    guard !words.isEmpty else { return .refused("message what?") }
    return with(String(text[..<colon]), floor) { .order(.message, words, to: $0) }
  }

  private static func ask(_ words: ArraySlice<String>, _ floor: Floor) -> Reading {
    guard let cut = words.lastIndex(where: { $0.lowercased() == "for" }),
      let seat = CommandTable.seat(word: words[(cut + 1)...].joined(separator: " "))
    else { return .refused("ask whom for what? As in: ask Ana Ruiz for idle") }
    return with(words[..<cut].joined(separator: " "), floor) {
      .order(seat == .offline ? .signOff : .seat(seat), "", to: $0)
    }
  }

  private static func with(
    _ name: String, _ floor: Floor, _ make: (HandTarget) -> Reading
  ) -> Reading {
    let wanted = name.lowercased()
    if wanted.hasPrefix("team ") {
      let team = String(name.dropFirst("team ".count))
      guard floor.teams[team] != nil else {
        return .refused(SafeText("there is no team \(shown(team))."))
      }
      return make(.team(team))
    }
    if let key = BusPlan.agent(name), floor.row(key) != nil { return make(.agent(key)) }
    let rows = floor.rows(in: 0..<floor.shownCount)
    let exact = rows.filter { $0.name.string.lowercased() == wanted }
    let found =
      exact.isEmpty ? rows.filter { $0.name.string.lowercased().hasPrefix(wanted) } : exact
    guard let row = found.first, !wanted.isEmpty else {
      return .refused(SafeText("there is no agent \(shown(name))."))
    }
    guard found.count == 1 else {
      let keys = found.prefix(5).map { "\($0.name) (\($0.key))" }
      return .refused(SafeText("which one: \(keys.joined(separator: ", "))?"))
    }
    return make(.agent(row.key))
  }

  // MARK: JSON

  /// Reads a line of `--json`.
  static func json(_ line: [UInt8], _ floor: Floor) -> Reading {
    let message: JSONValue
    do throws(JSONError) { message = try JSONReader.read(line) } catch {
      return .refused(SafeText("This is no JSON object: see byte \(error.offset)."))
    }
    let kinds = Order.Wish.Kind.allCases.map(\.rawValue)
    guard let word = message["command"]?.string, let kind = Order.Wish.Kind(rawValue: word) else {
      return .refused(
        SafeText("A \u{201C}command\u{201D} is one of \(kinds.joined(separator: ", "))."))
    }
    let target: HandTarget
    if let team = message["team"]?.string, floor.teams[team] != nil {
      target = .team(team)
    } else if let key = message["agent"]?.string.flatMap({ BusPlan.agent($0) }),
      floor.row(key) != nil
    {
      target = .agent(key)
    } else {
      return .refused(
        SafeText("\(word) needs an \"agent\" (TEAM/AGENT) or a \"team\" of the floor."))
    }
    let text = SafeText(message["text"]?.string ?? "", limit: Order.longestText)
    switch kind {
    case .message:
      if text.isEmpty { return .refused("message needs a \"text\".") }
      return .order(.message, text, to: target)
    case .signOff: return .order(.signOff, text, to: target)
    case .seat:
      guard let code = message["seat"]?.int, Seat(code: code).isChoosable else {
        return .refused("seat needs a \"seat\" that can be chosen: 1, 2, 3 or 5.")
      }
      return .order(.seat(Seat(code: code)), text, to: target)
    }
  }

  /// The line of an order of ours.
  static func fields(_ sent: SentOrder) -> JSONLines.Fields {
    let (state, reason): (String, SafeText?) =
      switch sent.state {
      case .sending: ("sending", nil)
      case .sent: ("sent", nil)
      case .notDelivered(let why): ("notDelivered", why)
      case .noAnswer: ("noAnswer", nil)
      case .shown: ("shown", nil)
      case .done: ("done", nil)
      case .refused(let why): ("refused", why)
      }
    var seat: JSONValue?
    if case .seat(let wanted) = sent.order.wish { seat = .int(Int64(wanted.code)) }
    return [
      ("id", .string(sent.order.id)), ("agent", .string("\(sent.key)")),
      ("wish", .string(sent.order.wish.kind.rawValue)), ("seat", seat),
      ("text", sent.order.text.isEmpty ? nil : .string(sent.order.text.string)),
      ("state", .string(state)), ("reason", reason.map { .string($0.string) }),
    ]
  }
}
