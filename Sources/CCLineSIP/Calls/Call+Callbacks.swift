// libre's callbacks, each handed to the call that it is about.

import CCCore
import CLibre
import Glibc

extension Call {
  private static func of(_ argument: UnsafeMutableRawPointer?) -> Call? {
    Ticket.holder(argument)
  }

  static func onProgress(
    _ message: UnsafePointer<sip_msg>?, _ argument: UnsafeMutableRawPointer?
  ) {
    guard let message else { return }
    of(argument)?.progressed(message)
  }

  static func onAnswer(
    _ message: UnsafePointer<sip_msg>?, _ argument: UnsafeMutableRawPointer?
  ) -> Int32 {
    guard let call = of(argument), let message else { return EPROTO }
    // Before libre sends its ACK.
    call.steer()
    // An ACK too: it brings the answer where we have made the offer.
    guard call.answered(message) else { return EPROTO }
    if call.phase == .talking {
      call.trace.moved(by: message)
      call.isOfferUnderWay = false
      call.tellFarHold()
    }
    return 0
  }

  /// An error is answered with 488, and the call lives.
  static func onOffer(
    _ description: UnsafeMutablePointer<UnsafeMutablePointer<mbuf>?>?,
    _ message: UnsafePointer<sip_msg>?, _ argument: UnsafeMutableRawPointer?
  ) -> Int32 {
    guard let call = of(argument), let message, let description else { return EPROTO }
    description.pointee = call.offered(message)
    return description.pointee == nil ? EPROTO : 0
  }

  static func onEstablished(
    _ message: UnsafePointer<sip_msg>?, _ argument: UnsafeMutableRawPointer?
  ) {
    guard let call = of(argument), let message else { return }
    call.isConfirmed = true
    call.trace.established(by: message, of: call)
    if call.phase == .calling || call.phase == .ringing { call.talking() }
    call.continueChange()
  }

  static func onClose(
    _ error: Int32, _ message: UnsafePointer<sip_msg>?, _ argument: UnsafeMutableRawPointer?
  ) {
    of(argument)?.closed(error, message)
  }

  static func onRefer(
    _ sip: OpaquePointer?, _ message: UnsafePointer<sip_msg>?, _ argument: UnsafeMutableRawPointer?
  ) {
    guard let call = of(argument), let message else { return }
    call.referred(message)
  }
}
