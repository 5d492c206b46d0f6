// libre's SIP, bound to one registrar and one local address.

import CCCore
import CLibre
import Glibc

/// What a stack asks of its owner.
protocol StackOwner: AnyObject {
  /// The raw text of an answer of 300 and above, before libre sees it: it would follow a redirect, and
  /// tells nobody of a refused change.
  func failed(_ message: String)
  /// Whether a request belongs to a call of ours.
  func isKnown(_ request: UnsafePointer<sip_msg>) -> Bool
  /// A request from an address that is not the registrar's was dropped.
  func droppedStranger(from address: sa)
  /// A new call from outside.
  func invited(_ request: UnsafePointer<sip_msg>, on stack: Stack)
}

/// One registrar address, one local address, one transport; everything that is sent goes through here.
///
/// The stack has to outlive every call made on it; when the address of the machine or of the registrar
/// changes, a new one is made.
final class Stack {
  /// What every message is signed with.
  static let software = "ccterm"

  let transport: Settings.Transport
  let registrar: sa
  let local: sa
  private weak var owner: StackOwner?
  private let sip = Slot()
  private let sessions = Slot()
  private let certificates: TLSContext?
  private let events = Slot()
  private var closed: (() -> Void)?

  /// What could not be opened.
  struct Failure: Error { var error: Int32 }

  init(
    transport: Settings.Transport, registrar: sa, local: sa, certificates: TLSContext? = nil,
    owner: StackOwner
  ) throws(Failure) {
    self.transport = transport
    self.certificates = certificates
    self.registrar = registrar
    self.local = local
    self.owner = owner
    let me = Unmanaged.passUnretained(self).toOpaque()
    var address = local
    var error = sip_alloc(sip.place, nil, 32, 32, 32, Self.software, { Stack.onExit($0) }, me)
    if error == 0 {
      error = cc_transport(sip.object, libreTransport, &address, certificates?.handle)
    }
    // Before the sessions: what a stranger sends must not get as far.
    if error == 0 { error = sip_listen(nil, sip.object, true, { Stack.onRequest($0, $1) }, me) }
    if error == 0 {
      error = sipsess_listen(sessions.place, sip.object, 32, { Stack.onInvite($0, $1) }, me)
    }
    if error == 0 { error = sipevent_listen(events.place, sip.object, 8, 8, nil, nil) }
    guard error == 0 else { throw Failure(error: error) }
    sip_set_trace_handler(sip.object) { sending, _, _, _, packet, length, argument in
      Stack.onTrace(sending, packet, length, argument)
    }
  }

  /// The registrar as a route: a plain URI, for libre adds the brackets itself.
  var route: String { "sip:\(registrar.hostPort);transport=\(transport.rawValue)" }

  /// Sends a request outside a dialog, through the registrar.
  func request(
    _ method: String, uri: String, text: String, into slot: Slot, argument: UnsafeMutableRawPointer,
    contact:
      @escaping @convention(c) (
        sip_transp, UnsafePointer<sa>?, UnsafePointer<sa>?, UnsafeMutablePointer<mbuf>?,
        UnsafeMutableRawPointer?
      ) -> Int32,
    response:
      @escaping @convention(c) (
        Int32, UnsafePointer<sip_msg>?, UnsafeMutableRawPointer?
      ) -> Void
  ) -> Int32 {
    cc_request(
      slot.place, sip.object, method, uri, route, contact, response, argument, text)
  }

  /// Why the last connection was refused here, if its certificate or its TLS was the reason.
  var refusal: SafeText? { certificates?.refusal }

  /// Where calls begin.
  var sessionSocket: OpaquePointer? { sessions.object }
  /// Where the news of a transfer arrives; no subscription of others is taken.
  var eventSocket: OpaquePointer? { events.object }
  /// libre's own handle, for answers and keepalives.
  var handle: OpaquePointer? { sip.object }

