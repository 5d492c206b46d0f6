// libre's SIP, bound to one registrar and one local address.

import CCCore
import CLibre
import Glibc

/// What a stack asks of its owner.
protocol StackOwner: AnyObject {
  /// An answer of 300 and above, before libre sees it: it would follow a redirect, and tells nobody of a
  /// refused change.
  func failed(_ message: UnsafePointer<sip_msg>)
  /// The BYE of a call was challenged, and libre leaves it at that; nil: on a stack that was let go.
  func byeChallenged(in dialog: DialogRecord, _ challenges: [DigestChallenge], on stack: Stack?)
  /// An INVITE goes out, or a provisional answer, as it is on the wire.
  func sent(_ message: UnsafePointer<sip_msg>, to peer: sa)
  /// Whether an answer belongs to no request of ours: then nobody sees it.
  func isNobodys(_ answer: UnsafePointer<sip_msg>) -> Bool
  /// A response that no request of this stack waits for, or an ACK; true: taken.
  func takesLate(_ message: UnsafePointer<sip_msg>, on stack: Stack?) -> Bool
  /// Whether what comes may confirm the end of a call.
  var awaitsEnds: Bool { get }
  /// A message that came, before anybody else sees it, while `awaitsEnds`.
  func arrived(_ message: UnsafePointer<sip_msg>)
  /// Whether a request belongs to a call of ours.
  func isKnown(_ request: UnsafePointer<sip_msg>) -> Bool
  /// Whether a change of ours is under way in the call that an INVITE is in: both cannot be.
  func isBusyChanging(_ request: UnsafePointer<sip_msg>) -> Bool
  /// A NOTIFY; false if it is not about a transfer of ours.
  func takesNotify(_ request: UnsafePointer<sip_msg>) -> Bool
  /// A request from an address that is not the registrar's was dropped.
  func droppedStranger(from address: sa)
  /// A CANCEL or BYE comes, with why.
  func willEnd(by request: UnsafePointer<sip_msg>)
  /// An UPDATE or INFO for a call of ours, which answers it; false: there is none.
  func asked(_ request: UnsafePointer<sip_msg>) -> Bool
  /// A new call from outside.
  func invited(_ request: UnsafePointer<sip_msg>, on stack: Stack)
}

/// One registrar address, one local address, one transport; everything that is sent goes through here.
///
/// Every call holds the stack that it was made on; when the address of the machine or of the registrar
/// changes, a new one is made beside it. Let go, it leaves to libre what is still under way.
final class Stack {
  /// What every message is signed with.
  static let software = "ccterm"

  let transport: Settings.Transport
  let registrar: sa
  let local: sa
  /// What its messages say that this telephone can do.
  let capabilities: Capabilities
  private let engine: SIPEngine

  /// What could not be opened.
  struct Failure: Error { var error: Int32 }

  /// `port`: where it listens if that is free; else, and without one, the system picks.
  init(
    transport: Settings.Transport, registrar: sa, local: sa, port: UInt16? = nil,
    certificates: TLSContext? = nil, capabilities: Capabilities = Capabilities(),
    owner: StackOwner
  ) throws(Failure) {
    self.transport = transport
    self.capabilities = capabilities
    self.registrar = registrar
    self.local = local
    engine = SIPEngine(registrar: registrar, certificates: certificates, owner: owner)
    let places = [port, 0].compactMap { $0 }.map { local.with(port: $0) }
    let error = engine.open(for: self, libreTransport, at: places)
    guard error == 0 else { throw Failure(error: error) }
  }

  deinit { engine.close() }

  /// Where it listens; nil if libre does not say.
  var port: UInt16? {
    var (here, there) = (sa(), registrar)
    let error = sip_transp_laddr(handle, &here, libreTransport, &there)
    return error == 0 && here.port > 0 ? here.port : nil
  }

  /// The registrar as a route: a plain URI, for libre adds the brackets itself.
  var route: String { "sip:\(registrar.hostPort);transport=\(transport.rawValue)" }

  /// Sends a request outside a dialog, through the registrar.
  func request(
    _ method: String, uri: String, text: String, into slot: Slot,
    argument: UnsafeMutableRawPointer?,
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
      slot.place, handle, method, uri, route, contact, response, argument, text)
  }

  /// Sends a message as it is written, outside every transaction of libre's.
  func send(_ text: String, to peer: sa) {
    guard let buffer = mbuf_alloc(text.utf8.count) else { return }
    defer { mem_deref(buffer) }
    var peer = peer
    guard mbuf_write_str(buffer, text) == 0 else { return }
    mbuf_set_pos(buffer, 0)
    sip_send(handle, nil, libreTransport, &peer, buffer)
  }

  /// The address under which a user is reached here.
  func contact(_ user: String) -> String {
    local.with(port: port ?? 0).contact(user, over: transport)
  }

  /// Its INVITE is under way: refusals of it are shown to it before libre acts on them.
  func waits(_ inviter: any Inviter) { engine.waits(inviter) }

  /// A call is being hung up by libre.
  func willSayBye(in dialog: DialogRecord) { engine.willSayBye(in: dialog) }

  /// Acknowledges the answer to an INVITE that was not sent by a session; `dialog` carries its number.
  func acknowledge(_ dialog: DialogRecord, headers: String = "") {
    let routes = dialog.routes.map { "Route: \($0)\r\n" }.joined()
    _ = cc_request_once(
      handle, "ACK", dialog.target, route,
      "\(routes)To: \(dialog.remote)\r\nFrom: \(dialog.local)\r\nCall-ID: \(dialog.callID)\r\n"
        + "CSeq: \(dialog.sequence) ACK\r\nUser-Agent: \(Self.software)\r\n\(headers)"
        + "Content-Length: 0\r\n\r\n")
  }

  /// Why the last connection was refused here, if its certificate or its TLS was the reason.
  func takeRefusal() -> SafeText? { engine.takeRefusal() }

  /// Where calls begin.
  var sessionSocket: OpaquePointer? { engine.sessionSocket }
  /// Where the news of a transfer arrives; no subscription of others is taken.
  var eventSocket: OpaquePointer? { engine.eventSocket }
  /// libre's own handle, for answers and keepalives.
  var handle: OpaquePointer? { engine.handle }

  /// Lets go of everything and calls back when the last transaction is over.
  func close(_ done: @escaping () -> Void) { engine.close(done) }

  /// Sets what libre leaves as it was on the sockets it hides: a dead connection that the kernel notices, room
  /// for a datagram of any length.
  func tune(_ message: UnsafePointer<sip_msg>, keepalive: Int) {
    if let connection = sip_msg_tcpconn(message) {
      let descriptor = tcp_conn_fd(connection)
      for (level, name, value) in [
        (SOL_SOCKET, SO_KEEPALIVE, 1),
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
}
