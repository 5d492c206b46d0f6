// What comes as datagrams, before libre reads it.

import CLibre

extension SIPGate {
  func datagram(
    _ peer: sa, _ bytes: UnsafeMutablePointer<mbuf>, _ socket: OpaquePointer?
  ) {
    let whole = UnsafeBufferPointer(start: mbuf_buf(bytes), count: mbuf_get_left(bytes))
    var good: [UInt8] = []
    if let (head, fault) = read(whole[...], from: peer, &good),
      let answer = refused(head, fault, from: peer)
    {
      var peer = peer
      _ = cc_wire_send(socket, &peer, answer, answer.count)
    }
    _ = cc_wire_hand_on(bytes, good, good.count)
  }

  private func read(
    _ whole: MessageHead.Bytes, from peer: sa, _ good: inout [UInt8]
  ) -> (MessageHead?, Fault)? {
    let bytes = whole.drop { $0 == 0x0D || $0 == 0x0A || $0 == 0 }
    // A keepalive of empty lines or zeros.
    guard let first = bytes.first else { return nil }
    let isTrusted = trusted.contains(peer)
    guard isTrusted || door.hearsStranger(at: Timer.now) else {
      owner?.droppedStranger(from: peer)
      return nil
    }
    // STUN begins with two bits that no text has (RFC 5389 section 6).
    if first < 4 {
      if isTrusted { good += whole }
      return nil
    }
    let end = MessageHead.end(in: bytes)
    let head = MessageHead(bytes[..<(end ?? bytes.endIndex)])
    guard let end else { return isTrusted ? (head, .unfinished) : nil }
    let rest = bytes.endIndex - end
    var length = rest
    switch head.length {
    case .bytes(let said) where said <= rest: length = said
    case .bytes: return isTrusted ? (head, .tooShort) : nil
    case .unreadable: return isTrusted ? (head, .unreadable(.contentLength)) : nil
    case .missing: break
    }
    // What follows the end is of nobody (RFC 3261 section 18.3).
    let message = bytes[..<(end + length)]
    switch verdict(head, message, body: message[end...], from: peer) {
    case .asItIs: good += message
    case .instead(let mended): good += mended
    case .refused(let fault): return isTrusted ? (head, fault) : nil
    }
    return nil
  }
}
