// What a sample has of those before it: the shape of a mouth, for some milliseconds.

/// A linear prediction of sound, by the method of Burg, which is stable whatever it is given.
struct Prediction {
  /// How much of each sample before is in the next, the latest one first.
  let weights: [Double]

  /// Each weight a little less than it is: what is made by it dies away instead of ringing.
  private static let damping = 0.99

  /// Learns it from samples.
  init(of samples: ArraySlice<Int16>, order: Int) {
    var forward = samples.map(Double.init)
    var backward = forward
    var filter = [1.0] + [Double](repeating: 0, count: order)
    let count = forward.count
    for step in 1...order where step < count {
      var (both, energy) = (0.0, 1.0)
      for index in step..<count {
        let (one, two) = (forward[index], backward[index - 1])
        both += one * two
        energy += one * one + two * two
      }
      let reflection = -2 * both / energy
      let before = filter
      for index in 1...step { filter[index] = before[index] + reflection * before[step - index] }
      for index in stride(from: count - 1, through: step, by: -1) {
        let (one, two) = (forward[index], backward[index - 1])
        forward[index] = one + reflection * two
        backward[index] = two + reflection * one
      }
    }
    var damping = 1.0
    weights = filter.dropFirst().map { weight in
      damping *= Self.damping
      return -weight * damping
    }
  }

  /// What is to be expected after the samples before `end`.
  func next(after samples: [Double], before end: Int) -> Double {
    var sum = 0.0
    for (index, weight) in weights.enumerated() where end > index {
      sum += weight * samples[end - 1 - index]
    }
    return sum
  }
}
