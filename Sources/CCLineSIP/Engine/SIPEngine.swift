// libre's SIP as it is held and let go.

import CCCore
import CLibre
import Glibc

/// What a `Stack` is made of: libre's handle and all that libre calls back for it.
///
/// libre frees its SIP when nothing uses it any more, and that may be half a minute after we let go: a BYE
/// waits for its answer. Until then this lives, and with it the certificates, so that what still comes is
/// heard. It ends when libre says that it has.
final class SIPEngine {
  private weak var stack: Stack?
  private weak var owner: StackOwner?
  private let sip = Slot()
  private let sessions = Slot()
  private let events = Slot()
  private let gates = [Slot(), Slot()]
  private let ticket = Ticket()
  // libre's TLS keeps the address of what it writes down there.
  private let certificates: TLSContext?
  private let registrar: sa
  private var capabilities = Capabilities()
  /// The handle while libre closes it.
  private var closing: OpaquePointer?
  private var closed: (() -> Void)?
  private let farewell = Timer()
  /// The calls that were hung up last: their BYE may be challenged.
  private var goodbyes: [DialogRecord] = []

  private struct Waiting { weak var inviter: (any Inviter)? }
  /// Those whose INVITE nobody has answered.
  private var waiting: [Waiting] = []

  /// Those that were let go and that libre still uses.
  private static let leaving = Lock<[SIPEngine]>([])

  init(registrar: sa, certificates: TLSContext?, owner: StackOwner) {
    self.registrar = registrar
    self.certificates = certificates
    self.owner = owner
  }

  /// libre's handle; nil once it is let go.
  var handle: OpaquePointer? { sip.object }
  var sessionSocket: OpaquePointer? { sessions.object }
  var eventSocket: OpaquePointer? { events.object }
  /// Why the last connection was refused here, if its certificate or its TLS was the reason.
  func takeRefusal() -> SafeText? { certificates?.takeRefusal() }

  /// Among how many lists libre divides its transactions: each lives up to 32 s (RFC 3261 section
  /// 17.1.1.2), and every message is sought in one of them.
  private static let buckets: UInt32 = 256

  /// Opens it for a stack; libre's error number, or 0.
  func open(
    for stack: Stack, _ transport: sip_transp, at places: [sa]
  ) -> Int32 {
    capabilities = stack.capabilities
    self.stack = stack
    let me = ticket.of(self)
    var error = sip_alloc(
      sip.place, nil, Self.buckets, Self.buckets, 32, capabilities.signature,
      { SIPEngine.onExit($0) }, me)
    guard error == 0 else { return error }
    for place in places {
      var place = place
      error = cc_transport(sip.object, transport, &place, certificates?.handle)
      if error == 0 { break }
    }
    // Before libre itself: what nobody waits for must not get as far.
    if error == 0 {
      error = cc_listen_first(gates[0].place, sip.object, true, { SIPEngine.onRequest($0, $1) }, me)
    }
    if error == 0 {
      error = cc_listen_first(gates[1].place, sip.object, false, { SIPEngine.onAnswer($0, $1) }, me)
    }
    // Behind libre's transactions: what none of them waits for.
    if error == 0 {
      error = sip_listen(nil, sip.object, false, { SIPEngine.onLateAnswer($0, $1) }, me)
    }
    if error == 0 {
      error = sip_listen(nil, sip.object, true, { SIPEngine.onLateRequest($0, $1) }, me)
    }
    if error == 0 {
      error = sipsess_listen(
        sessions.place, sip.object, 32, { SIPEngine.onInvite($0, $1) }, me)
    }
    if error == 0 { error = sipevent_listen(events.place, sip.object, 8, 8, nil, nil) }
    guard error == 0 else { return error }
    sip_set_trace_handler(sip.object) { sending, _, _, peer, packet, length, argument in
      SIPEngine.onTrace(sending, peer, packet, length, argument)
    }
    return 0
  }

  /// Lets go of it, and calls back when the last transaction is over and libre has let go too.
  func close(_ done: (() -> Void)? = nil) {
    if let done { closed = done }
    guard let object = sip.object else {
      if closing == nil { over() }
      return
    }
    sessions.release()
    events.release()
    Self.leaving.with { $0.append(self) }
    // From here it is libre's, which calls back at the end, perhaps at once.
    closing = object
    sip.place.pointee = nil
    sip_close(object, false)
  }

  /// Its INVITE is under way: refusals of it are shown to it before libre acts on them.
  func waits(_ inviter: any Inviter) {
    waiting.removeAll { $0.inviter == nil || $0.inviter === inviter }
    waiting.append(Waiting(inviter: inviter))
  }

  /// A call is being hung up by libre.
  func willSayBye(in dialog: DialogRecord) {
    goodbyes = goodbyes.suffix(7) + [dialog]
  }

  private func over() {
    let closed = self.closed
    self.closed = nil
    closed?()
  }

  private static func onExit(_ argument: UnsafeMutableRawPointer?) {
    Ticket.holder(argument, as: SIPEngine.self)?.exits()
  }

  /// libre is just freeing it, and hands it back once more: it goes when libre is through with that.
  private func exits() {
    farewell.start(after: 0) { [self] in
      if let object = closing { mem_deref(UnsafeMutableRawPointer(object)) }
      closing = nil
      over()
      Self.leaving.with { leaving in leaving.removeAll { $0 === self } }
    }
  }

  // MARK: libre's callbacks

  private static func onInvite(
    _ message: UnsafePointer<sip_msg>?, _ argument: UnsafeMutableRawPointer?
  ) {
    guard let engine = Ticket.holder(argument, as: SIPEngine.self), let message else { return }
    guard let stack = engine.stack, let owner = engine.owner else {
      _ = sip_treply(nil, engine.usable, message, 480, Reasons.phrase(480))
      return
    }
    owner.invited(message, on: stack)
  }

