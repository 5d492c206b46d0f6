// The zone of the times that are shown, read anew while the program runs.

import CCCore
import CCView

/// Keeps the table of the system's zone fresh: a desk may be open for a month, its table is not.
///
/// It is read again in every quarter of an hour that somebody asks in, which is where offsets change;
/// so a laptop that was carried into another zone, a wall clock that was set and rules that came with an
/// update are noticed too.
@MainActor final class LocalZone {
  /// How long a table is taken as it was read, in milliseconds.
  private static let quarter: Int64 = 900_000

  private let read: (Int64) -> Zone
  private var zone: Zone
  private var readAt: Int64

  /// Reads the zone for the first time; `read` makes the table round a moment of Unix milliseconds.
  init(at now: Instant, read: @escaping (Int64) -> Zone = { SystemZone.read(round: $0) }) {
    self.read = read
    readAt = now.unix
    zone = read(now.unix)
  }

  /// The zone as it is now.
  func at(_ now: Instant) -> Zone {
    if now.unix / Self.quarter != readAt / Self.quarter {
      readAt = now.unix
      zone = read(now.unix)
    }
    return zone
  }
}
