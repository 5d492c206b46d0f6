// All that SIP hears, before libre hears it.

import CCCore
import CLibre
import Glibc

/// What the gate tells.
protocol SIPGateOwner: AnyObject {
  /// So many messages could not be read since the start; the last one in words.
  func unreadable(_ total: Int, _ last: SafeText)
  /// What comes next on the way to a peer may be misread, or is no SIP at all.
  func lostTheEnd(from peer: sa)
  /// A connection that was made to a peer is gone; what spoke there, if it was not SIP.
  func lostWay(to peer: sa, _ strange: SafeText?)
  /// Somebody who is nobody to us spoke, or knocked.
  func droppedStranger(from address: sa)
}

/// Stands between the sockets and libre: cuts streams into messages, keeps from libre what it cannot read,
/// answers 400 to it, and lets only those speak who are trusted.
///
/// libre's own reading ends a connection at the first header that it cannot read, waits for ever behind a
/// first line that is none, and takes whoever connects.
final class SIPGate {
  /// The one of this program: the sockets are the process's.
  nonisolated(unsafe) static let shared = SIPGate()

  weak var owner: SIPGateOwner?
  /// Whose requests count.
  var trusted = TrustedSources()
  /// When something that was asked was answered last, by who answered.
  private var answers: [String: UInt64] = [:]
  private var ways: [ObjectIdentifier: Way] = [:]
  private var sent = SentRequests()
  private var unreadable = Unreadable()
  var door = Doorkeeper()
  private var isWatching = false
  private lazy var clock = Timer()
  private lazy var telling = Timer()
  private lazy var rest = Timer()
  private lazy var later = Timer()
  private var lost: [sa] = []
  private var gone: [(peer: sa, strange: SafeText?)] = []
  private let tag = SIPText.mark()