  /// The handle, also while it is closed.
  private var usable: OpaquePointer? { sip.object ?? closing }

  /// True: taken, nobody else sees it.
  private static func onRequest(
    _ message: UnsafePointer<sip_msg>?, _ argument: UnsafeMutableRawPointer?
  ) -> Bool {
    guard let engine = Ticket.holder(argument, as: SIPEngine.self), let message else { return true }
    return engine.take(message)
  }

  private func take(_ message: UnsafePointer<sip_msg>) -> Bool {
    let source = message.pointee.src
    let isTrusted = source.isSameHost(as: registrar) || SIPGate.shared.trusted.contains(source)
    if !isTrusted, owner?.isKnown(message) != true {
      owner?.droppedStranger(from: message.pointee.src)
      return true
    }
    guard message.pointee.from.auri.l > 0, message.pointee.to.auri.l > 0,
      message.pointee.callid.l > 0, message.pointee.cseq.met.l > 0, message.pointee.via.branch.l > 0
    else { return true }
    let isInCall = message.pointee.to.tag.l > 0
    switch message.pointee.met.text {
    case "OPTIONS" where isInCall && owner?.isKnown(message) != true:
      // Who asks for a call of ours that is none any more is told so.
      _ = cc_reply(usable, message, 481, Reasons.phrase(481), nil)
    case "OPTIONS": _ = cc_reply(usable, message, 200, "OK", "Accept: application/sdp\r\n")
    case "INVITE" where isInCall && owner?.isBusyChanging(message) == true:
      _ = sip_treply(nil, usable, message, 491, Reasons.phrase(491))
    case "NOTIFY" where isInCall: return owner?.takesNotify(message) ?? false
    case "CANCEL", "BYE":
      // libre tells of the end and not of its reason.
      owner?.willEnd(by: message)
      return false
    default: return false
    }
    return true
  }

  private static func onAnswer(
    _ message: UnsafePointer<sip_msg>?, _ argument: UnsafeMutableRawPointer?
  ) -> Bool {
    guard let engine = Ticket.holder(argument, as: SIPEngine.self), let message else { return true }
    if engine.owner?.isNobodys(message) == true { return true }
    let isRefusal = message.code >= 400 && message.pointee.cseq.met.text == "INVITE"
    let waiting = isRefusal ? engine.waiting : []
    if waiting.contains(where: { $0.inviter?.triesAgain(after: message) == true }) {
      cc_send_again(message)
    }
    return false
  }

  private static func onLateAnswer(
    _ message: UnsafePointer<sip_msg>?, _ argument: UnsafeMutableRawPointer?
  ) -> Bool {
    guard let engine = Ticket.holder(argument, as: SIPEngine.self), let message else {
      return false
    }
    return engine.owner?.takesLate(message, on: engine.stack) ?? false
  }

  private static func onLateRequest(
    _ message: UnsafePointer<sip_msg>?, _ argument: UnsafeMutableRawPointer?
  ) -> Bool {
    guard let message else { return false }
    if message.pointee.met.text == "ACK" { return onLateAnswer(message, argument) }
    return Ticket.holder(argument, as: SIPEngine.self)?.answer(message) ?? false
  }

  /// A request that libre has no transaction for: by the rules, true if it is done with.
  private func answer(_ message: UnsafePointer<sip_msg>) -> Bool {
    switch message.kind(isOfCall: owner?.isKnown(message) == true).verdict(capabilities) {
    case .pass: return false
    case .forCall:
      if owner?.asked(message) != true {
        _ = sip_treply(nil, usable, message, 481, Reasons.phrase(481))
      }
      return true
    case .answer(let code, let headers):
      _ = cc_reply(usable, message, UInt16(code), Reasons.phrase(code), headers)
      return true
    }
  }

  private static func onTrace(
    _ sending: Bool, _ peer: UnsafePointer<sa>?, _ packet: UnsafePointer<UInt8>?, _ length: Int,
    _ argument: UnsafeMutableRawPointer?
  ) {
    guard let packet, let engine = Ticket.holder(argument, as: SIPEngine.self),
      let owner = engine.owner
    else { return }
    // Over TCP empty lines may come first.
    let bytes = UnsafeBufferPointer(start: packet, count: length).drop {
      $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n")
    }
    if !sending, owner.awaitsEnds, let message = decoded(bytes) {
      defer { mem_deref(message) }
      owner.arrived(message)
    }
    let concerns =
      sending
      ? bytes.starts(with: "INVITE ".utf8) || bytes.starts(with: "SIP/2.0 1".utf8)
      : bytes.count > 12 && bytes.starts(with: "SIP/2.0 ".utf8)
        && (UInt8(ascii: "3")...UInt8(ascii: "6")).contains(bytes[bytes.startIndex + 8])
    guard concerns, let message = decoded(bytes) else { return }
    defer { mem_deref(message) }
    if !sending {
      engine.failed(message)
    } else if let peer {
      owner.sent(message, to: peer.pointee)
    }
  }

  private func failed(_ message: UnsafePointer<sip_msg>) {
    if message.code == 401 || message.code == 407, message.pointee.cseq.met.text == "BYE",
      let index = goodbyes.firstIndex(where: { $0.callID == message.pointee.callid.text })
    {
      // Its own BYE may meet another challenge, and is answered for itself.
      let dialog = goodbyes.remove(at: index)
      owner?.byeChallenged(in: dialog, message.challenges, on: stack)
    }
    owner?.failed(message)
  }

  /// A message as libre reads it, to be let go of by `mem_deref`; its buffer stands at its body.
  static func decoded(
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
}
