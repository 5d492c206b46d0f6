// One connection of SIP, read here before libre.

import CCCore
import CLibre

/// A connection that was made or taken, from its opening to its end.
final class Way {
  let peer: sa
  /// Whether the peer connected to us.
  let isTaken: Bool
  private let handle: OpaquePointer
  private unowned let gate: SIPGate
  private var reader = StreamReader()
  private var isPinged = false
  /// What was last heard that is SIP, in milliseconds; nil: nothing yet.
  private(set) var spoke: UInt64?
  /// What was heard before that, as it began.
  private var firstBytes: [UInt8]?

  init(_ handle: OpaquePointer, peer: sa, isTaken: Bool, gate: SIPGate) {
    self.handle = handle
    self.peer = peer
    self.isTaken = isTaken
    self.gate = gate
  }

  /// The address that it leaves from; nil where the system does not say.
  var local: sa? {
    var local = sa()
    return cc_way_local(handle, &local) == 0 ? local : nil
  }

  /// What speaks there instead of SIP, in words; nil where it may be SIP.
  var strangeness: SafeText? { firstBytes.flatMap(Strangeness.words) }

  /// When the clock is to be looked at.
  var wakes: UInt64? { reader.wakes }

  /// Whether something waits whose end was not found.
  var hasLostTheEnd: Bool { reader.waiting > 0 && reader.saidEndIsLost }

  /// Lets go of it at once; what waits on it hears the error.
  func drop(_ error: Int32) { cc_way_drop(handle, error) }

  /// Sends bytes past libre.
  func send(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    _ = cc_way_send(handle, bytes, bytes.count)
  }

  /// Bytes came: whole messages that can be read stay in them, and nothing else.
  func came(_ bytes: UnsafeMutablePointer<mbuf>) {
    let chunk = UnsafeBufferPointer(start: mbuf_buf(bytes), count: mbuf_get_left(bytes))
    if spoke == nil, firstBytes == nil {
      firstBytes = Array(chunk.prefix(64))
      if strangeness != nil { gate.lostTheEnd(on: self) }
    }
    var good: [UInt8] = []
    isPinged = false
    reader.feed(chunk, at: Timer.now) { take($0, &good) }
    _ = cc_wire_hand_on(bytes, good, good.count)
    gate.plan()
  }

  /// The clock was looked at; what is whole now and was not before goes to libre by the next bytes.
  func tick(_ now: UInt64) {
    var good: [UInt8] = []
    reader.tick(now) { take($0, &good) }
    if !good.isEmpty { cc_way_read(handle, good, good.count) }
  }

  private func take(_ piece: StreamReader.Piece, _ good: inout [UInt8]) -> Bool {
    switch piece {
    case .message(let head, let bytes, let body):
      let verdict = gate.verdict(head, bytes, body: body, from: peer)
      switch verdict {
      case .asItIs: good += bytes
      case .instead(let mended): good += mended
      case .refused(let fault):
        refuse(head, fault)
        return false
      }
      spoke = Timer.now
      firstBytes = nil
      gate.spoke(self)
    case .ping:
      // Once for whatever came together: a flood of empty lines is answered by one.
      if !isPinged { send(Array("\r\n".utf8)) }
      isPinged = true
    case .unreadable(let head, let fault): refuse(head, fault)
    case .endIsLost: gate.lostTheEnd(on: self)
    }
    return true
  }

  private func refuse(_ head: MessageHead?, _ fault: Fault) {
    if let answer = gate.refused(head, fault, from: peer) { send(answer) }
  }
}
