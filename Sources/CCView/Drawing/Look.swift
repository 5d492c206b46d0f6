// What a picture needs to know beside the desk: the zone of its times, and what the terminal can show.

import CCCore

/// How times of day are told: a table of offsets, filled from the system's zone by whoever has a clock.
public struct Zone: Hashable, Sendable {
  /// From this moment on, so many seconds east of Greenwich.
  public struct Change: Hashable, Sendable {
    /// Unix milliseconds.
    public var from: Int64
    /// Seconds east.
    public var secondsEast: Int
    /// Makes a change.
    public init(from: Int64, secondsEast: Int) {
      self.from = from
      self.secondsEast = secondsEast
    }
  }

  /// The changes, oldest first.
  public let changes: [Change]

  /// Makes a zone; before its first change the first offset holds.
  public init(_ changes: [Change]) {
    self.changes = changes.sorted { $0.from < $1.from }
  }

  /// Greenwich.
  public static let utc = Zone([])

  /// Seconds since local midnight of 1 January 1970.
  func local(_ unix: Int64) -> Int {
    let change = changes.last { $0.from <= unix } ?? changes.first
    return Int((unix - (unix < 0 ? 999 : 0)) / 1000) + (change?.secondsEast ?? 0)
  }

  /// The local day, counted from 1 January 1970.
  public func day(_ unix: Int64) -> Int {
    let seconds = local(unix)
    return seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
  }

  /// Unix milliseconds of the next local midnight; on a day of a clock change up to an hour off.
  public func nextDay(after unix: Int64) -> Int64 {
    let second = local(unix) - day(unix) * 86_400
    return unix - unix % 1000 + Int64(86_400 - second) * 1000
  }

  /// `14:03`.
  public func minute(_ unix: Int64) -> String {
    let second = local(unix) - day(unix) * 86_400
    return Durations.two(second / 3600) + ":" + Durations.two(second / 60 % 60)
  }

  /// `14:03:07`.
  public func clock(_ unix: Int64) -> String {
    minute(unix) + ":" + Durations.two((local(unix) - day(unix) * 86_400) % 60)
  }
}

/// How the screen is to look.
public struct Look: Hashable, Sendable {
  /// The zone of the times.
  public var zone: Zone
  /// Whether only ASCII can be shown.
  public var ascii: Bool
  /// The header that carries the info with a call, for the Info panel's title; nil: it stays here.
  public var infoHeader: SafeText?
  /// Whose numbers these are (`numbers.country`), for the floor; a desk knows it itself.
  public var numbering: Numbering

  /// Makes a look.
  public init(
    zone: Zone, ascii: Bool = false, infoHeader: SafeText? = nil, numbering: Numbering = Numbering()
  ) {
    self.numbering = numbering
    self.zone = zone
    self.ascii = ascii
    self.infoHeader = infoHeader
  }
}
