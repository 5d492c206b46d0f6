// One INVITE of ours inside a call, from its sending until nothing more can come of it.

import CCCore
import CLibre
import Glibc

/// Offers the far end a change of a call, or the same again to ask whether it still knows the call.
///
/// It is ours and not libre's: libre goes on with a change that was given up here, tells nobody that one was
/// refused, answers challenges with MD5 alone, and does not know that ours is under way when the far end's
/// comes (RFC 3261 section 14.2). An answer belongs to it by its transaction, and an answer that comes again
/// by its number.
final class Offer {
  /// What it is for.
  enum Purpose: Hashable {
    /// The far end is put on hold, or taken back.
    case hold(Bool)
    /// The same description once more: who does not know the call any more says so.
    case question
  }

  /// What came of it.
  enum Outcome {
    /// The far end agreed, and is acknowledged.
    case agreed(UnsafePointer<sip_msg>)
    /// It did not, and may be asked again after so many milliseconds; nil: not soon.
    case refused(UnsafePointer<sip_msg>, again: Int?)
    /// Why no answer will come.
    case failed(SafeText)
  }

  let purpose: Purpose
  private unowned let call: Call
  private var request: DialogRequest?
  private let done: (Offer, Outcome) -> Void
  /// The number of the answer that was acknowledged: it may come again.
  private var acknowledged: UInt32?
  /// Whether no final answer has come yet.
  private(set) var isOpen = true

  init(_ purpose: Purpose, in call: Call, done: @escaping (Offer, Outcome) -> Void) {
    self.purpose = purpose
    self.call = call
    self.done = done
  }

  /// Sends it, with the description as it is now.
  func start() {
    guard let offer = call.media.offer() else { return finish(.failed("no memory for the offer")) }
    defer { mem_deref(offer) }
    let body = String(
      decoding: UnsafeBufferPointer(start: mbuf_buf(offer), count: mbuf_get_left(offer)),
      as: UTF8.self)
    let contact = call.stack.contact(call.settings.user)
    let request = DialogRequest(
      "INVITE", in: call,
      headers: "Contact: <\(contact)>\r\nContent-Type: application/sdp\r\n", body: body
    ) { [weak self] in self?.heard($0) }
    self.request = request
    request.start()
  }

  private func heard(_ outcome: DialogRequest.Outcome) {
    switch outcome {
    case .failed(let why): finish(.failed(why))
    case .answered(let message) where message.code < 300:
      acknowledged = request?.number
      acknowledge()
      finish(.agreed(message))
    case .answered(let message):
      finish(.refused(message, again: wait(after: message)))
    }
  }

  /// Both at once: RFC 3261 section 14.1 says who waits how long.
  ///
  /// A server that is busy says so itself.
  private func wait(after message: UnsafePointer<sip_msg>) -> Int? {
    switch message.code {
    case 491:
      return call.direction == .out
        ? Int.random(in: 2_100...4_000) : Int.random(in: 0...2_000)
    case 500, 503:
      let header = message.value(SIP_HDR_RETRY_AFTER) ?? ""
      return Int(header.prefix { $0.isNumber }).map { min($0, 3_600) * 1_000 }
    default: return nil
    }
  }

  private func finish(_ outcome: Outcome) {
    isOpen = false
    done(self, outcome)
  }

  private func acknowledge() {
    guard let acknowledged, let object = call.session.object else { return }
    call.steer()
    _ = cc_request_in_dialog(
      nil, call.stack.handle, "ACK", sipsess_dialog(object), acknowledged, false, nil, nil,
      request?.credentials ?? "", "")
  }

  /// Acknowledges an answer that comes again, since our ACK was lost; false if it is another's.
  func acknowledgesAgain(_ message: UnsafePointer<sip_msg>) -> Bool {
    guard let acknowledged, let object = call.session.object, !message.pointee.req,
      (200..<300).contains(message.code), message.pointee.cseq.met.text == "INVITE",
      message.pointee.cseq.num == acknowledged, sip_dialog_cmp(sipsess_dialog(object), message)
    else { return false }
    acknowledge()
    return true
  }
}
