// The answer to a caller who still hears a dead line ring.

import CLibre

/// Refuses a call as it was refused before, or with 480, as a dead line would have done.
///
/// It goes out on the connection of the living one; a proxy knows it by its Via, whatever way it comes.
final class LateRefusal: LastWord {
  private let invite: PendingInvite
  private let branch: String
  private let peer: sa
  private let stack: Stack
  private let done: (LateRefusal, _ isHeard: Bool) -> Void
  private let repetition: Repetition

  /// nil: nothing that could be answered.
  init?(
    _ invite: PendingInvite, on stack: Stack, done: @escaping (LateRefusal, _ isHeard: Bool) -> Void
  ) {
    guard let branch = invite.branch, let peer = invite.address else { return nil }
    self.invite = invite
    self.branch = branch
    self.peer = peer
    self.stack = stack
    repetition = Repetition(over: stack.transport)
    self.done = done
  }

  var callID: String { invite.callID }

  func start() {
    repetition.start { [weak self] in
      self?.refuse()
    } over: { [weak self] in
      self?.over(false)
    }
  }

  private func refuse() {
    let vias = invite.vias.map { "Via: \($0)\r\n" }.joined()
    stack.send(
      "SIP/2.0 \(invite.code) \(Reasons.phrase(invite.code))\r\n\(vias)To: \(invite.to)\r\nFrom: \(invite.from)\r\n"
        + "Call-ID: \(invite.callID)\r\nCSeq: \(invite.sequence) INVITE\r\n"
        + "Server: \(Stack.software)\r\nContent-Length: 0\r\n\r\n", to: peer)
  }

  func takes(_ message: UnsafePointer<sip_msg>) -> Bool {
    guard message.pointee.req, message.pointee.callid.text == invite.callID,
      message.pointee.via.branch.text == branch
    else { return false }
    over(true)
    return true
  }

  func stop() { repetition.stop() }

  private func over(_ isHeard: Bool) {
    stop()
    done(self, isHeard)
  }
}
