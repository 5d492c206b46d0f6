// Where the C of the sockets calls the gate.

import CLibre

extension SIPGate {
  private static func of(_ context: UnsafeMutableRawPointer?) -> SIPGate? {
    context.map { Unmanaged<SIPGate>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func way(_ owner: UnsafeMutableRawPointer?) -> Way? {
    owner.map { Unmanaged<Way>.fromOpaque($0).takeUnretainedValue() }
  }

  static var handlers: cc_wire {
    cc_wire(
      opened: { handle, peer, isTaken, context in
        guard let gate = SIPGate.of(context), let handle, let peer else { return nil }
        let way = gate.opened(handle, peer.pointee, isTaken: isTaken)
        return Unmanaged.passRetained(way).toOpaque()
      },
      ended: { owner in
        guard let owner else { return }
        let way = Unmanaged<Way>.fromOpaque(owner).takeRetainedValue()
        SIPGate.shared.ended(way)
      },
      came: { owner, bytes in
        guard let bytes else { return }
        SIPGate.way(owner)?.came(bytes)
      },
      sends: { owner, bytes, count in
        guard let way = SIPGate.way(owner), let bytes else { return }
        SIPGate.shared.sending(UnsafeBufferPointer(start: bytes, count: count), to: way.peer)
      },
      datagram: { peer, bytes, socket, context in
        guard let peer, let bytes else { return }
        SIPGate.of(context)?.datagram(peer.pointee, bytes, socket)
      },
      sendsDatagram: { peer, bytes, count, context in
        guard let peer, let bytes else { return }
        SIPGate.of(context)?.sending(
          UnsafeBufferPointer(start: bytes, count: count), to: peer.pointee)
      },
      knocks: { peer, context in
        guard let peer else { return false }
        return SIPGate.of(context)?.knocks(peer.pointee) ?? false
      })
  }
}
