// How a transfer went, told after the far end has hung up.

import CCCore
import CLibre

/// Waits for what is still to be said of a transfer whose call is over.
///
/// A BYE ends the call, and not the subscription of its REFER (RFC 5057 section 4.1): where the far end has
/// said that it rings at whom the customer goes to, nobody knows yet whether she was taken.
final class AwaitedOutcome {
  /// The desk's name of the call.
  let call: String
  private let refer: UInt32
  private let names: Replaces
  private weak var stack: Stack?
  private let deadline = Timer()
  private let told: (AwaitedOutcome, LineEvent.TransferState, SafeText) -> Void

  /// How long it may ring there, in milliseconds.
  static let patience = 120_000

  /// `refer`: the number of the REFER; `told` is called once.
  init?(
    of call: Call, refer: UInt32,
    told: @escaping (AwaitedOutcome, LineEvent.TransferState, SafeText) -> Void
  ) {
    guard let names = call.trace.replaces else { return nil }
    self.call = call.id
    self.refer = refer
    self.names = names
    self.told = told
    stack = call.stack
    deadline.start(after: Self.patience) { [weak self] in
      guard let self else { return }
      told(self, .failed, TransferNotice.untold)
    }
  }

  /// A NOTIFY in the call that is over; false if it is not about this transfer.
  func takes(_ message: UnsafePointer<sip_msg>) -> Bool {
    guard let stack, message.pointee.callid.text == names.callID,
      message.pointee.to.tag.text == names.fromTag, message.pointee.from.tag.text == names.toTag,
      let notice = TransferNotice(message, of: refer)
    else { return false }
    _ = sip_treply(nil, stack.handle, message, 200, "OK")
    switch notice.news {
    case .done: told(self, .done, "")
    case .failed(let why): told(self, .failed, why)
    case .trying, .rings: break
    }
    return true
  }
}
