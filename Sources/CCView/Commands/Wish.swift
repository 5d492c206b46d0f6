// From a command of the table to the machine's event, for those who have no screen.

import CCCore

/// Why a command was not done, in words.
public struct WhyNot: Error, Hashable, Sendable {
  /// One sentence.
  public let words: String

  /// Makes a reason from its sentence.
  public init(_ words: String) { self.words = words }
}

extension CommandTable {
  /// What a command asks of the desk as it stands: for plain mode and `--json`, which act at once.
  ///
  /// `argument` is the number, the tones or the status, where the command takes one. Nil: the command
  /// is none of the desk's (help, why, last ...).
  public static func event(
    for name: CommandName, argument: String = "", info: String = "", _ desk: Desk
  ) throws(WhyNot) -> DeskEvent? {
    if let why = whyNot(name, desk) { throw WhyNot(why) }
    switch name {
    case .dial: return .dial(phone: argument, info: info)
    case .hold: return desk.talkingCall.map { .hold($0.id, true) }
    case .resume: return desk.talkingCall.map { .hold($0.id, false) }
    case .mute: return desk.talkingCall.map { .mute($0.id, true) }
    case .unmute: return desk.talkingCall.map { .mute($0.id, false) }
    case .keypad, .dtmf: return try tones(argument, desk)
    case .then: return desk.talkingCall.map { .sendKept($0.id) }
    case .transfer:
      if argument.isEmpty { throw WhyNot("To which number?") }
      return desk.talkingCall.map { .transfer($0.id, to: argument, consult: false) }
    case .consult:
      if argument.isEmpty { throw WhyNot("Which number?") }
      return desk.talkingCall.map { .transfer($0.id, to: argument, consult: true) }
    case .swap: return desk.active.map { .swap($0.id) }
    case .join: return desk.active.map { .join($0.id) }
    case .answer:
      guard let call = desk.ringingHere else { throw WhyNot("There is nothing to answer.") }
      return .answer(call.id)
    case .hangUp: return desk.endEvent
    case .reject: return desk.ringingHere.map { .hangUp($0.id) }
    case .more: return .extendWrapUp
    case .tryNow: return .tryNow
    case .takeBack: return .takeBack
    case .status:
      guard let seat = seat(word: argument) else {
        throw WhyNot("Which status: idle, busy, short break or offline?")
      }
      return .choose(seat)
    case .note: return desk.shownCallID.map { .note($0, argument) }
    case .accept: return desk.orders.first.map { .decide($0.order.id, accepts: true) }
    case .refuse: return desk.orders.first.map { .decide($0.order.id, accepts: false) }
    case .quit: return .quit
    case .nextField, .previousField, .earlier, .later, .help, .why, .cancel, .clear, .redraw,
      .suspend, .info, .check, .last, .recent, .quiet:
      return nil
    }
  }

  /// The status a word or its beginning names: `idle`, `busy`, `short break`, `break`, `offline`.
  public static func seat(word: String) -> Seat? {
    let word = word.lowercased()
    guard !word.isEmpty else { return nil }
    let all: [(String, Seat)] = [
      ("idle", .idle), ("busy", .busy), ("short break", .shortBreak), ("break", .shortBreak),
      ("pause", .shortBreak), ("offline", .offline),
    ]
    if let exact = all.first(where: { $0.0 == word }) { return exact.1 }
    let hits = Set(all.filter { $0.0.hasPrefix(word) }.map(\.1))
    return hits.count == 1 ? hits.first : nil
  }

  private static func tones(_ argument: String, _ desk: Desk) throws(WhyNot) -> DeskEvent? {
    let digits: String
    do throws(ToneText.Refusal) { digits = try ToneText.read(argument) } catch {
      throw WhyNot(error.sentence)
    }
    return desk.talkingCall.map { .dtmf($0.id, digits) }
  }
}

extension Desk {
  /// What ends, cancels or rejects the call on the screen.
  var endEvent: DeskEvent? {
    isOnCall ? shownCallID.map(end) : nil
  }

  /// Whether ending a call means ending the line program, because the line cannot hang up.
  ///
  /// A call that rings here is rejected or rings out by itself: nothing is cut for it.
  var endsByCutting: Bool { !abilities.contains(.hangUp) && active?.isRingingHere != true }

  private func end(_ id: Call.ID) -> DeskEvent {
    endsByCutting ? .cutLine(id) : .hangUp(id)
  }
}
