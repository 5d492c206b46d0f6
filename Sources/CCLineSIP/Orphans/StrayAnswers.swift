// Answers to an INVITE that nobody wants any more.

import CLibre

/// Hangs up where an answer came too late: after the INVITE was taken back, or after another telephone had
/// answered it first (RFC 3261 section 13.2.2.4).
///
/// libre acknowledges neither, and who answered would talk to nobody for half a minute.
final class StrayAnswers {
  private let hangUp: (DialogRecord, Stack) -> Void
  private var hungUp: [DialogRecord] = []

  /// So many are remembered, to be hung up once and acknowledged as often as they come.
  private static let most = 32

  init(hangUp: @escaping (DialogRecord, Stack) -> Void) { self.hangUp = hangUp }

  /// Acknowledges an answer, and hangs up at its first.
  func take(_ answer: UnsafePointer<sip_msg>, on stack: Stack) {
    guard var dialog = DialogRecord(answeredBy: answer) else { return }
    dialog.sequence = answer.pointee.cseq.num
    guard DialogRecord(dialog.json) != nil else { return }
    stack.acknowledge(dialog)
    let isKnown = hungUp.contains { $0.callID == dialog.callID && $0.remote == dialog.remote }
    guard !isKnown else { return }
    hungUp = hungUp.suffix(Self.most - 1) + [dialog]
    dialog.sequence &+= 1
    hangUp(dialog, stack)
  }
}
