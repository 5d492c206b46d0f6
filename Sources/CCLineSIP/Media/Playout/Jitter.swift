// How unevenly packets come, and so how long each has to wait.

/// Follows the arrivals of a stream, all in milliseconds.
///
/// The quickest packet of the last seconds is the measure; how much later the others come decides the
/// wait. It grows at once, stays for two seconds, since a way that stood still is likely to do it again,
/// and then shrinks.
struct Jitter {
  /// Arrival minus sending of the quickest packets: of this window and of the one before.
  private var quickest: (now: Double, before: Double)?
  private var windowEnds = 0.0
  /// How late packets are, as a peak that fades.
  private var peak = 0.0
  /// When packets were about as late as that.
  private var peaked = -Double.infinity

  /// The least wait: for what a loop and a device are late by themselves.
  static let least = 8.0
  /// The most: longer waits make a talk impossible.
  static let most = 240.0
  private static let window = 2_000.0
  private static let other = 1_000.0
  /// What is left of the peak after each packet: half of it in two seconds.
  private static let fading = 0.99309
  /// For so long it does not fade.
  private static let hold = 2_000.0
  /// Nearly as late as the latest is as late.
  private static let nearly = 0.9

  /// The base of the schedule: a packet sent at `t` comes at `t + base` at best.
  var base: Double? { quickest.map { min($0.now, $0.before) } }

  /// How long a packet that comes at its best waits until it is played.
  var wait: Double { min(Self.most, max(Self.least, peak + Self.least / 2)) }

  /// A packet that was sent at `sent` came at `now`.
  mutating func arrived(at now: Double, sent: Double) {
    let transit = now - sent
    // A second off is no jitter: the sender paused its clock, or began another.
    guard var quickest, abs(transit - min(quickest.now, quickest.before)) < Self.other else {
      self.quickest = (transit, transit)
      windowEnds = now + Self.window
      return
    }
    if now >= windowEnds {
      quickest = (transit, quickest.now)
      windowEnds = now + Self.window
    }
    quickest.now = min(quickest.now, transit)
    self.quickest = quickest
    if now - peaked > Self.hold { peak *= Self.fading }
    let late = min(transit - min(quickest.now, quickest.before), Self.most)
    if late >= peak * Self.nearly { peaked = now }
    peak = max(late, peak)
  }

  /// The stream begins anew; what was learnt of the way stays.
  mutating func restart() { quickest = nil }
}
