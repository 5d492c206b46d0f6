// The tones that the agent hears beside the voices: a call that comes, a caller who waits.

/// Where tones are heard.
protocol ToneOutput: AnyObject {
  /// Plays samples (`Tune.rate` a second) once or over and over, in the place of what was played.
  func play(_ samples: [Int16], over: Bool, on place: Tune.Place)
  /// Falls silent.
  func silence()
}

/// Plays one tune at a time; without an output it is mute.
final class Ringer {
  /// Where its tunes are heard; nil: nowhere.
  var output: (any ToneOutput)? {
    didSet {
      oldValue?.silence()
      if let now { play(now) }
    }
  }
  /// What is being played over and over.
  private(set) var now: Tune?

  /// Plays a tune in the place of the one before.
  func play(_ tune: Tune) {
    now = tune.isRepeated ? tune : nil
    output?.play(tune.samples, over: tune.isRepeated, on: tune.place)
  }

  /// Falls silent.
  func stop() {
    now = nil
    output?.silence()
  }
}
