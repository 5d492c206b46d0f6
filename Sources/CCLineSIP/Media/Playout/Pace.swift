// How fast what waits is heard: a little faster when it waits too long, slower when it waits too short.

/// Brings the wait of packets to what their way asks for, where a listener hears it least.
///
/// A pause between words may be of any length: there it is shortened and lengthened at once. A voice is
/// made longer only before it would break off, and shorter only when no pause came for long.
struct Pace {
  /// How long packets waited lately, in milliseconds; nil before the first.
  private var delay: Double?
  /// How loud the voice is, as the mean of squares; it fades.
  private var loudness = 0.0
  /// For how long they have waited too long, in milliseconds.
  private var since = 0.0

  /// Waiting so much too long, sound is made shorter.
  private static let tooLong = 8.0
  /// Waiting so much too short, a pause is made longer.
  private static let short = 4.0
  /// Waiting so much too short, or three quarters of a wait that is less, a voice is: before there is a
  /// gap, and after a pause had its chance.
  private static let tooShort = 8.0
  /// Off by so much, a talk is hindered more than by what is done to its sound.
  private static let tooFar = 120.0
  /// So long a pause is waited for.
  private static let patience = 2_000.0
  /// So much below the voice, 20 dB, is a pause; and so is what is as soft as this anyway.
  private static let pause = 0.01
  private static let still = 900.0
  /// In so many milliseconds the loudness of the voice fades by two thirds.
  private static let fading = 4_000.0

  /// The samples of a packet, as they are or with less or more between them.
  ///
  /// - Parameters:
  ///   - waited: how long the packet waited, beyond the best of its way.
  ///   - wait: how long it should have.
  ///   - pull: how much is taken at a time. A packet that begins in the middle of what is taken was
  ///     there for that much longer than it had to be; none the less there is nothing to spare.
  mutating func paced(
    _ samples: [Int16], waited: Double, wait: Double, pull: Double, rate: Int
  ) -> [Int16] {
    let length = Double(samples.count) * 1000 / Double(rate)
    let smooth = delay.map { $0 + (waited - $0) / 6 } ?? waited
    let isPause = hearsPause(in: samples, length)
    let over = smooth - wait - pull
    since = over > Self.tooLong ? since + length : 0
    var changed: [Int16]?
    if over > Self.tooFar {
      changed =
        Stretch.shortened(samples, rate: rate)
        ?? Stretch.without(samples.count / 2, of: samples, rate: rate)
    } else if over > Self.tooLong {
      if isPause {
        changed = Stretch.without(Int(over * Double(rate) / 1000), of: samples, rate: rate)
      } else if since > Self.patience {
        changed = Stretch.shortened(samples, rate: rate)
      }
    } else if isPause {
      if smooth < wait - Self.short { changed = Stretch.doubled(samples) }
    } else if smooth < wait - min(Self.tooShort, wait * 3 / 4) {
      changed = Stretch.lengthened(samples, rate: rate)
    }
    let heard = changed ?? samples
    delay = smooth + Double(heard.count - samples.count) * 1000 / Double(rate)
    return heard
  }

  /// Another stream begins.
  mutating func restart() {
    delay = nil
    since = 0
  }

  private mutating func hearsPause(in samples: [Int16], _ length: Double) -> Bool {
    var energy = 0.0
    for sample in samples { energy += Double(sample) * Double(sample) }
    energy /= Double(max(1, samples.count))
    loudness = max(energy, loudness * (1 - min(1, length / Self.fading)))
    return energy < max(Self.still, loudness * Self.pause)
  }
}
