// Handing a call on: blind, or after asking; what the line says of it, and what becomes of the calls.

extension Desk {
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
    if !consult, !number.tones.isEmpty {
      return turn.notice(.warning, Self.blindWithTones(number))
    }
    if consult {
      memory.consulting = id
      memory.consultTones = number.tones
    } else {
      memory.handover = Handover(call: id, to: SafeText(DialNumber.grouped(number.digits)))
    }
    let command = command(consult ? .consult(id) : .other("transfer"))
    turn.ask(
      .send(.transfer(id: command, call: call.lineID, to: number.digits, consult: consult)))
  }

  mutating func join(_ id: Call.ID, _ turn: inout Turn) {
    guard let call = open(id, &turn), can(.transfer, "transfer", &turn) else { return }
    guard call.id == active?.id, call.talk != nil, let held = other, held.talk != nil else {
      return turn.notice(.warning, "There are no two talking calls to join.")
    }
    let (first, second) = call.isConsultation ? (held, call) : (call, held)
    memory.handover = Handover(
      call: first.id, to: second.party, second: second.id, from: first.party)
    turn.ask(
      .send(.join(id: command(.other("transfer")), call: held.lineID, with: call.lineID)))
  }

  /// `transfer`: how it goes.
  mutating func reportTransfer(
    _ line: String?, _ state: LineEvent.TransferState, _ reason: SafeText, _ turn: inout Turn
  ) {
    let told = [active, other].compactMap { $0 }.first { $0.isOpen && $0.lineID == line } ?? active
    switch state {
    case .trying: break
    case .done:
      if memory.handover == nil { handoverByLine(told) }
      memory.handover?.isDone = true
    case .failed:
      if other == nil { memory.consulting = nil }
      memory.handover = nil
    }
    turn.tell(.transfer(state, reason, call: line))
  }

  /// A line may hand on by itself: two calls are joined, and of one nobody here knows to whom.
  private mutating func handoverByLine(_ told: Call?) {
    guard let told, told.isOpen else { return }
    guard let active, let other, active.talk != nil, other.talk != nil else {
      return memory.handover = Handover(call: told.id, to: "")
    }
    let (first, second) =
      active.id.value < other.id.value ? (active, other) : (other, active)
    if second.direction == .out { change(second.id) { $0.isConsultation = true } }
    memory.handover = Handover(
      call: first.id, to: second.party, second: second.id, from: first.party)
  }

  /// How a call ends that was handed on; nil if it was not.
  func handover(of id: Call.ID) -> Call.Ender? {
    guard let handover = memory.handover, handover.isDone else { return nil }
    switch id {
    case handover.call: return .transferred(to: handover.to)
    case handover.second: return .transferred(to: handover.from)
    default: return nil
    }
  }
}
