// Where sound may be sent, and from where it is taken.

import CLibre

/// A peer's description names any address it likes; sound goes only where a telephone can be.
struct MediaAddress {
  /// Our own address: loopback is right only for those who are on it.
  var local: sa

  /// Whether sound may go there.
  func maySend(to address: sa) -> Bool {
    !address.isForMany && !address.isAny && address.port != 0
      && (!address.isLoopback || local.isLoopback)
  }

  /// Whether a description may be accepted: `0.0.0.0` is an old way to say hold, and nothing goes there.
  func mayAccept(_ address: sa) -> Bool {
    !address.isForMany && (!address.isLoopback || local.isLoopback)
  }
}

/// Who is heard: the negotiated address, or else the first one that spoke.
struct HeardSource {
  private var negotiated: sa?
  private var pinned: sa?

  /// A new description: the choice begins anew.
  mutating func negotiate(_ address: sa?) {
    negotiated = address
    pinned = nil
  }

  /// Whether a packet from there may be taken: who has begun to speak, or the negotiated address.
  func mayBeHeard(_ source: sa) -> Bool {
    guard let pinned else { return true }
    return Self.same(pinned, source) || negotiated.map { Self.same($0, source) } == true
  }

  /// Whether a word about the sound may be taken from there: it comes from another port of the same host.
  func mayControl(_ source: sa) -> Bool {
    [pinned, negotiated].contains { $0?.isSameHost(as: source) == true }
  }

  /// Its packet was taken: it is the one that is heard.
  mutating func hear(_ source: sa) { pinned = source }

  private static func same(_ one: sa, _ two: sa) -> Bool {
    one.isSameHost(as: two) && one.port == two.port
  }
}
