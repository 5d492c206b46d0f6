// What changed on the floor lately, for all agents together.

/// One change of an agent, as the floor saw it.
public struct FloorChange: Hashable, Sendable {
  /// Nanoseconds of the reader's monotonic clock.
  public var uptime: Int64
  /// The status from then on; nil: not known.
  public var seat: Seat?
  /// The call from then on, if there was one.
  public var call: CallReport.Status?

  /// Makes a change.
  public init(uptime: Int64, seat: Seat?, call: CallReport.Status? = nil) {
    self.uptime = uptime
    self.seat = seat
    self.call = call
  }
}

/// The last changes of a floor in one ring, each linked to the one before of the same agent.
///
/// A ring a floor, not a list an agent: a small floor remembers hours of everybody, one of 100,000
/// agents the last minutes, and both take the same few megabytes at most.
struct ChangeLog: Sendable {
  /// The most changes that are kept.
  static let capacity = 1 << 17

  private struct Entry: Sendable {
    var uptime: Int64
    /// The number of the change before it of the same slot; -1: none.
    var before: Int64
    var seat: Int16
    var call: UInt8
  }

  private var ring: [Entry] = []
  /// How many changes there have been.
  private var count: Int64 = 0
  /// The number of each slot's last change; -1: none.
  private var last: [Int64] = []

  mutating func add(_ change: FloorChange, of slot: Int32) {
    while last.count <= slot { last.append(-1) }
    // A seat and its call come one after the other: that is one change.
    if let place = place(of: last[Int(slot)]), ring[place].seat == Self.code(change.seat),
      ring[place].call == 0, change.uptime.minus(ring[place].uptime) < Instant.second
    {
      ring[place].call = UInt8(change.call?.rawValue ?? 0)
      return
    }
    let entry = Entry(
      uptime: change.uptime, before: last[Int(slot)],
      seat: Self.code(change.seat),
      call: UInt8(change.call?.rawValue ?? 0))
    if ring.count < Self.capacity {
      ring.append(entry)
    } else {
      ring[Int(count) % Self.capacity] = entry
    }
    last[Int(slot)] = count
    count += 1
  }

  /// The changes of a slot that are still kept, the newest first, at most `limit`.
  func changes(of slot: Int32, limit: Int) -> [FloorChange] {
    var result: [FloorChange] = []
    var number = slot < last.count ? last[Int(slot)] : -1
    while let place = place(of: number), result.count < limit {
      let entry = ring[place]
      result.append(
        FloorChange(
          uptime: entry.uptime, seat: entry.seat < 0 ? nil : Seat(code: Int(entry.seat)),
          call: CallReport.Status(rawValue: Int(entry.call))))
      number = entry.before
    }
    return result
  }

  /// Where a change stands; nil if it is forgotten, or was none.
  private func place(of number: Int64) -> Int? {
    number >= 0 && number >= count - Int64(ring.count) ? Int(number) % Self.capacity : nil
  }

  private static func code(_ seat: Seat?) -> Int16 { seat.map { Int16(clamping: $0.code) } ?? -1 }
}
