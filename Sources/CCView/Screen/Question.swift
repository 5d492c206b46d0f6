// A question in the message row, answered by a y or n that stands alone and by nothing else.

import CCCore

/// What is asked before it is done (screens rule 9).
struct Question: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case quit
    case offline
    case blindTransfer(Call.ID, to: String)
    case cutLine(Call.ID)
  }

  var kind: Kind
  var since: Instant
  /// The key that raised it: pressing it again answers nothing.
  var raisedBy: Key?
  /// Tells the letter that answers from those of a text.
  var letter: LoneLetter

  init(kind: Kind, since: Instant, raisedBy: Key?) {
    self.kind = kind
    self.since = since
    self.raisedBy = raisedBy
    letter = LoneLetter(asked: since)
  }

  /// How long it is deaf: what was typed before it could be read is no answer.
  static let deafFor = 300 * Instant.millisecond

  /// The call it is about; nil if about none.
  var call: Call.ID? {
    switch kind {
    case .blindTransfer(let id, _), .cutLine(let id): id
    case .quit, .offline: nil
    }
  }

  /// The same where there is little room; the last is for 20 columns.
  var short: [String] {
    switch kind {
    case .quit: ["Quit? y/n"]
    case .offline: ["Go offline? y/n"]
    case .blindTransfer(_, let number):
      [
        "Transfer blind to \(DialNumber.grouped(SafeText(number).string))? y/n",
        "Blind to \(DialNumber.grouped(SafeText(number).string))? y/n", "Transfer blind? y/n",
      ]
    case .cutLine: ["Cut the line? y/n"]
    }
  }

  /// The question as it stands in the message row.
  func words(_ desk: Desk) -> String {
    switch kind {
    case .quit:
      desk.isOnCall
        ? "Quit? The call ends and the desk goes offline. y/n" : "Quit? The desk goes offline. y/n"
    case .offline:
      desk.isOnCall
        ? "Offline after this call? y/n" : "Go offline? No call will come in. y/n"
    case .blindTransfer(_, let number):
      "Transfer to \(DialNumber.grouped(SafeText(number).string)) without asking there? y/n"
    case .cutLine:
      "Cut the line? The call drops; the line is back in seconds. y/n"
    }
  }
}

extension DeskScreen {
  /// A key while a question is open; nil: the question lets it through.
  ///
  /// Text takes the question away, undone, and goes where it would have gone without it.
  mutating func answer(_ question: Question, with key: Key, _ desk: Desk, at now: Instant)
    -> [ScreenRequest]?
  {
    switch key {
    case .character(let character):
      guard let text = self.question?.letter.type(character, at: now) else { return [] }
      return typeOn(text.map { .character($0) }, desk, at: now)
    case .paste(let pasted):
      guard let text = self.question?.letter.paste(pasted, at: now) else { return [] }
      return typeOn([.paste(text)], desk, at: now)
    case .escape:
      self.question = nil
      return []
    case .function, .control("q"), .control("l"):
      self.question?.letter.take(key, at: now)
      guard key != question.raisedBy else { return [] }
      self.question = nil
      return nil
    default:
      self.question?.letter.take(key, at: now)
      return []
    }
  }

  /// Who types on has not seen the question: nothing is done, and no letter is lost.
  private mutating func typeOn(_ keys: [Key], _ desk: Desk, at now: Instant) -> [ScreenRequest] {
    question = nil
    say(.info, "You typed on; nothing was done.", at: now)
    return keys.flatMap { press($0, desk, at: now, behind: overlay) }
  }

  /// Does what a letter asks that has stood alone.
  mutating func answerDue(_ desk: Desk, at now: Instant) -> [ScreenRequest] {
    guard let question, let letter = self.question?.letter.due(at: now) else { return [] }
    self.question = nil
    return letter == "y" ? carryOut(question.kind, desk, at: now) : []
  }

  private mutating func carryOut(_ kind: Question.Kind, _ desk: Desk, at now: Instant)
    -> [ScreenRequest]
  {
    switch kind {
    case .quit: return saveNote() + [.quit]
    case .offline: return [.desk(.choose(.offline))]
    case .blindTransfer(let id, let number):
      guard desk.call(id)?.isOpen == true else { return callHasChanged(at: now) }
      overlay = nil
      return [.desk(.transfer(id, to: number, consult: false))]
    case .cutLine(let id):
      guard desk.shownCallID == id, desk.isOnCall else { return callHasChanged(at: now) }
      return [.desk(.cutLine(id))]
    }
  }

  mutating func ask(_ kind: Question.Kind, at now: Instant) -> [ScreenRequest] {
    question = Question(kind: kind, since: now, raisedBy: lastKey)
    message = nil
    // What is typed on behind a question must not find a menu there.
    if case .status = overlay { overlay = nil }
    return []
  }

  mutating func callHasChanged(at now: Instant) -> [ScreenRequest] {
    say(.warning, "The call has changed; nothing was done.", at: now)
    return []
  }
}
