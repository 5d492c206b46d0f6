// Typed words into wishes: the commands of plain mode, from the one table.

import CCCore
import CCView

/// Reads what was typed in plain mode and says what it comes to.
struct PlainCommands {
  /// What a typed line comes to.
  struct Answer: Hashable {
    /// What to say at once.
    var replies: [SafeText] = []
    /// What to tell the desk.
    var events: [DeskEvent] = []
    /// Whether the program is to end.
    var quits = false
  }

  /// The info that goes with the next dial.
  private(set) var info = ""
  private var question: Question?

  /// What is asked before it is done, as on the screen.
  private enum Question: Hashable {
    case quit
    case blindTransfer(Call.ID, to: String)
    /// Letters spell a number: the event with that.
    case offer(DeskEvent)
  }

  /// Takes one line; `speaker` gives `last` and keeps `quiet`.
  mutating func obey(
    _ line: String, _ desk: Desk, _ speaker: inout PlainSpeaker, at now: Instant, zone: Zone
  ) -> Answer {
    let line = line.split(separator: " ").joined(separator: " ")
    if let asked = question {
      question = nil
      let word = line.lowercased()
      if ["y", "yes"].contains(word) { return accept(asked) }
      // Another command is no answer: it leaves the question, as a function key does.
      if !["n", "no", ""].contains(word), case .command = CommandTable.match(word: line) {
        var answer = obey(line, desk, &speaker, at: now, zone: zone)
        answer.replies.insert(decline(asked), at: 0)
        return answer
      }
      return Answer(replies: [decline(asked)])
    }
    if line.isEmpty { return Answer() }
    switch CommandTable.match(word: line) {
    case .unknown where CommandTable.seat(word: line) != nil: return act(.status, line, desk)
    case .unknown: return reply("no such command: \(line). help lists them.")
    case .ambiguous(let words): return reply("which one: \(words.joined(separator: " or "))?")
    case .command(let name, let argument):
      return obey(name, argument, desk, &speaker, at: now, zone: zone)
    }
  }

  /// A dial went out: its info went with it.
  mutating func dialled() { info = "" }

  private mutating func obey(
    _ name: CommandName, _ argument: String, _ desk: Desk, _ speaker: inout PlainSpeaker,
    at now: Instant, zone: Zone
  ) -> Answer {
    switch name {
    case .help: return help(argument, desk)
    case .why: return Answer(replies: [desk.explain(at: now) { zone.minute($0, seenAt: now.unix) }])
    case .last: return Answer(replies: [speaker.last])
    case .recent: return recent(argument, desk, zone, at: now)
    case .quiet:
      speaker.isQuiet.toggle()
      return reply(
        speaker.isQuiet ? "quiet: only what asks for an answer. quiet again ends it." : "not quiet."
      )
    case .info: return setInfo(argument)
    case .check: return check(argument, desk)
    case .note: return note(argument, desk)
    case .status where argument.isEmpty:
      return Answer(replies: [SafeText(PlainWords.standing(desk, at: now), limit: 1000)])
    case .quit where desk.hasOpenCall || desk.attempt != nil:
      question = .quit
      return reply("A call is open. Quit and end it? y or n")
    case .quit: return Answer(quits: true)
    case .dial where argument.isEmpty: return reply("dial which number?")
    case .transfer where !argument.isEmpty: return askBlindTransfer(argument, desk)
    case .accept, .refuse:
      // Her word is on what was said last, which on the screen would stand below.
      guard let order = desk.orders.last?.order else { return act(name, argument, desk) }
      return Answer(events: [.decide(order.id, accepts: name == .accept)])
    default: return act(name, argument, desk)
    }
  }

  private func accept(_ question: Question) -> Answer {
    switch question {
    case .quit: Answer(quits: true)
    case .blindTransfer(let id, let number):
      Answer(events: [.transfer(id, to: number, consult: false)])
    case .offer(let event): Answer(events: [event])
    }
  }

  private func decline(_ question: Question) -> SafeText {
    switch question {
    case .quit: "not quit."
    case .blindTransfer: "not transferred."
    case .offer: "not dialled."
    }
  }

  /// A blind transfer cannot be taken back: it is asked, as on the screen.
  private mutating func askBlindTransfer(_ typed: String, _ desk: Desk) -> Answer {
    if let why = CommandTable.whyNot(.transfer, desk) { return reply(why) }
    guard let call = desk.talkingCall else { return reply("No call is talking.") }
    let number: DialNumber
    do throws(DialNumber.Refusal) {
      if let spelled = DialNumber.offer(for: typed) {
        number = spelled
      } else {
        number = try DialNumber.clean(typed)
      }
    } catch {
      return reply(error.sentence)
    }
    if !number.tones.isEmpty { return reply(Desk.blindWithTones(number)) }
    question = .blindTransfer(call.id, to: number.retyped)
    let digits = Spoken.digits(number.digits, in: desk.settings.numbering)
    return reply("transfer \(desk.party(of: call)) to \(digits) without asking there? y or n")
  }

