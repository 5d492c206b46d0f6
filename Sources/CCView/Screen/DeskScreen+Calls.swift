// The commands that act on a call.

import CCCore

extension DeskScreen {
  /// Carries out a command that has been found possible, on the call that is on the screen.
  mutating func handleCall(_ name: CommandName, _ desk: Desk, at now: Instant) -> [ScreenRequest] {
    switch name {
    case .hold, .swap, .resume:
      guard let call = desk.active else { return [] }
      if desk.hasTwo { return [.desk(.swap(call.id))] }
      return call.talk == nil ? [] : [.desk(.hold(call.id, !call.isHeld))]
    case .mute, .unmute:
      guard let call = desk.active, let talk = call.talk else { return [] }
      return [.desk(.mute(call.id, !talk.muted))]
    case .answer: return answerOrMore(desk)
    case .keypad: return openKeypad(desk, at: now)
    case .transfer: return transfer(desk, at: now)
    case .join:
      return desk.active.map { [.desk(.join($0.id))] } ?? []
    case .reject: return desk.ringingHere.map { [.desk(.hangUp($0.id))] } ?? []
    case .hangUp:
      guard let event = desk.endEvent else { return [] }
      if case .cutLine(let id) = event { return ask(.cutLine(id), at: now) }
      return [.desk(event)]
    case .more: return [.desk(.extendWrapUp)]
    case .tryNow: return [.desk(.tryNow)]
    case .takeBack: return [.desk(.takeBack)]
    default: return []
    }
  }

  /// F5: the call that rings comes first, then the link, then the time.
  private mutating func answerOrMore(_ desk: Desk) -> [ScreenRequest] {
    if let call = desk.ringingHere {
      answering = call.id
      return saveNote() + [.desk(.answer(call.id))]
    }
    if desk.isEvicted { return [.desk(.takeBack)] }
    if desk.linkCanBeTried { return [.desk(.tryNow)] }
    return desk.wrapUp == nil ? [] : [.desk(.extendWrapUp)]
  }

  private mutating func openKeypad(_ desk: Desk, at now: Instant) -> [ScreenRequest] {
    guard let call = desk.talkingCall else { return [] }
    if call.nextTones != nil { return [.desk(.sendKept(call.id))] }
    if case .keypad = overlay {
      overlay = nil
    } else {
      overlay = .keypad(Keypad(call: call.id, sent: "", lastKey: now))
    }
    return []
  }

  /// F7: opens the prompt; with a number in it, asks for a blind transfer; with two calls, joins.
  private mutating func transfer(_ desk: Desk, at now: Instant) -> [ScreenRequest] {
    guard let call = desk.active else { return [] }
    if desk.hasTwo {
      overlay = nil
      return [.desk(.join(call.id))]
    }
    guard case .transfer(let prompt) = overlay, prompt.call == call.id else {
      overlay = .transfer(TransferPrompt(call: call.id, number: Field(.line, limit: 256)))
      return []
    }
    if prompt.number.isEmpty {
      overlay = nil
      return []
    }
    guard let number = number(of: prompt, "F7 again sends to", at: now) else { return [] }
    if let cleaned = try? DialNumber.clean(number), !cleaned.tones.isEmpty {
      say(.warning, Desk.blindWithTones(cleaned), at: now)
      return []
    }
    return ask(.blindTransfer(call.id, to: number), at: now)
  }

  /// Enter in the transfer prompt: ask there first, the customer on hold.
  mutating func consult(_ prompt: TransferPrompt, _ desk: Desk, at now: Instant)
    -> [ScreenRequest]
  {
    guard let number = number(of: prompt, "Enter again calls", at: now) else { return [] }
    guard desk.active?.id == prompt.call, desk.talkingCall != nil else {
      overlay = nil
      return callHasChanged(at: now)
    }
    overlay = nil
    return [.desk(.transfer(prompt.call, to: number, consult: true))]
  }

  /// The number in the prompt; `again`: what the same key does with one that letters spell.
  private mutating func number(of prompt: TransferPrompt, _ again: String, at now: Instant)
    -> String?
  {
    do throws(DialNumber.Refusal) {
      let number = try DialNumber.clean(prompt.number.text)
      return number.tones.isEmpty ? number.digits : number.retyped
    } catch {
      if case .letters(let offered) = error {
        if message?.offer == offered, prompt.offered == again { return offered.retyped }
        offer(offered, for: prompt.number.text, again, at: now)
        overlay = .transfer(
          TransferPrompt(call: prompt.call, number: prompt.number, offered: again))
        return nil
      }
      say(.warning, error.sentence, at: now)
      return nil
    }
  }
}
