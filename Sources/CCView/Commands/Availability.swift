// When a command works now, and if not, why not, in words.

import CCCore

extension CommandTable {
  /// Why a command cannot work now, as a sentence; nil if it can.
  ///
  /// Without a screen (plain mode, `--json`) what is typed is not looked at, and the cures it names
  /// are words instead of keys.
  public static func whyNot(_ name: CommandName, _ desk: Desk, _ screen: DeskScreen? = nil)
    -> String?
  {
    let cures = screen == nil ? Cures.words : Cures.keys
    return switch name {
    case .dial: desk.whyNotDial(screen, cures)
    case .status: desk.whyNotStatus(cures)
    case .hold: desk.hasTwo ? desk.whyNotSwap : desk.whyNotTalking(.hold, "hold a call")
    case .resume: desk.whyNotTalking(.hold, "hold a call")
    case .mute, .unmute: desk.whyNotTalking(.mute, "mute")
    case .keypad, .dtmf: desk.whyNotTalking(.dtmf, "send tones")
    case .then: desk.whyNotThen
    case .transfer:
      desk.hasTwo ? desk.whyNotTwo : desk.whyNotTalking(.transfer, "transfer a call")
    case .consult:
      desk.hasTwo ? "Two calls are open already." : desk.whyNotTalking(.transfer, "transfer a call")
    case .join: desk.whyNotTwo
    case .swap: desk.whyNotSwap
    case .answer: desk.whyNotAnswer(cures)
    case .more: desk.wrapUp == nil ? "No post-call time is running." : nil
    case .tryNow: desk.linkCanBeTried ? nil : "The link needs no trying."
    case .takeBack: desk.isEvicted ? nil : "Nobody else is signed in as you."
    case .hangUp: desk.whyNotHangUp
    case .reject: desk.ringingHere == nil ? "No call rings here." : desk.whyNotReject
    case .accept, .refuse: desk.orders.isEmpty ? "No supervisor asks anything of you." : nil
    case .suspend:
      desk.isOffline
        ? nil : "A suspended desk answers no calls; go offline first (\(cures(.status)))."
    case .nextField, .previousField, .earlier, .later, .help, .why, .quit, .cancel, .clear,
      .redraw, .info, .check, .note, .last, .recent, .quiet:
      nil
    }
  }
}

/// How a sentence names the command that helps: by its key, or by its word where there are no keys.
enum Cures {
  case keys
  case words

  /// `F8`, or `hang up`.
  func callAsFunction(_ name: CommandName) -> String {
    let row = CommandTable.row(name)
    return self == .keys ? row.keyLabel : row.words.first ?? row.keyLabel
  }
}

extension Desk {
  /// A call that waits for the agent's answer.
  var ringingHere: Call? {
    openCalls.first(where: \.isRingingHere)
  }

  /// The active call while it talks.
  public var talkingCall: Call? { active?.talk == nil ? nil : active }

  /// Whether there is a second call that is not one waiting for an answer.
  var hasTwo: Bool {
    openCalls.count { !$0.isRingingHere } > 1
  }

  /// Whether both calls talk, held or not, so that they can be swapped.
  var hasTwoTalking: Bool { active?.talk != nil && others.contains { $0.talk != nil } }

  /// Whether the seat is signed in elsewhere.
  var isEvicted: Bool { if case .evicted = link { true } else { false } }

  /// Whether the agent is offline by choice.
  var isOffline: Bool {
    if case .off = link { true } else { seat.seat == .offline }
  }

  /// Whether F5 may try the link.
  var linkCanBeTried: Bool {
    switch link {
    case .down, .stopped: true
    case .connecting, .up, .evicted, .off: false
    }
  }

  /// Why nothing can be dialled, whatever is typed.
  func whyNotDialNow(_ cures: Cures = .keys) -> String? {
    if ringingHere != nil {
      return cures == .keys
        ? "A call is coming in: F5 answers, F8 rejects." : "A call is coming in: answer or reject?"
    }
    if hasOpenCall { return "A call is open; \(cures(.hangUp)) ends it." }
    if attempt != nil { return "Already calling; \(cures(.hangUp)) cancels." }
    if case .off = link { return offlineWords(cures) }
    if !link.isUp { return "No link: nothing can be dialled." }
    return whyNotDial?.string
  }

  private func offlineWords(_ cures: Cures) -> String {
    "You are offline; \(cures(.status)) \(cures == .keys ? "i" : "idle") signs in."
  }

  fileprivate func whyNotDial(_ screen: DeskScreen?, _ cures: Cures) -> String? {
    if let why = whyNotDialNow(cures) { return why }
    guard let screen else { return nil }
    do throws(DialNumber.Refusal) {
      _ = try DialNumber.clean(screen.dial.text)
      return nil
    } catch { return error.sentence }
  }

  fileprivate func whyNotStatus(_ cures: Cures) -> String? {
    if isEvicted {
      let cure = cures == .keys ? "F5 takes it back" : "take back signs in again"
      return "Signed in elsewhere; \(cure)."
    }
    if seat.source == .line, link.isUp, !abilities.contains(.setSeat) {
      let place = program == "sdk" ? "; choose it in its window" : ""
      return "This line sets the status by itself\(place)."
    }
    return nil
  }

  fileprivate func whyNotTalking(_ ability: Abilities, _ words: String) -> String? {
    guard talkingCall != nil else { return "No call is talking." }
    return abilities.contains(ability) ? nil : "This line cannot \(words)\(elsewhere)."
  }

  /// Where it can be done all the same: what the vendor's SDK documents no command for has a button.
  private var elsewhere: String { program == "sdk" ? "; its window in the browser can" : "" }

  fileprivate var whyNotThen: String? {
    if let why = whyNotTalking(.dtmf, "send tones") { return why }
    return active?.nextTones == nil ? "Nothing was dialled behind the number." : nil
  }

  fileprivate func whyNotAnswer(_ cures: Cures) -> String? {
    if ringingHere != nil {
      return abilities.contains(.answer)
        ? nil : "This line cannot answer\(elsewhere.isEmpty ? " from here" : elsewhere)."
    }
    if wrapUp != nil || linkCanBeTried || isEvicted { return nil }
    if case .off = link { return offlineWords(cures) }
    return "There is nothing to answer."
  }

  fileprivate var whyNotHangUp: String? {
    guard isOnCall else { return "No call is open." }
    return active?.isRingingHere == true ? whyNotReject : nil
  }

  fileprivate var whyNotReject: String? {
    abilities.contains(.reject) ? nil : "This line cannot reject a call; it rings out by itself."
  }

  /// Why no other call can be brought onto the panel.
  fileprivate var whyNotSwap: String? {
    guard hasTwo else { return "There is no second call." }
    if let active, active.isConsultation, active.talk == nil, others.count == 1 {
      return "\(party(of: active)) has not answered yet."
    }
    return hasTwoTalking && !abilities.contains(.hold)
      ? "This line cannot hold a call\(elsewhere)." : nil
  }

  /// Why two calls cannot be joined.
  fileprivate var whyNotTwo: String? {
    guard hasTwo, let active else { return "There is no second call." }
    if hasTwoTalking { return nil }
    let silent = active.talk == nil ? active : others.first { $0.talk == nil } ?? active
    return "\(party(of: silent)) has not answered yet."
  }
}
