// A tone that is spoken in a test, and looked for in what is heard.

import Foundation

/// A sine, and how much of it is in some sound.
public struct Tone: Sendable {
  /// How high it is.
  public var hertz: Double
  /// Samples a second of the sound it is in.
  public var rate: Double
  /// How loud it is made, in steps of 16 bits.
  public static let amplitude = 12_000.0

  /// A tone in sound of so many samples a second.
  public init(hertz: Double, rate: Double = 8000) { (self.hertz, self.rate) = (hertz, rate) }

  /// The tone itself.
  public func samples(seconds: Double) -> [Int16] {
    (0..<Int(seconds * rate)).map {
      Int16(Self.amplitude * sin(2 * .pi * hertz * Double($0) / rate))
    }
  }

  /// Goertzel's sum, as the amplitude of the tone.
  public func strength(in samples: [Int16]) -> Double {
    let turn = 2 * cos(2 * .pi * hertz / rate)
    var (one, two) = (0.0, 0.0)
    for sample in samples { (one, two) = (Double(sample) + turn * one - two, one) }
    let power = one * one + two * two - turn * one * two
    return 2 * power.squareRoot() / Double(max(1, samples.count))
  }

  /// How loud it is in pieces of 50 ms, on average.
  ///
  /// What is made up for lost packets does not keep the phase, so the sum over a long time says little.
  public func presence(in samples: some Collection<Int16>) -> Double {
    let pieces = pieces(of: samples)
    return pieces.reduce(0, +) / Double(max(1, pieces.count))
  }

  /// How loud it is in each piece of 50 ms.
  public func pieces(of samples: some Collection<Int16>) -> [Double] {
    let all = Array(samples)
    let size = Int(rate / 20)
    return stride(from: 0, to: max(0, all.count - size + 1), by: size).map {
      strength(in: Array(all[$0..<($0 + size)]))
    }
  }
}
