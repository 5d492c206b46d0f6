// What the agent asks of a call: each names its call and never hits another (design rule 9).

extension Desk {
  /// The open call with this id, or nil after saying that there is none any more.
  func open(_ id: Call.ID, _ turn: inout Turn) -> Call? {
    guard let call = call(id), call.isOpen else {
      turn.notice(.warning, "The call has changed: nothing was done.")
      return nil
    }
    return call
  }

  /// Whether the line can do it; says so if not.
  func can(_ ability: Abilities, _ what: String, _ turn: inout Turn) -> Bool {
    guard abilities.contains(ability) else {
      turn.notice(.warning, "This line cannot \(what).")
      return false
    }
    return true
  }

  mutating func hangUp(_ id: Call.ID, by ender: Call.Ender = .agent, _ turn: inout Turn) {
    if unseenAttempt?.callID == id { return cancelDial(&turn) }
    guard let call = open(id, &turn) else { return }
    if call.isRingingHere {
      guard can(.reject, "reject a call", &turn) else { return }
      turn.ask(.send(.reject(id: command(.reject(id)), call: call.lineID)))
    } else {
      guard can(.hangUp, "hang up", &turn) else { return }
      turn.ask(.send(.hangUp(id: command(.hangUp(id)), call: call.lineID)))
    }
    change(id) { $0.endAskedBy = ender }
  }

  mutating func cutLine(_ id: Call.ID, _ turn: inout Turn) {
    let isDialled = attempt?.callID == id
    guard isDialled || open(id, &turn) != nil else { return }
    stopLine(&turn)
  }

  mutating func answer(_ id: Call.ID, _ turn: inout Turn) {
    guard let call = open(id, &turn) else { return }
    guard call.isRingingHere else { return turn.notice(.warning, "There is no call to answer.") }
    guard can(.answer, "answer", &turn) else { return }
    for talking in openCalls where talking.talk != nil && !talking.isHeld {
      hold(talking.id, true, &turn)
    }
    turn.ask(.send(.answer(id: command(.answer(id)), call: call.lineID)))
  }

  mutating func hold(_ id: Call.ID, _ on: Bool, _ turn: inout Turn) {
    guard let call = open(id, &turn), can(.hold, "hold a call", &turn) else { return }
    guard call.talk != nil else { return turn.notice(.warning, "Only a talking call can be held.") }
    turn.ask(.send(.hold(id: command(.hold(id, on)), call: call.lineID, on: on)))
  }

  mutating func mute(_ id: Call.ID, _ on: Bool, _ turn: inout Turn) {
    guard let call = open(id, &turn), can(.mute, "mute", &turn) else { return }
    guard call.talk != nil else {
      return turn.notice(.warning, "Only a talking call can be muted.")
    }
    turn.ask(.send(.mute(id: command(.mute(id, on)), call: call.lineID, on: on)))
  }

  /// Brings the next call onto the panel.
  ///
  /// Where both talk, the line is asked to hold the one and to resume the other, and the panel follows
  /// when the other is resumed: until then the voice is still the first one's.
  mutating func swap(_ id: Call.ID, _ turn: inout Turn) {
    let next = others.first { !$0.isRingingHere } ?? other
    guard let call = open(id, &turn), let second = next, call.id == active?.id
    else { return turn.notice(.warning, "There is no second call.") }
    if second.isRingingHere { return answer(second.id, &turn) }
    let holds = call.talk != nil && !call.isHeld && second.talk != nil
    if holds { hold(call.id, true, &turn) }
    if second.isHeld { return hold(second.id, false, &turn) }
    makeActive(second.id)
    turn.tell(.call(second))
  }

  mutating func sendTones(_ typed: String, to id: Call.ID, _ turn: inout Turn) {
    guard let call = open(id, &turn), can(.dtmf, "send tones", &turn) else { return }
    guard call.talk != nil else { return turn.notice(.warning, "Tones need a talking call.") }
    let digits: String
    do throws(ToneText.Refusal) { digits = try ToneText.read(typed) } catch {
      return turn.notice(.warning, error.sentence)
    }
    turn.ask(.send(.dtmf(id: command(.tones), call: call.lineID, digits: digits)))
    turn.tell(.tones(digits))
  }
}
