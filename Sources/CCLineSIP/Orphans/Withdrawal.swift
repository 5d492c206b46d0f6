// The CANCEL to an INVITE whose line died.

import CLibre

/// Takes an INVITE back that nobody has answered (RFC 3261 section 9.1).
///
/// libre cancels only what it sent itself, with a Via of its own: what goes out here repeats the INVITE's,
/// and what comes back is read here. Where the far end answered in the same moment, the answer is a
/// stray one.
final class Withdrawal: LastWord {
  private let invite: PendingInvite
  private let branch: String
  private let peer: sa
  private let stack: Stack
  private let answered: (UnsafePointer<sip_msg>) -> Void
  private let done: (Withdrawal, _ isHeard: Bool) -> Void
  private let heard: () -> Void
  private let unsaid: () -> Void
  private let doubt = Timer()

  /// How long after the CANCEL was taken the INVITE's end may take, in milliseconds.
  private static let patience = 300
  /// How long the CANCEL may find no answer until whoever rang is hung up beside it, in milliseconds: a proxy
  /// that has ended the INVITE already, since the line took it back before it died, says nothing to another.
  private static let longestSilence = 1_000
  private let repetition: Repetition
  private var isHeard = false

  /// nil: nothing that could be taken back.
  ///
  /// `heard`: the INVITE has its final answer, which may come
  /// again; `answered`: it is a call now.
  /// `unsaid`: the CANCEL was taken, or somebody rang and nobody answers it, and nothing is heard of the INVITE:
  /// its answer went to the dead line.
  init?(
    _ invite: PendingInvite, on stack: Stack, answered: @escaping (UnsafePointer<sip_msg>) -> Void,
    heard: @escaping () -> Void, unsaid: @escaping () -> Void,
    done: @escaping (Withdrawal, _ isHeard: Bool) -> Void
  ) {
    guard let branch = invite.branch, let peer = invite.address else { return nil }
    self.invite = invite
    self.branch = branch
    self.peer = peer
    self.stack = stack
    repetition = Repetition(over: stack.transport)
    self.answered = answered
    self.heard = heard
    self.unsaid = unsaid
    self.done = done
  }

  var callID: String { invite.callID }

  func start() {
    if !invite.early.isEmpty {
      doubt.start(after: Self.longestSilence) { [weak self] in self?.unsaid() }
    }
    repetition.start { [weak self] in
      self?.cancel()
    } over: { [weak self] in
      self?.over()
    }
  }

  private func cancel() { stack.send(request("CANCEL", to: invite.to), to: peer) }

  /// A request that belongs to the INVITE's transaction.
  private func request(_ method: String, to: String) -> String {
    let routes = invite.routes.map { "Route: \($0)\r\n" }.joined()
    return "\(method) \(invite.uri) SIP/2.0\r\nVia: \(invite.vias[0])\r\nMax-Forwards: 70\r\n"
      + "\(routes)To: \(to)\r\nFrom: \(invite.from)\r\nCall-ID: \(invite.callID)\r\n"
      + "CSeq: \(invite.sequence) \(method)\r\nUser-Agent: \(Stack.software)\r\n"
      + "Content-Length: 0\r\n\r\n"
  }

  func takes(_ message: UnsafePointer<sip_msg>) -> Bool {
    let head = message.pointee
    guard !head.req, head.callid.text == invite.callID, head.via.branch.text == branch,
      head.cseq.num == invite.sequence
    else { return false }
    switch head.cseq.met.text {
    // Whatever it says of the CANCEL, the INVITE's end comes next.
    case "CANCEL" where message.code >= 200:
      repetition.heard()
      doubt.start(after: Self.patience) { [weak self] in self?.unsaid() }
    case "INVITE" where message.code >= 300:
      repetition.heard()
      doubt.cancel()
      isHeard = true
      let to = head.to.val.text
      stack.send(request("ACK", to: RecordReader.isWhole(to) ? to : invite.to), to: peer)
      heard()
    case "INVITE" where message.code >= 200:
      repetition.heard()
      doubt.cancel()
      answered(message)
    default: break
    }
    return true
  }

  func stop() {
    repetition.stop()
    doubt.cancel()
  }

  private func over() {
    stop()
    done(self, isHeard)
  }
}
