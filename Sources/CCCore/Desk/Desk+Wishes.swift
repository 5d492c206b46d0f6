// What the agent asks of a call: each names its call and never hits another (design rule 9).

extension Desk {
  /// The open call with this id, or nil after saying that there is none any more.
  private func open(_ id: Call.ID, _ turn: inout Turn) -> Call? {
    guard let call = call(id), call.isOpen else {
      turn.notice(.warning, "The call has changed: nothing was done.")
      return nil
    }
    return call
  }

  /// Whether the line can do it; says so if not.
  private func can(_ ability: Abilities, _ what: String, _ turn: inout Turn) -> Bool {
    guard abilities.contains(ability) else {
      turn.notice(.warning, "This line cannot \(what).")
      return false
    }
    return true
  }

  mutating func hangUp(_ id: Call.ID, _ turn: inout Turn) {
    if let attempt, attempt.callID == id, !attempt.seen { return cancelDial(&turn) }
    guard let call = open(id, &turn) else { return }
    if call.isRingingHere {
      guard can(.reject, "reject a call", &turn) else { return }
      turn.ask(.send(.reject(id: command(.other("reject")), call: call.lineID)))
    } else {
      guard can(.hangUp, "hang up", &turn) else { return }
      turn.ask(.send(.hangUp(id: command(.other("hang up")), call: call.lineID)))
    }
    change(id) { $0.hangUpAsked = true }
  }

  mutating func cutLine(_ id: Call.ID, _ turn: inout Turn) {
    let isDialled = attempt?.callID == id
    guard isDialled || open(id, &turn) != nil else { return }
    memory.restarts = true
    turn.ask(.stopLine)
  }

  mutating func answer(_ id: Call.ID, _ turn: inout Turn) {
    guard let call = open(id, &turn) else { return }
    guard call.isRingingHere else { return turn.notice(.warning, "There is no call to answer.") }
    guard can(.answer, "answer", &turn) else { return }
    if let talking = active, talking.id != id, talking.talk?.heldSince == nil, talking.talk != nil {
      hold(talking.id, true, &turn)
    }
    turn.cancel(.ringBell)
    turn.ask(.send(.answer(id: command(.other("answer")), call: call.lineID)))
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

  mutating func swap(_ id: Call.ID, _ turn: inout Turn) {
    guard let call = open(id, &turn), let second = other, second.isOpen, call.id == active?.id
    else { return turn.notice(.warning, "There is no second call.") }
    if second.isRingingHere { return answer(second.id, &turn) }
    hold(call.id, true, &turn)
    hold(second.id, false, &turn)
    makeActive(second.id)
    turn.tell(.call(second))
  }

  mutating func sendTones(_ digits: String, to id: Call.ID, _ turn: inout Turn) {
    guard let call = open(id, &turn), can(.dtmf, "send tones", &turn) else { return }
    guard call.talk != nil else { return turn.notice(.warning, "Tones need a talking call.") }
    guard !digits.isEmpty, digits.utf8.count <= 64,
      digits.unicodeScalars.allSatisfy("0123456789*#ABCD".unicodeScalars.contains)
    else { return turn.notice(.warning, "Tones are 0 to 9, *, # and A to D.") }
    turn.ask(.send(.dtmf(id: command(.other("tones")), call: call.lineID, digits: digits)))
    turn.tell(.tones(digits))
  }

  mutating func transfer(_ id: Call.ID, to typed: String, consult: Bool, _ turn: inout Turn) {
    guard let call = open(id, &turn), can(.transfer, "transfer", &turn) else { return }
    guard call.talk != nil else {
      return turn.notice(.warning, "Only a talking call can be transferred.")
    }
    guard other?.isOpen != true else { return turn.notice(.warning, "Two calls are open already.") }
    let number: DialNumber
    do throws(DialNumber.Refusal) {
      number = try DialNumber.clean(typed)
    } catch {
      return turn.notice(.warning, error.sentence)
    }
    if consult { memory.consulting = id }
    let command = command(consult ? .consult(id) : .other("transfer"))
    turn.ask(
      .send(.transfer(id: command, call: call.lineID, to: number.digits, consult: consult)))
  }

  mutating func join(_ id: Call.ID, _ turn: inout Turn) {
    guard let call = open(id, &turn), can(.transfer, "transfer", &turn) else { return }
    guard call.id == active?.id, call.talk != nil, let held = other, held.talk != nil else {
      return turn.notice(.warning, "There are no two talking calls to join.")
    }
    turn.ask(
      .send(.join(id: command(.other("transfer")), call: held.lineID, with: call.lineID)))
  }
}