  private mutating func act(_ name: CommandName, _ argument: String, _ desk: Desk) -> Answer {
    do throws(WhyNot) {
      let event = try CommandTable.event(for: name, argument: argument, info: info, desk)
      guard let event else { return reply("\(name.rawValue) means nothing here.") }
      if let (offered, spelled) = Self.offer(in: event) {
        question = .offer(offered)
        return reply("\(argument) spells \(spelled.spelledPreview). Dial that? y or n")
      }
      return Answer(replies: Self.already(event, desk).map { [$0] } ?? [], events: [event])
    } catch {
      return reply(error.words)
    }
  }

  /// What is said of a wish that changes nothing; nil: its fact says it.
  private static func already(_ event: DeskEvent, _ desk: Desk) -> SafeText? {
    guard case .choose(let seat) = event else { return nil }
    if desk.seat.pending == seat { return SafeText("next: \(seat.name) already.") }
    guard desk.seat.seat == seat, desk.seat.pending == nil, desk.wrapUp == nil,
      !desk.hasOpenCall, desk.attempt == nil, seat != .offline
    else { return nil }
    return SafeText("\(seat.name) already.")
  }

  private mutating func setInfo(_ text: String) -> Answer {
    if !text.isEmpty {
      let cut = InfoText.cut(text)
      info = cut.text
      let tail = cut.wasCut ? ", the rest is cut." : "."
      return reply("info: \(InfoText.units(info)) of \(InfoText.limit)\(tail)")
    }
    return info.isEmpty
      ? reply("no info.") : Answer(replies: [SafeText("info: \(info)", limit: 1100)])
  }

  /// The same wish with the number that its letters spell; nil where there is none to offer.
  private static func offer(in event: DeskEvent) -> (DeskEvent, DialNumber)? {
    switch event {
    case .dial(let phone, let info):
      DialNumber.offer(for: phone).map { (.dial(phone: $0.retyped, info: info), $0) }
    case .transfer(let id, let to, let consult):
      DialNumber.offer(for: to).map { (.transfer(id, to: $0.retyped, consult: consult), $0) }
    default: nil
    }
  }

  private func check(_ typed: String, _ desk: Desk) -> Answer {
    do throws(DialNumber.Refusal) {
      let number = try DialNumber.clean(typed)
      let digits = Spoken.digits(number.digits, in: desk.settings.numbering)
      return reply("would send \(digits)\(PlainWords.then(number.tones)).")
    } catch {
      return reply(error.sentence)
    }
  }

  private func note(_ text: String, _ desk: Desk) -> Answer {
    guard let id = desk.shownCallID ?? desk.recent.first?.id else {
      return reply("no call to note this for.")
    }
    if text.isEmpty {
      let note = desk.note(of: id)
      return note.isEmpty
        ? reply("no note.") : Answer(replies: [SafeText("note: \(note)", limit: 1100)])
    }
    let cut = InfoText.cut(text)
    let tail = cut.wasCut ? ", the rest is cut." : "."
    return Answer(
      replies: [SafeText("note: \(InfoText.units(cut.text)) of \(InfoText.limit)\(tail)")],
      events: [.note(id, cut.text)])
  }

  private func recent(
    _ argument: String, _ desk: Desk, _ zone: Zone, at now: Instant
  ) -> Answer {
    if desk.recent.isEmpty { return reply("no calls yet.") }
    let count = max(1, Int(argument) ?? 5)
    return Answer(
      replies: desk.recentLines.prefix(count).map {
        SafeText(PlainWords.record($0, desk, zone, at: now))
      })
  }

  /// The commands that do something as things stand.
  private func possible(_ desk: Desk) -> [String] {
    let talk = desk.active?.talk
    let names: [CommandName] = [
      .dial, .answer, .reject, .hangUp, talk?.heldSince == nil ? .hold : .resume,
      talk?.muted == true ? .unmute : .mute, .dtmf, .then, .transfer, .consult, .join, .swap, .more,
      .tryNow, .takeBack, .accept, .refuse, .status, .info, .check, .note, .why, .quit,
    ]
    return names.filter { name in
      if name == .note, desk.shownCallID ?? desk.recent.first?.id == nil { return false }
      // In post-call the table's answer is the key that adds time; by word that is more.
      if name == .answer, !desk.isRungAt { return false }
      return CommandTable.whyNot(name, desk) == nil
    }.map { CommandTable.row($0).words[0] }
  }

  private func help(_ word: String, _ desk: Desk) -> Answer {
    let rows = CommandTable.rows.filter { !$0.words.isEmpty }
    if !word.isEmpty, case .command(let name, _) = CommandTable.match(word: word) {
      let row = CommandTable.row(name)
      return reply("\(row.words.joined(separator: " or ")): \(row.spoken).")
    }
    let now = "possible now: \(possible(desk).joined(separator: ", "))."
    return Answer(
      replies: [SafeText(now)] + rows.map { SafeText("\($0.words[0]): \($0.spoken).") })
  }

  private func reply(_ text: String) -> Answer {
    Answer(replies: [SafeText(text)])
  }
}

extension Desk {
  /// Whether a call waits for an answer here.
  fileprivate var isRungAt: Bool { openCalls.contains(where: \.isRingingHere) }
}
