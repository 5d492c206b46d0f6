// Which packet of a stream this is, beyond the sixteen bits that it carries.

/// The index of the packets of one source (RFC 3711 section 3.3.1), and which of them were seen.
///
/// Nothing here moves before a packet has proved that it knows the key: `guess` only looks, `accept` moves.
struct PacketIndex: Hashable {
  /// How often the number has begun anew.
  private var rounds: UInt32 = 0
  /// The highest number of this round.
  private var highest: UInt16
  private var seen = SeenPackets()

  /// The source is heard for the first time, with this number.
  init(first number: UInt16) { highest = number }

  /// The index that a number most likely has; nil: it is from before the beginning.
  func guess(_ number: UInt16) -> UInt64? {
    let distance = Int(number) - Int(highest)
    if highest < 0x8000, distance > 0x8000 {
      return rounds == 0 ? nil : UInt64(rounds - 1) << 16 | UInt64(number)
    }
    let isNext = highest >= 0x8000 && distance < -0x8000
    return (UInt64(rounds) + (isNext ? 1 : 0)) << 16 | UInt64(number)
  }

  /// Takes a packet that was authenticated; false: it came before, or is too old to know.
  mutating func accept(_ index: UInt64) -> Bool {
    guard seen.take(index) else { return false }
    let round = UInt32(truncatingIfNeeded: index >> 16)
    if round > rounds {
      (rounds, highest) = (round, UInt16(truncatingIfNeeded: index))
    } else if round == rounds {
      highest = max(highest, UInt16(truncatingIfNeeded: index))
    }
    return true
  }
}

/// A window over the packets that came last (RFC 3711 section 3.3.2).
struct SeenPackets: Hashable {
  private var last: UInt64?
  private var bits: UInt64 = 0

  /// How many packets behind the newest are known.
  static let window: UInt64 = 64

  /// Takes one; false: it came before, or is too old to know.
  mutating func take(_ index: UInt64) -> Bool {
    guard let last else {
      (self.last, bits) = (index, 1)
      return true
    }
    if index > last {
      let step = index - last
      bits = step < Self.window ? bits << step | 1 : 1
      self.last = index
      return true
    }
    let age = last - index
    guard age < Self.window, bits & 1 << age == 0 else { return false }
    bits |= 1 << age
    return true
  }
}