  /// Watches the sockets that are opened from now on.
  func watch(for owner: SIPGateOwner) {
    self.owner = owner
    guard !isWatching else { return }
    isWatching = true
    let handlers = UnsafeMutablePointer<cc_wire>.allocate(capacity: 1)
    handlers.initialize(to: Self.handlers)
    cc_wire_watch(handlers, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Whether libre lets itself be watched.
  var isInPlace: Bool { cc_wire_is_watched() }

  // MARK: Ways

  /// The connections to a peer that were made from here.
  func ways(to peer: sa) -> [Way] {
    ways.values.filter { !$0.isTaken && $0.peer.hostPort == peer.hostPort }
  }

  /// Lets go of the connections to a peer that were made from here.
  func drop(_ peer: sa, _ error: Int32) {
    for way in ways(to: peer) { way.drop(error) }
  }

  /// The address that the connection to a peer leaves from; nil: there is none.
  func local(toward peer: sa) -> sa? { ways(to: peer).lazy.compactMap(\.local).first }

  func opened(_ handle: OpaquePointer, _ peer: sa, isTaken: Bool) -> Way {
    let way = Way(handle, peer: peer, isTaken: isTaken, gate: self)
    ways[ObjectIdentifier(way)] = way
    if isTaken { door.enters(ObjectIdentifier(way), peer, at: Timer.now) }
    plan()
    return way
  }

  func ended(_ way: Way) {
    ways[ObjectIdentifier(way)] = nil
    door.leaves(ObjectIdentifier(way))
    if way.hasLostTheEnd { _ = refused(nil, .unfinished, from: way.peer) }
    guard !way.isTaken else { return }
    gone.append((way.peer, way.strangeness))
    tellLater()
  }

  func spoke(_ way: Way) { if way.isTaken { door.speaks(ObjectIdentifier(way), at: Timer.now) } }

  /// Something may be wrong with what comes next.
  func lostTheEnd(on way: Way) {
    lost.append(way.peer)
    tellLater()
  }

  /// When libre is through with what came, and with what is gone.
  private func tellLater() {
    later.start(after: 0) { [unowned self] in
      let (peers, ends) = (lost, gone)
      (lost, gone) = ([], [])
      for end in ends { owner?.lostWay(to: end.peer, end.strange) }
      var told: Set<String> = []
      for peer in peers where told.insert(peer.hostPort).inserted {
        owner?.lostTheEnd(from: peer)
      }
    }
  }

  /// The clock is looked at when something may have waited for too long.
  func plan() {
    let wakes = ways.values.compactMap(\.wakes).min()
    guard let next = [wakes, door.wakes].compactMap(\.self).min() else { return clock.cancel() }
    let now = Timer.now
    clock.start(after: next > now ? Int(next - now) : 1) { [unowned self] in look() }
  }

  private func look() {
    let now = Timer.now
    // What one brings about may end another.
    for id in Array(ways.keys) { ways[id]?.tick(now) }
    for id in door.silent(at: now) { ways[id]?.drop(ETIMEDOUT) }
    plan()
  }

  // MARK: Messages

  /// What is done with a whole message.
  func verdict(
    _ head: MessageHead, _ bytes: MessageHead.Bytes, body: MessageHead.Bytes, from peer: sa
  ) -> MessageCheck.Verdict {
    switch head.start {
    case .status, .badStatus:
      guard sent.expects(head, from: peer, isTrusted: trusted.contains(peer)) else {
        return .refused(.stray)
      }
      heardAnswer(from: peer)
    case .request, .foreignVersion, nil: break
    }
    return MessageCheck.verdict(head, bytes, body: body)
  }

  private func heardAnswer(from peer: sa) {
    if answers.count >= TrustedSources.most { answers = [:] }
    answers[peer.hostPort] = Timer.now
  }

  /// When a peer last answered something that was asked, in milliseconds; nil: never.
  func answered(by peer: sa) -> UInt64? { answers[peer.hostPort] }

  /// What speaks at a peer instead of SIP; nil where nothing did, or SIP does.
  func strangeness(of peer: sa) -> SafeText? {
    ways(to: peer).lazy.compactMap(\.strangeness).first
  }

  /// A message is of no use; what is answered to it, if anything.
  func refused(_ head: MessageHead?, _ fault: Fault, from peer: sa) -> [UInt8]? {
    let now = Timer.now
    unreadable.add(fault, from: peer.host)
    if let wait = unreadable.tellsIn(at: now), unreadable.untold == 1 {
      telling.start(after: wait) { [unowned self] in
        if let (total, words) = unreadable.tell(at: Timer.now) { owner?.unreadable(total, words) }
      }
    }
    guard let head, unreadable.mayAnswer(at: now) else { return nil }
    return BadRequest.answer(to: head, for: fault, from: peer, tag: tag)
  }

  func sending(_ bytes: UnsafeBufferPointer<UInt8>, to peer: sa) {
    guard let first = bytes.first, first != UInt8(ascii: "\r"),
      !bytes.starts(with: "SIP/".utf8)
    else { return }
    sent.add(MessageHead(bytes[...]), to: peer)
  }

  // MARK: The door

  func knocks(_ peer: sa) -> Bool {
    let isTrusted = trusted.contains(peer)
    if !isTrusted { owner?.droppedStranger(from: peer) }
    switch door.knock(peer, isTrusted: isTrusted, free: Self.freeDescriptors, at: Timer.now) {
    case .comesIn: return true
    case .replaces(let guests):
      for guest in guests { ways[guest]?.drop(ECONNABORTED) }
      return true
    case .staysOut: return false
    case .rests(let milliseconds):
      cc_wire_rest(true)
      rest.start(after: milliseconds) { cc_wire_rest(false) }
      return false
    }
  }

  /// How many descriptors can still be opened, as far as the next one tells.
  private static var freeDescriptors: Int {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    let next = dup(STDERR_FILENO)
    guard next >= 0 else { return 0 }
    close(next)
    return Int(clamping: limit.rlim_cur) - Int(next)
  }
}
