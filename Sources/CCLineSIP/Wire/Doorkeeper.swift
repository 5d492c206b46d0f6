// Who may connect, and who stays connected.

import CLibre

/// Keeps the listening socket's guests few, and those who say nothing away.
///
/// Only a telephone system connects to a telephone, so a stranger gets no further than here, and of those who
/// are let in each may have a few connections. Where there are too many, the one goes that has been silent
/// longest: who speaks is never shut out by who does not.
struct Doorkeeper {
  /// One who is in.
  struct Guest {
    var id: ObjectIdentifier
    var peer: sa
    var since: UInt64
    var spoke: UInt64?
  }

  /// What is done with one who knocks.
  enum Verdict: Equatable {
    case comesIn
    /// In place of these.
    case replaces([ObjectIdentifier])
    case staysOut
    /// He stays out, and nobody is asked in for so many milliseconds.
    case rests(Int)
  }

  private(set) var guests: [Guest] = []
  private var knocks = SecondCount()
  private var heard = SecondCount()

  /// Guests at once, and of one address.
  static let most = 24
  static let mostOfOne = 8
  /// Strangers in a second before the door rests.
  static let mostKnocks = 100
  /// Datagrams of strangers in a second that are looked at.
  static let mostHeard = 200
  /// Silence until one who never spoke goes, and one who did, in milliseconds.
  static let patience: UInt64 = 10_000
  static let idle: UInt64 = 300_000
  /// Descriptors that are kept for the registration, a call and a child.
  static let reserve = 48

  /// Somebody knocks; `free`: the descriptors that are left.
  mutating func knock(_ peer: sa, isTrusted: Bool, free: Int, at now: UInt64) -> Verdict {
    guard knocks.add(at: now) <= Self.mostKnocks else { return .rests(1_000) }
    guard isTrusted else { return .staysOut }
    guard free >= Self.reserve else { return .rests(2_000) }
    var leave: [ObjectIdentifier] = []
    let same = guests.filter { $0.peer.isSameHost(as: peer) }
    if same.count >= Self.mostOfOne, let quiet = Self.quietest(same) { leave.append(quiet) }
    if guests.count - leave.count >= Self.most, let quiet = Self.quietest(guests) {
      leave.append(quiet)
    }
    return leave.isEmpty ? .comesIn : .replaces(leave)
  }

  /// Those who never spoke go first, then those who spoke longest ago.
  private static func quietest(_ guests: [Guest]) -> ObjectIdentifier? {
    guests.min {
      ($0.spoke == nil ? 0 : 1, $0.spoke ?? $0.since) < (
        $1.spoke == nil ? 0 : 1, $1.spoke ?? $1.since
      )
    }?.id
  }

  /// Whether the datagram of a stranger is looked at: it may belong to a call that leads elsewhere.
  mutating func hearsStranger(at now: UInt64) -> Bool {
    heard.add(at: now) <= Self.mostHeard
  }

  /// He is in.
  mutating func enters(_ id: ObjectIdentifier, _ peer: sa, at now: UInt64) {
    guests.append(Guest(id: id, peer: peer, since: now))
  }

  /// He said something that made sense.
  mutating func speaks(_ id: ObjectIdentifier, at now: UInt64) {
    guard let place = guests.firstIndex(where: { $0.id == id }) else { return }
    guests[place].spoke = now
  }

  /// He is gone.
  mutating func leaves(_ id: ObjectIdentifier) { guests.removeAll { $0.id == id } }

  /// Who has been silent for too long.
  func silent(at now: UInt64) -> [ObjectIdentifier] {
    guests.filter { guest in
      guard let spoke = guest.spoke else { return now >= guest.since + Self.patience }
      return now >= spoke + Self.idle
    }.map(\.id)
  }

  /// When somebody may have been silent for too long; nil: nobody is in.
  var wakes: UInt64? {
    guests.map { $0.spoke.map { $0 + Self.idle } ?? $0.since + Self.patience }.min()
  }
}
