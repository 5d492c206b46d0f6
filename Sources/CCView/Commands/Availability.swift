// When a command works now, and if not, why not, in words.

import CCCore

extension CommandTable {
  /// Why a command cannot work now, as a sentence; nil if it can.
  ///
  /// Without a screen (plain mode, `--json`) what is typed is not looked at.
  public static func whyNot(_ name: CommandName, _ desk: Desk, _ screen: DeskScreen? = nil)
    -> String?
  {
    switch name {
    case .dial: desk.whyNotDial(screen)
    case .status: desk.whyNotStatus
    case .hold: desk.hasTwoTalking ? nil : desk.whyNotTalking(.hold, "hold a call")
    case .resume: desk.whyNotTalking(.hold, "hold a call")
    case .mute, .unmute: desk.whyNotTalking(.mute, "mute")
    case .keypad, .dtmf: desk.whyNotTalking(.dtmf, "send tones")
    case .transfer:
      desk.hasTwo ? nil : desk.whyNotTalking(.transfer, "transfer a call")
    case .join, .swap: desk.hasTwo ? nil : "There is no second call."
    case .answer: desk.whyNotAnswer
    case .more: desk.wrapUp == nil ? "No post-call time is running." : nil
    case .tryNow: desk.linkCanBeTried ? nil : "The link needs no trying."
    case .takeBack: desk.isEvicted ? nil : "Nobody else is signed in as you."
    case .hangUp, .reject: desk.whyNotHangUp
    case .suspend:
      desk.isOffline
        ? nil : "A suspended desk answers no calls; go offline first (F2)."
    case .nextField, .previousField, .earlier, .later, .help, .why, .quit, .cancel, .clear,
      .redraw, .info, .check, .note, .last, .quiet:
      nil
    }
  }
}

extension Desk {
  /// A call that waits for the agent's answer.
  var ringingHere: Call? {
    if let active, active.isRingingHere { return active }
    if let other, other.isRingingHere { return other }
    return nil
  }

  /// The active call while it talks.
  var talkingCall: Call? { active?.talk == nil ? nil : active }

  /// The attempt that no call has been seen of yet.
  var unseenAttempt: Attempt? { attempt.flatMap { $0.seen ? nil : $0 } }

  /// Whether a call is open or being opened.
  var isOnCall: Bool { hasOpenCall || attempt != nil }

  /// Whether there is a second call that is not one waiting for an answer.
  var hasTwo: Bool {
    active?.isOpen == true && other?.isOpen == true && active?.isRingingHere == false
      && other?.isRingingHere == false
  }

  /// Whether both calls talk, held or not, so that they can be swapped.
  var hasTwoTalking: Bool { active?.talk != nil && other?.talk != nil }

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
  var whyNotDialNow: String? {
    if ringingHere != nil { return "A call is coming in: F5 answers, F8 rejects." }
    if hasOpenCall { return "A call is open; F8 ends it." }
    if attempt != nil { return "Already calling; F8 cancels." }
    if case .off = link { return "You are offline; F2 i signs in." }
    if !link.isUp { return "No link: nothing can be dialled." }
    return whyNotDial?.string
  }

  fileprivate func whyNotDial(_ screen: DeskScreen?) -> String? {
    if let why = whyNotDialNow { return why }
    guard let screen else { return nil }
    do throws(DialNumber.Refusal) {
      _ = try DialNumber.clean(screen.dial.text)
      return nil
    } catch { return error.sentence }
  }

  fileprivate var whyNotStatus: String? {
    if isEvicted { return "Signed in elsewhere; F5 takes it back." }
    if seat.source == .line, link.isUp, !abilities.contains(.setSeat) {
      return "This line sets the status by itself."
    }
    return nil
  }

  fileprivate func whyNotTalking(_ ability: Abilities, _ words: String) -> String? {
    guard talkingCall != nil else { return "No call is talking." }
    return abilities.contains(ability) ? nil : "This line cannot \(words)."
  }

  fileprivate var whyNotAnswer: String? {
    if ringingHere != nil {
      return abilities.contains(.answer) ? nil : "This line cannot answer from here."
    }
    if wrapUp != nil || linkCanBeTried || isEvicted { return nil }
    if case .off = link { return "You are offline; F2 i signs in." }
    return "There is nothing to answer."
  }

  fileprivate var whyNotHangUp: String? {
    guard isOnCall else { return "No call is open." }
    if talkingCall == nil, ringingHere != nil, !abilities.contains(.reject),
      !abilities.contains(.hangUp)
    {
      return "This line cannot reject a call; it rings out by itself."
    }
    return nil
  }
}
