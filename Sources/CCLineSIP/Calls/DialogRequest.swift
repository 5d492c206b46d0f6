// A request in a call, with our own answer to a challenge.

import CCCore
import CLibre
import Glibc

/// Sends one request in the dialog of a call, and again with credentials where it is challenged: libre
/// itself would answer with MD5 alone.
final class DialogRequest {
  /// What came of it.
  enum Outcome {
    /// A final answer, a challenge that could be answered not among them.
    case answered(UnsafePointer<sip_msg>)
    /// Why no answer will come.
    case failed(SafeText)
  }

  private unowned let call: Call
  private let method: String
  private let headers: String
  private let body: String
  private let done: (Outcome) -> Void
  private let slot = Slot()
  private let ticket = Ticket()
  private var exchange = Credentials.Exchange()
  /// The header lines that went out last, to be repeated in an ACK.
  private(set) var credentials = ""
  /// Its number, as it went out last.
  private(set) var number: UInt32 = 0

  /// `headers`, each with its line end, come before the credentials; a call holds its requests.
  init(
    _ method: String, in call: Call, headers: String, body: String = "",
    done: @escaping (Outcome) -> Void
  ) {
    self.method = method
    self.call = call
    self.headers = headers
    self.body = body
    self.done = done
  }

  /// Sends it.
  func start() {
    call.requests.append(self)
    send()
  }

  /// Answers a challenge; false if that cannot be, and that was told.
  private func prepare(for challenge: UnsafePointer<sip_msg>) -> Bool {
    let answer = call.owner?.answer(
      challenge.challenges, method: method, uri: call.trace.dialog?.target ?? "", in: &exchange)
    switch answer {
    case .success(let line):
      credentials = line
      return true
    case .failure(let refusal):
      finish(.failed(refusal.words("the far end", code: challenge.code)))
    case nil: finish(.failed("the call is over"))
    }
    return false
  }

  private func send() {
    guard let object = call.session.object else { return finish(.failed("the call is over")) }
    call.steer()
    number = sip_dialog_lseq(sipsess_dialog(object))
    let error = cc_request_in_dialog(
      slot.place, call.stack.handle, method, sipsess_dialog(object), 0, true,
      { error, message, argument in
        Ticket.holder(argument, as: DialogRequest.self)?.heard(error, message)
      }, ticket.of(self), headers + credentials, body)
    if error != 0 { finish(.failed(Reasons.transport(error).words)) }
  }

  private func heard(_ error: Int32, _ message: UnsafePointer<sip_msg>?) {
    guard let message else { return finish(.failed(Reasons.transport(error).words)) }
    if message.code < 200 { return }
    if message.code == 401 || message.code == 407 {
      if prepare(for: message) { send() }
      return
    }
    finish(.answered(message))
  }

  private func finish(_ outcome: Outcome) {
    call.requests.removeAll { $0 === self }
    done(outcome)
  }
}
