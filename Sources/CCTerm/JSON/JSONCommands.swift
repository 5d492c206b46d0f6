// The commands of `--json`: the names of the command table, one object a line.

import CCCore
import CCJSON
import CCView

/// Reads commands that a program sent.
enum JSONCommands {
  /// What a line came to.
  enum Reading: Hashable {
    case event(DeskEvent)
    case quit
    /// A number of letters: nothing changes, and this is what they spell.
    case offered(DialNumber)
    /// Wrong, or not possible now; nothing changes.
    case refused(NoticeLevel, SafeText)
  }

  /// Reads a line as it stands to the desk.
  static func read(_ line: [UInt8], _ desk: Desk) -> Reading {
    let message: JSONValue
    do throws(JSONError) { message = try JSONReader.read(line) } catch {
      return .refused(.error, SafeText("This is no JSON object: see byte \(error.offset)."))
    }
    guard let word = message["command"]?.string else {
      return .refused(.error, "An object with a \u{201C}command\u{201D} is expected.")
    }
    guard let name = CommandName(rawValue: word), CommandTable.forPrograms.contains(name) else {
      if let name = CommandName(rawValue: word), !CommandTable.row(name).words.isEmpty {
        return .refused(.error, SafeText("\(word) is a word of plain mode, and no command here."))
      }
      let names = CommandTable.forPrograms.map(\.rawValue)
      return .refused(
        .error, SafeText("There is no command \(shown(word))\(Nearest.hint(for: word, in: names))"))
    }
    return read(name, message, desk)
  }

  private static func read(_ name: CommandName, _ message: JSONValue, _ desk: Desk) -> Reading {
    switch name {
    case .quit: return .quit
    case .dial:
      // Whether it can be dialled is the machine's to say: it answers with an outcome.
      guard let phone = message["phone"]?.string else { return missing(name, "a \"phone\"") }
      guard let info = text("info", message) else {
        return .refused(.error, "dial takes an \"info\" that is a text.")
      }
      return .event(.dial(phone: phone, info: info))
    case .note:
      guard let text = message["text"]?.string else { return missing(name, "a \"text\"") }
      guard let id = desk.shownCallID ?? desk.recent.first?.id else {
        return .refused(.warning, "There is no call to note this for.")
      }
      return .event(.note(id, text))
    case .accept, .refuse:
      // A program may name the order that it means.
      guard let id = message["id"]?.string else { break }
      guard desk.orders.contains(where: { $0.order.id == id }) else {
        return .refused(.warning, "No such order waits for an answer.")
      }
      return .event(.decide(id, accepts: name == .accept))
    case .transfer where message["consult"]?.bool == true:
      guard let to = message["to"]?.string else { return missing(name, "a \"to\"") }
      if let why = CommandTable.whyNot(name, desk) { return .refused(.warning, SafeText(why)) }
      if let offer = DialNumber.offer(for: to) { return .offered(offer) }
      return desk.active.map { .event(.transfer($0.id, to: to, consult: true)) }
        ?? .refused(.warning, "No call is talking.")
    default: break
    }
    guard let argument = argument(name, message) else {
      return missing(name, needed[name] ?? "more")
    }
    do throws(WhyNot) {
      let event = try CommandTable.event(for: name, argument: argument, desk)
      if case .transfer(_, let to, _)? = event, let offer = DialNumber.offer(for: to) {
        return .offered(offer)
      }
      return event.map { .event($0) } ?? .refused(.warning, "Nothing to do.")
    } catch {
      return .refused(.warning, SafeText(error.words))
    }
  }

  /// What a command cannot do without.
  private static let needed: [CommandName: String] = [
    .status: "a \"status\"", .dtmf: "\"digits\"", .transfer: "a \"to\"", .consult: "a \"to\"",
  ]

  private static func argument(_ name: CommandName, _ message: JSONValue) -> String? {
    switch name {
    case .transfer, .consult: message["to"]?.string
    case .dtmf: message["digits"]?.string
    case .status: message["status"]?.string ?? message["status"]?.int.map { Seat(code: $0).name }
    default: ""
    }
  }

  /// What is said of a text that is longer than what is kept of it; nil: all of it is.
  static func cut(_ event: DeskEvent) -> SafeText? {
    let (name, text): (String, String)
    switch event {
    case .dial(_, let info): (name, text) = ("info", info)
    case .note(_, let note): (name, text) = ("note", note)
    default: return nil
    }
    guard InfoText.cut(text).wasCut else { return nil }
    return SafeText(
      "The \(name) has \(InfoText.units(text)) units: what is over \(InfoText.limit) is cut.")
  }

  /// A text that may be left out; nil: something else stands there.
  private static func text(_ key: String, _ message: JSONValue) -> String? {
    switch message[key] {
    case nil, .null: ""
    case .string(let text): text
    default: nil
    }
  }

  private static func missing(_ name: CommandName, _ what: String) -> Reading {
    .refused(.error, SafeText("\(name.rawValue) needs \(what)."))
  }
}
