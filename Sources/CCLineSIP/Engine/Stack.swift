// libre's SIP, bound to one registrar and one local address.

import CCCore
import CLibre
import Glibc

/// What a stack asks of its owner.
protocol StackOwner: AnyObject {
  /// An answer of 300 and above, before libre sees it: it would follow a redirect, and tells nobody of a
  /// refused change.
  func failed(_ message: UnsafePointer<sip_msg>)
  /// The BYE of a call was challenged, and libre leaves it at that.
  func byeChallenged(in dialog: DialogRecord, _ challenges: [DigestChallenge], on stack: Stack)
  /// An INVITE goes out, or a provisional answer, as it is on the wire.
  func sent(_ message: UnsafePointer<sip_msg>, to peer: sa)
  /// A response that no request of this stack waits for, or an ACK; true: taken.
  func takesLate(_ message: UnsafePointer<sip_msg>, on stack: Stack) -> Bool
  /// Whether what comes may confirm the end of a call.
  var awaitsEnds: Bool { get }
  /// A message that came, before anybody else sees it, while `awaitsEnds`.
  func arrived(_ message: UnsafePointer<sip_msg>)
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
  /// The calls that were hung up last: their BYE may be challenged.
  private var goodbyes: [DialogRecord] = []

  /// What could not be opened.
  struct Failure: Error { var error: Int32 }

  /// `port`: where it listens if that is free; else, and without one, the system picks.
  init(
    transport: Settings.Transport, registrar: sa, local: sa, port: UInt16? = nil,
    certificates: TLSContext? = nil, owner: StackOwner
  ) throws(Failure) {
    self.transport = transport
    self.certificates = certificates
    self.registrar = registrar
    self.local = local
    self.owner = owner
    let me = Unmanaged.passUnretained(self).toOpaque()
    var error = sip_alloc(sip.place, nil, 32, 32, 32, Self.software, { Stack.onExit($0) }, me)
    if error == 0 { error = listen(at: local.with(port: port ?? 0)) }
    if error != 0, port != nil, sip.object != nil { error = listen(at: local) }
    // Before the sessions: what a stranger sends must not get as far.
    if error == 0 { error = sip_listen(nil, sip.object, true, { Stack.onRequest($0, $1) }, me) }
    if error == 0 { error = sip_listen(nil, sip.object, false, { Stack.onResponse($0, $1) }, me) }
    if error == 0 {
      error = sipsess_listen(sessions.place, sip.object, 32, { Stack.onInvite($0, $1) }, me)
    }
    if error == 0 { error = sipevent_listen(events.place, sip.object, 8, 8, nil, nil) }
    guard error == 0 else { throw Failure(error: error) }
    sip_set_trace_handler(sip.object) { sending, _, _, peer, packet, length, argument in
      Stack.onTrace(sending, peer, packet, length, argument)
    }
  }

  private func listen(at address: sa) -> Int32 {
    var address = address
    return cc_transport(sip.object, libreTransport, &address, certificates?.handle)
  }

  /// Where it listens; nil if libre does not say.
  var port: UInt16? {
    var (here, there) = (sa(), registrar)
    let error = sip_transp_laddr(sip.object, &here, libreTransport, &there)
    return error == 0 && here.port > 0 ? here.port : nil
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

  /// Sends a message as it is written, outside every transaction of libre's.
  func send(_ text: String, to peer: sa) {
    guard let buffer = mbuf_alloc(text.utf8.count) else { return }
    defer { mem_deref(buffer) }
    var peer = peer
    guard mbuf_write_str(buffer, text) == 0 else { return }
    mbuf_set_pos(buffer, 0)
    sip_send(sip.object, nil, libreTransport, &peer, buffer)
  }

  /// The address under which a user is reached here.
  func contact(_ user: String) -> String {
    local.with(port: port ?? 0).contact(user, over: transport)
  }

  /// A call is being hung up by libre.
  func willSayBye(in dialog: DialogRecord) {
    goodbyes = goodbyes.suffix(7) + [dialog]
  }

  /// Acknowledges the answer to an INVITE that was not sent by a session; `dialog` carries its number.
  func acknowledge(_ dialog: DialogRecord, headers: String = "") {
    let routes = dialog.routes.map { "Route: \($0)\r\n" }.joined()
    _ = cc_request_once(
      sip.object, "ACK", dialog.target, route,
      "\(routes)To: \(dialog.remote)\r\nFrom: \(dialog.local)\r\nCall-ID: \(dialog.callID)\r\n"
        + "CSeq: \(dialog.sequence) ACK\r\nUser-Agent: \(Self.software)\r\n\(headers)"
        + "Content-Length: 0\r\n\r\n")
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
    switch message.pointee.met.text {
    case "OPTIONS":
      _ = cc_reply(handle, message, 200, "OK", "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS\r\n")
      return true
    case "ACK": return owner?.takesLate(message, on: self) ?? false
    default: return false
    }
  }

  private static func onResponse(
    _ message: UnsafePointer<sip_msg>?, _ argument: UnsafeMutableRawPointer?
  ) -> Bool {
    guard let stack = of(argument), let message else { return false }
    return stack.owner?.takesLate(message, on: stack) ?? false
  }

  private static func onTrace(
    _ sending: Bool, _ peer: UnsafePointer<sa>?, _ packet: UnsafePointer<UInt8>?, _ length: Int,
    _ argument: UnsafeMutableRawPointer?
  ) {
    guard let packet, let stack = of(argument) else { return }
    // Over TCP empty lines may come first.
    let bytes = UnsafeBufferPointer(start: packet, count: length).drop {
      $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n")
    }
    if !sending, stack.owner?.awaitsEnds == true, let message = decoded(bytes) {
      defer { mem_deref(message) }
      stack.owner?.arrived(message)
    }
    let concerns =
      sending
      ? bytes.starts(with: "INVITE ".utf8) || bytes.starts(with: "SIP/2.0 1".utf8)
      : bytes.count > 12 && bytes.starts(with: "SIP/2.0 ".utf8)
        && (UInt8(ascii: "3")...UInt8(ascii: "6")).contains(bytes[bytes.startIndex + 8])
    guard concerns, let message = decoded(bytes) else { return }
    defer { mem_deref(message) }
    guard sending else { return stack.failed(message) }
    if let peer { stack.owner?.sent(message, to: peer.pointee) }
  }

  private static func decoded(
    _ bytes: Slice<UnsafeBufferPointer<UInt8>>
  ) -> UnsafeMutablePointer<sip_msg>? {
    guard let buffer = mbuf_alloc(bytes.count) else { return nil }
    defer { mem_deref(buffer) }
    let whole = UnsafeBufferPointer(rebasing: bytes)
    guard mbuf_write_mem(buffer, whole.baseAddress, whole.count) == 0 else { return nil }
    mbuf_set_pos(buffer, 0)
    var message: UnsafeMutablePointer<sip_msg>?
    return sip_msg_decode(&message, buffer) == 0 ? message : nil
  }

  private func failed(_ message: UnsafePointer<sip_msg>) {
    if message.code == 401 || message.code == 407, message.pointee.cseq.met.text == "BYE",
      let index = goodbyes.firstIndex(where: { $0.callID == message.pointee.callid.text })
    {
      // Its own BYE may meet another challenge, and is answered for itself.
      let dialog = goodbyes.remove(at: index)
      owner?.byeChallenged(in: dialog, message.challenges, on: self)
    }
    owner?.failed(message)
  }
}
