// Packets in the order in which they were sent.

/// A packet of sound as it came.
struct SoundPacket: Hashable {
  /// Its number (RTP's sequence number).
  var number: UInt16
  /// When its first sample was taken, on the codec's clock.
  var timestamp: UInt32
  var codec: Codec
  var bytes: [UInt8]
}

/// Holds packets that came too early, and says what is missing.
struct PacketQueue {
  /// What comes next.
  enum Next: Hashable {
    /// The packet that is due.
    case packet(SoundPacket)
    /// It is missing, and later ones are there; the one right after it, if that is.
    case lost(follower: SoundPacket?)
    /// Nothing is there.
    case nothing
  }

  /// What became of a packet that came.
  enum Verdict: Hashable { case taken, late, double, restart }

  /// In order; never more than `most`.
  private(set) var waiting: [SoundPacket] = []
  /// The number that is due; nil before the first packet.
  private var due: UInt16?
  private var source: UInt32?

  /// More than a second of them is no order any more.
  static let most = 64
  /// A number so far off is another stream's.
  private static let farthest: Int16 = 100

  /// Takes a packet; `source` is the sender's own mark (SSRC).
  mutating func put(_ packet: SoundPacket, source: UInt32) -> Verdict {
    var verdict = Verdict.taken
    if let known = self.source, known != source { verdict = .restart }
    if let due {
      let ahead = Int16(bitPattern: packet.number &- due)
      if ahead > Self.farthest || ahead < -Self.farthest {
        verdict = .restart
      } else if ahead < 0, verdict == .taken {
        return .late
      }
    }
    if verdict == .restart || waiting.count >= Self.most {
      verdict = .restart
      waiting = []
      due = nil
    }
    self.source = source
    let first = due ?? packet.number
    due = first
    let place = Int16(bitPattern: packet.number &- first)
    let index =
      waiting.firstIndex { Int16(bitPattern: $0.number &- first) >= place } ?? waiting.count
    if index < waiting.count, waiting[index].number == packet.number { return .double }
    waiting.insert(packet, at: index)
    return verdict
  }

  /// What comes next, without taking it.
  var next: Next {
    guard let due, let first = waiting.first else { return .nothing }
    if first.number == due { return .packet(first) }
    return .lost(follower: first.number == due &+ 1 ? first : nil)
  }

  /// Goes on to the number after the one that was due.
  mutating func advance() {
    guard let number = due else { return }
    if waiting.first?.number == number { waiting.removeFirst() }
    due = number &+ 1
  }

  /// Forgets everything.
  mutating func clear() {
    waiting = []
    due = nil
    source = nil
  }
}
