// A BYE that is said without a session of libre's.

import CCCore
import CLibre
import Glibc

/// Hangs up in a dialog, once more with credentials if it is challenged.
final class Farewell: LastWord {
  private let record: DialogRecord
  private let reason: String
  private let stack: Stack
  private let answer: ([DigestChallenge], String, inout Credentials.Exchange) -> String?
  private let done: (Farewell, _ isHeard: Bool) -> Void
  private let request = Slot()
  private let deadline = Timer()
  private let ticket = Ticket()
  private var exchange = Credentials.Exchange()
  private var sequence: UInt32
  private var isOver = false

  /// How long an answer is waited for, in milliseconds.
  static let patience = 4_000

  /// A BYE that is still to be said; `done` hears whether it was answered.
  ///
  /// `reason`: what a Reason header says (RFC 3326); empty: none is sent.
  init(
    _ record: DialogRecord, reason: String = "", on stack: Stack,
    answer: @escaping ([DigestChallenge], String, inout Credentials.Exchange) -> String?,
    done: @escaping (Farewell, _ isHeard: Bool) -> Void
  ) {
    self.record = record
    self.reason = reason.isEmpty ? "" : "Reason: SIP;cause=500;text=\"\(reason)\"\r\n"
    self.stack = stack
    self.answer = answer
    self.done = done
    sequence = record.sequence
  }

  var callID: String { record.callID }

  func start() { start(after: []) }

  func stop() {
    deadline.cancel()
    request.release()
    isOver = true
  }

  /// Sends it; `challenge`: what came back to a BYE that was sent before.
  func start(after challenge: [DigestChallenge]) {
    deadline.start(after: Self.patience) { [weak self] in self?.over(false) }
    if challenge.isEmpty { return send(credentials: "") }
    guard let line = answer(challenge, record.target, &exchange) else { return over(true) }
    send(credentials: line)
  }

  /// libre itself hands on what answers its own requests.
  func takes(_ message: UnsafePointer<sip_msg>) -> Bool { false }

  private func send(credentials: String) {
    request.release()
    let routes = record.routes.map { "Route: \($0)\r\n" }.joined()
    let text =
      "\(routes)To: \(record.remote)\r\nFrom: \(record.local)\r\nCall-ID: \(record.callID)\r\n"
      + "CSeq: \(sequence) BYE\r\n\(reason)"
      + "User-Agent: \(Stack.software)\r\n\(credentials)Content-Length: 0\r\n\r\n"
    // The number came from a stranger, or from a file.
    sequence &+= 1
    let error = stack.request(
      "BYE", uri: record.target, text: text, into: request,
      argument: ticket.of(self), contact: { _, _, _, _, _ in 0 },
      response: { error, message, argument in
        Ticket.holder(argument, as: Farewell.self)?.answered(error, message)
      })
    if error != 0 { over(false) }
  }

  private func answered(_ error: Int32, _ message: UnsafePointer<sip_msg>?) {
    if let message, message.code < 200 { return }
    if let message, message.code == 401 || message.code == 407,
      let line = answer(message.challenges, record.target, &exchange)
    {
      return send(credentials: line)
    }
    // 481 says that it is over, and what a far end means by another code it knows best; a proxy that could
    // not reach it says so too.
    over(message.map { !EndOfCall.isUnreached($0.code) } ?? false)
  }

  private func over(_ isHeard: Bool) {
    guard !isOver else { return }
    stop()
    done(self, isHeard)
  }
}
