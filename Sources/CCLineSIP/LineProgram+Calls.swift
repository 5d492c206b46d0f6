// The program between the calls, what is owed to their far ends, and the desk.

import CCCore
import CLibre
import Glibc

extension LineProgram: CallsOwner {
  func heard(_ news: MediaNews, of call: String) {
    func note(_ level: NoticeLevel, _ words: SafeText) {
      emit(.remark(call: call, level, words))
    }
    switch news {
    case .protection(let isEncrypted):
      guard let account, account.settings.transport == .tls else { return }
      tellProtection(isEncrypted ? "TLS, SRTP" : "TLS, sound clear")
      if !isEncrypted, account.settings.media.protection == .offered {
        note(.warning, "the sound of this call is not encrypted: the far end cannot")
      }
    case .hearsNothing(0): note(.cleared, "sound comes from the far end again")
    case .hearsNothing:
      note(
        .warning,
        SafeText(
          "you hear nothing: no sound has come from the far end for more than \(Silence.seconds) s")
      )
    case .isNotHeard(0): note(.cleared, "the microphone gives sound again")
    case .isNotHeard:
      note(
        .warning,
        SafeText(
          "they do not hear you: the microphone has been silent for more than \(Silence.seconds) s")
      )
    case .level(let input, let output): emit(.level(input: input, output: output))
    case .over(let report): note(.info, SafeText(report.words))
    }
  }

  func lookUp(_ name: String, _ done: @escaping (sa?) -> Void) {
    names?.lookUp(name, done) ?? done(nil)
  }

  func allOver() {
    if let account, account.settings.transport == .tls, account.registration.isRegistered {
      tellProtection(account.settings.protection)
    }
  }

  /// `registered` once more: the header shows how this call travels.
  private func tellProtection(_ words: SafeText) {
    guard let account else { return }
    emit(
      .registered(account: SafeText(account.settings.account), expiresIn: nil, secure: words))
  }

  func makeSound() throws -> any Sound { try sound.ofCall(isFirst: calls?.isEmpty != false) }

  func ring(_ tune: Tune?) { sound.ring(tune) }

  func emit(_ event: LineEvent) {
    if !writer.send(event) { quit() }
  }

  func answer(
    _ challenges: [DigestChallenge], method: String, uri: String,
    in exchange: inout Credentials.Exchange
  ) -> Result<String, Credentials.Refusal> {
    guard let registration = account?.registration else { return .failure(.unreadable) }
    let answer = registration.credentials.answer(
      challenges, method: method, uri: uri, in: &exchange, clientNonce: SIPText.mark())
    if case .failure(.password) = answer { registration.passwordWasRefused() }
    return answer
  }
}

extension LineProgram: SeatTellerOwner, FarewellsOwner {
  func spoke() { goWhenAllIsSaid() }

  var wayOut: Stack? { account?.stack }
}

extension LineProgram: StackOwner {
  var awaitsEnds: Bool { calls?.book.isSettled == false }

  func arrived(_ message: UnsafePointer<sip_msg>) { calls?.book.heard(message) }

  func failed(_ message: UnsafePointer<sip_msg>) { calls?.failed(message) }

  func byeChallenged(
    in dialog: DialogRecord, _ challenges: [DigestChallenge], on stack: Stack?
  ) {
    guard let stack = stack ?? account?.stack else { return }
    farewells.hangUp(dialog, on: stack, after: challenges)
  }

  func isNobodys(_ answer: UnsafePointer<sip_msg>) -> Bool { calls?.isNobodys(answer) ?? false }

  func sent(_ message: UnsafePointer<sip_msg>, to peer: sa) { calls?.sent(message, to: peer) }

  func takesLate(_ message: UnsafePointer<sip_msg>, on stack: Stack?) -> Bool {
    if farewells.takes(message) || calls?.takesLate(message) == true { return true }
    guard calls?.isStray(message) == true, let stack = stack ?? account?.stack else { return false }
    farewells.hangUp(answeredBy: message, on: stack)
    return true
  }

  func isKnown(_ request: UnsafePointer<sip_msg>) -> Bool { call(of: request) != nil }

  private func call(of request: UnsafePointer<sip_msg>) -> Call? {
    calls?.call(of: request) ?? seatTeller?.call(of: request)
  }

  func willEnd(by request: UnsafePointer<sip_msg>) { calls?.willEnd(by: request) }

  func asked(_ request: UnsafePointer<sip_msg>) -> Bool {
    guard let call = call(of: request) else { return false }
    call.asked(request)
    return true
  }

  func isBusyChanging(_ request: UnsafePointer<sip_msg>) -> Bool {
    calls?.isBusyChanging(request) ?? false
  }

  func takesNotify(_ request: UnsafePointer<sip_msg>) -> Bool {
    calls?.takesNotify(request) ?? false
  }

  func droppedStranger(from address: sa) {
    if let strangersToldAt, Timer.since(strangersToldAt) < 60_000 { return }
    strangersToldAt = Timer.now
    note(.warning, SafeText("dropped a request from \(address.host), which is not the registrar"))
  }

  func invited(_ request: UnsafePointer<sip_msg>, on stack: Stack) {
    guard let account, let calls, !isLeaving else { return }
    calls.invited(request, on: stack, settings: account.settings)
  }
}
