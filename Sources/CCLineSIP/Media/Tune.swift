// What the ringer plays: soft tones, made here and read from no file.

import Glibc

/// A tune, in samples of its own rate.
enum Tune: Hashable, CaseIterable {
  /// A call comes: two soft tones, then a pause; over and over.
  case ringing
  /// It rings at the far end, and no sound of the network says so; over and over.
  case ringback
  /// A second caller waits: two short notes, once.
  case waiting
  /// The call was answered by itself: three rising notes, once, so that nobody listens in unnoticed.
  case autoAnswered

  /// Which device it is heard on.
  enum Place: Hashable {
    /// The one that rings, which may be a loudspeaker in the room.
    case ringer
    /// The one that voices are heard on.
    case loudspeaker
  }

  /// Samples a second.
  static let rate = 16_000

  /// Whether it is played until it is stopped.
  var isRepeated: Bool { self == .ringing || self == .ringback }

  /// Where it is heard.
  var place: Place { self == .ringing ? .ringer : .loudspeaker }

  /// Its notes: two frequencies that sound together, and milliseconds; no frequency is a pause.
  private var notes: [(one: Double, two: Double, milliseconds: Int)] {
    switch self {
    case .ringing: [(660, 880, 400), (0, 0, 120), (660, 880, 400), (0, 0, 2_080)]
    case .ringback: [(425, 425, 1_000), (0, 0, 4_000)]
    case .waiting: [(440, 440, 150), (0, 0, 100), (440, 440, 150)]
    case .autoAnswered: [(523, 523, 110), (659, 659, 110), (784, 784, 180)]
    }
  }

  /// How loud: a soft sound beside a voice.
  private static let amplitude = 5_000.0
  /// Each note comes and goes within so many milliseconds: it never clicks.
  private static let fade = 25

  /// The samples of one time.
  var samples: [Int16] {
    notes.flatMap { note in
      let count = note.milliseconds * Self.rate / 1000
      guard note.one > 0 else { return [Int16](repeating: 0, count: count) }
      let edge = Double(Self.fade * Self.rate / 1000)
      return (0..<count).map { index in
        let time = 2 * Double.pi * Double(index) / Double(Self.rate)
        let nearest = Double(min(index, count - 1 - index))
        let loudness = Self.amplitude / 2 * min(1, nearest / edge)
        return Int16(loudness * (sin(note.one * time) + sin(note.two * time)))
      }
    }
  }
}
