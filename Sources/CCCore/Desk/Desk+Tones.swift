// Tones that were dialled with a number: kept until its call talks, sent by the agent's key.

extension Desk {
  /// The tones that a new call brings along: those of its dial, or of the consultation asked for.
  func keptTones(for call: Call) -> String {
    if let attempt, call.attempt == attempt.id { return attempt.tones }
    return call.isConsultation ? memory.transfer.consultation?.tones ?? "" : ""
  }

  /// Sends the next tones that were dialled with the number, up to the next pause.
  ///
  /// The agent says when: what answers first is often a voice that talks for a while.
  mutating func sendKept(_ id: Call.ID, _ turn: inout Turn) {
    guard let call = open(id, &turn), can(.dtmf, "send tones", &turn) else { return }
    guard let tones = call.nextTones else {
      return turn.notice(.warning, "Nothing was dialled behind the number.")
    }
    guard call.talk != nil else { return turn.notice(.warning, "Tones need a talking call.") }
    change(id) {
      $0.tones = $0.tones.split(separator: ",").dropFirst().joined(separator: ",")
      if let returned = $0.returned {
        $0.returned = returned.count > 1 ? Array(returned.dropFirst()) : nil
      }
    }
    turn.ask(.send(.dtmf(id: command(.kept(id, tones)), call: call.lineID, digits: tones)))
    turn.tell(.tones(tones))
    if let changed = self.call(id) { turn.tell(.call(changed)) }
  }

  /// The line did not send them: they are offered again, in the order in which they went.
  mutating func keepAgain(
    _ tones: String, of id: Call.ID, command: Int, _ turn: inout Turn
  ) {
    guard let call = call(id), call.isOpen else { return }
    var returned = call.returned ?? []
    let rest = call.tones.split(separator: ",").dropFirst(returned.count).map(String.init)
    let place = returned.firstIndex { $0.command > command } ?? returned.endIndex
    returned.insert(Call.ReturnedTones(command: command, tones: tones), at: place)
    change(id) {
      $0.returned = returned
      $0.tones = (returned.map(\.tones) + rest).joined(separator: ",")
    }
    if let changed = self.call(id) { turn.tell(.call(changed)) }
  }

  /// Why a call is not handed on blind with an extension: nobody would be there to send it.
  public static func blindWithTones(_ number: DialNumber) -> String {
    "Without asking first nobody can send the \(number.tones) behind the number: ask there first,"
      + " or leave it out."
  }
}

extension Call {
  /// The tones that go out next, up to a pause; nil: none are kept.
  public var nextTones: String? { tones.split(separator: ",").first.map(String.init) }
}
