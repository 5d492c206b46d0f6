// What is on the desk's screen and not in the world: focus, texts, menus, questions, the message row.

import CCCore

/// The screen's own state beside a `Desk` (design section 3).
///
/// It is told of keys and of what happened, and returns what it asks of the world. It reads no clock
/// and draws nothing: `DeskRenderer` does that.
public struct DeskScreen: Hashable, Sendable {
  /// The field that has the keyboard.
  public enum Focus: Hashable, Sendable {
    case dial
    case info
    case note
  }

  /// What lies over the fields.
  enum Overlay: Hashable, Sendable {
    /// All commands; the first row shown.
    case help(top: Int)
    /// The status menu, with the moment it opened.
    case status(since: Instant)
    /// The keypad.
    case keypad(Keypad)
    /// The transfer prompt.
    case transfer(TransferPrompt)
    /// `^X` was pressed.
    case prefix
  }

  /// The keypad: the tones sent while it has been open.
  struct Keypad: Hashable, Sendable {
    var call: Call.ID
    var sent: String
    var lastKey: Instant
  }

  /// The transfer prompt.
  struct TransferPrompt: Hashable, Sendable {
    var call: Call.ID
    var number: Field
    /// Which key was offered a number that letters spell.
    var offered: String?
  }

  /// A line for the message row.
  struct Message: Hashable, Sendable {
    enum Content: Hashable, Sendable {
      case text(SafeText)
      /// F9: told anew with every picture, so that its ages are true.
      case why
    }

    var level: NoticeLevel
    var content: Content
    var since: Instant
    /// Whether it answers a key and is true of that moment only: it goes when the world moves on.
    var answersKey = false
    /// The number that the same key takes while this stands (letters spell it).
    var offer: DialNumber?
    /// Whether it is a warning of the line, which the line may take back.
    var isOfLine = false
    /// The call that it is about: it goes with that call.
    var call: Call.ID?
  }

  /// What was on the screen when it was drawn last.
  struct Seen: Hashable, Sendable {
    var call: Call.ID?
    var other: Call.ID?
    /// The supervisor's order in the message row.
    var order: String?
  }

  /// What was being typed when a call was answered; it comes back when that call's note is closed.
  struct Parked: Hashable, Sendable {
    var number: String
    var info: String
    var call: Call.ID
  }

  /// The field that has the keyboard.
  public internal(set) var focus = Focus.dial {
    didSet { if focus != .dial { showsNote = focus == .note } }
  }
  /// The number being typed.
  public internal(set) var dial = Field(.line, limit: 256)
  /// The info for the next call.
  public internal(set) var info = Field(.area)
  /// The note of the call `noteOf`.
  public internal(set) var note = Field(.area)
  /// The call whose note is open; from its dial or answer to the next one.
  public internal(set) var noteOf: Call.ID?

  var overlay: Overlay?
  var question: Question?
  var message: Message?
  var parked: Parked?
  var seen: Seen?
  /// The width of the Info panel's text, for Up and Down.
  var infoWidth = 76
  /// How many lines of help are seen, for PgUp and PgDn.
  var helpLines = 13
  /// Which number of Recent is in Dial, and what was typed before.
  var history: History?
  /// The note as it was told to the desk last.
  var noteSaved = ""
  /// Notes of calls that were pushed aside without a key, to be told at the next one.
  var unsaved: [DeskEvent] = []
  var lastKey: Key?
  var held = HeldKey()
  var waiting: Waiting?
  var lastClear: Instant?
  /// When a call went away that she did not end: an Enter that was on its way then is none to dial.
  var callWentAt: Instant?
  /// When the status menu closed by itself: a letter that was on its way is not for the field.
  var menuClosedAt: Instant?
  /// The inbound call that the agent's own key answered.
  var answering: Call.ID?

  /// A key that may be a repeat, and what was on the screen when it came.
  struct Waiting: Hashable, Sendable {
    var key: Key
    var seen: Seen?
    var until: Int64
  }

  struct History: Hashable, Sendable {
    var index: Int
    var draft: String
  }

  /// A screen as it is at the start: the cursor in Dial.
  public init() {}

  /// Says that this desk has been drawn: from now on keys are meant for what it showed (design rule 9).
  public mutating func drawn(_ desk: Desk, size: Size) {
    seen = Seen(
      call: desk.shownCallID, other: desk.other?.id, order: desk.orders.first?.order.id)
    let layout = Layout(size)
    infoWidth = max(1, layout.infoTextWidth)
    helpLines = layout.helpLines
  }

  /// Whether the shared panel below Dial shows the note, not the info: the one that was there last.
  var showsNote = false

  /// The places of Tab, in their order.
  func stops(_ desk: Desk) -> [Focus] {
    guard let noteOf else { return [.dial, .info] }
    let over = desk.call(noteOf)?.isOpen != true && desk.attempt?.callID != noteOf
    return over || !info.isEmpty || focus == .info ? [.dial, .info, .note] : [.dial, .note]
  }

  /// The field in focus.
  var field: Field {
    get {
      switch focus {
      case .dial: dial
      case .info: info
      case .note: note
      }
    }
    set {
      switch focus {
      case .dial: dial = newValue
      case .info: info = newValue
      case .note: note = newValue
      }
    }
  }

  /// Offers the number that letters spell: only the same key again takes it, while this is shown.
  mutating func offer(_ number: DialNumber, for typed: String, _ what: String, at now: Instant) {
    say(.warning, "\(typed): \(what) \(number.spelledPreview).", at: now)
    message?.offer = number
  }

  /// Answers a key in the message row.
  mutating func say(_ level: NoticeLevel, _ text: String, at now: Instant) {
    message = Message(
      level: level, content: .text(SafeText(text)), since: now, answersKey: true)
  }
}