  /// Lets go of everything and calls back when the last transaction is over.
  func close(_ done: @escaping () -> Void) {
    sessions.release()
    events.release()
    closed = done
    if let object = sip.object {
      // The exit handler runs while libre frees it: from here it is libre's.
      sip.place.pointee = nil
      sip_close(object, false)
    } else {
      done()
    }
  }

  /// Sets what libre leaves as it was on the sockets it hides: no 43 ms wait for a long INVITE, a dead
  /// connection that the kernel notices, room for a datagram of any length.
  func tune(_ message: UnsafePointer<sip_msg>, keepalive: Int) {
    if let connection = sip_msg_tcpconn(message) {
      let descriptor = tcp_conn_fd(connection)
      for (level, name, value) in [
        (Int32(IPPROTO_TCP), TCP_NODELAY, 1), (SOL_SOCKET, SO_KEEPALIVE, 1),
        (Int32(IPPROTO_TCP), TCP_KEEPIDLE, keepalive), (Int32(IPPROTO_TCP), TCP_KEEPINTVL, 5),
        (Int32(IPPROTO_TCP), TCP_KEEPCNT, 3),
        (Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, (keepalive + 15) * 1000),
      ] {
        var option = Int32(value)
        setsockopt(descriptor, level, name, &option, socklen_t(MemoryLayout<Int32>.size))
      }
    } else if message.pointee.tp == SIP_TRANSP_UDP {
      udp_rxsz_set(OpaquePointer(message.pointee.sock), 65_535)
    }
  }

  private var libreTransport: sip_transp {
    switch transport {
    case .tcp: SIP_TRANSP_TCP
    case .tls: SIP_TRANSP_TLS
    case .udp: SIP_TRANSP_UDP
    }
  }

  // MARK: libre's callbacks

  private static func of(_ argument: UnsafeMutableRawPointer?) -> Stack? {
    argument.map { Unmanaged<Stack>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func onExit(_ argument: UnsafeMutableRawPointer?) {
    guard let stack = of(argument), let closed = stack.closed else { return }
    stack.closed = nil
    closed()
  }

  private static func onInvite(
    _ message: UnsafePointer<sip_msg>?, _ argument: UnsafeMutableRawPointer?
  ) {
    guard let stack = of(argument), let message else { return }
    stack.owner?.invited(message, on: stack)
  }

  /// True: taken, nobody else sees it.
  private static func onRequest(
    _ message: UnsafePointer<sip_msg>?, _ argument: UnsafeMutableRawPointer?
  ) -> Bool {
    guard let stack = of(argument), let message else { return true }
    return stack.take(message)
  }

  private func take(_ message: UnsafePointer<sip_msg>) -> Bool {
    let isOurs = message.pointee.src.isSameHost(as: registrar)
    if !isOurs, owner?.isKnown(message) != true {
      owner?.droppedStranger(from: message.pointee.src)
      return true
    }
    guard message.pointee.from.auri.l > 0, message.pointee.to.auri.l > 0,
      message.pointee.callid.l > 0, message.pointee.cseq.met.l > 0, message.pointee.via.branch.l > 0
    else { return true }
    if message.pointee.met.text == "OPTIONS" {
      _ = cc_reply(handle, message, 200, "OK", "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS\r\n")
      return true
    }
    return false
  }

  private static func onTrace(
    _ sending: Bool, _ packet: UnsafePointer<UInt8>?, _ length: Int,
    _ argument: UnsafeMutableRawPointer?
  ) {
    // "SIP/2.0 3" and above.
    guard !sending, length > 12, let packet, packet[0] == UInt8(ascii: "S"),
      (UInt8(ascii: "3")...UInt8(ascii: "6")).contains(packet[8]), let stack = of(argument)
    else { return }
    stack.owner?.failed(
      String(decoding: UnsafeRawBufferPointer(start: packet, count: length), as: UTF8.self))
  }
}
