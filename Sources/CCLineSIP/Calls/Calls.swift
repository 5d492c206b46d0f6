// The calls that are open, and what the desk may do with them.

import CCCore
import CLibre

/// What the calls need from the program.
protocol CallsOwner: AnyObject {
  /// Sends an event to the desk.
  func emit(_ event: LineEvent)
  /// Answers a challenge with the account's credentials.
  func answer(
    _ challenges: [DigestChallenge], uri: String, in exchange: inout Credentials.Exchange
  ) -> Result<String, Credentials.Refusal>
  /// The sound of a call tells something.
  func heard(_ news: MediaNews)
  /// Nothing is open any more.
  func allOver()
}

/// All calls of the line: one outbound call at a time; what comes in is turned away (`Inbound`).
final class Calls: CallOwner {
  private var open: [Call] = []
  private weak var owner: CallsOwner?

  init(owner: CallsOwner) { self.owner = owner }

  /// Whether a call is open.
  var isEmpty: Bool { open.isEmpty }

  /// Dials; nil if the call is under way, else why it is not.
  func dial(
    _ number: String, info: String, stack: Stack, settings: Settings, sound: Sound,
    accepted: () -> Void
  ) -> SafeText? {
    guard open.isEmpty else { return "a call is open already" }
    do throws(Call.Failure) {
      let call = try Call(
        number: number, info: info, stack: stack, settings: settings, sound: sound, owner: self)
      try call.start()
      open.append(call)
      accepted()
      changed(call, .calling, nil)
      return nil
    } catch {
      return error.reason.words
    }
  }

  /// Hangs up the call with this id, or without one whatever is open; false if there is none.
  func hangUp(_ id: String?) -> Bool {
    guard let call = open.last(where: { id == nil || $0.id == id }) else { return false }
    call.hangUp()
    return true
  }

  /// Hangs up everything.
  func hangUpAll() {
    for call in open { call.hangUp() }
  }

  /// Whether a request belongs to an open call.
  func own(_ request: UnsafePointer<sip_msg>) -> Bool { open.contains { $0.owns(request) } }

  /// Refuses a redirect of the call that it answers.
  func refuseRedirect(_ message: String) {
    for call in open where call.refuseRedirect(message) { return }
  }

  // MARK: CallOwner

  func changed(_ call: Call, _ status: CallReport.Status, _ reason: Reason?) {
    if call.phase == .over {
      open.removeAll { $0 === call }
      if open.isEmpty { owner?.allOver() }
    }
    owner?.emit(
      .call(
        CallReport(
          status, number: SafeText(call.number), call: call.id, direction: .out, reason: reason)))
  }

  func answer(
    _ challenges: [DigestChallenge], uri: String, in exchange: inout Credentials.Exchange
  ) -> Result<String, Credentials.Refusal> {
    owner?.answer(challenges, uri: uri, in: &exchange) ?? .failure(.unreadable)
  }

  func note(_ level: NoticeLevel, _ message: SafeText) { owner?.emit(.log(level, message)) }

  func heard(_ news: MediaNews) { owner?.heard(news) }
}
