// Noticing that one does not hear the other.

/// Watches both ways of a call, block by block; tells each change, and now and then what lasts.
struct SoundWatch {
  /// A microphone that is on is never as still as this: 20 of 32,767.
  static let stillest = 20
  /// Blocks between two levels.
  private static let levelBlocks = 10
  /// Steps in which a level is told: a calm meter moves seldom.
  private static let steps = 8.0

  private var incoming = Silence()
  private var outgoing = Silence()
  private var blocks = 0
  private var loudestIn = 0
  private var loudestOut = 0
  private var told: (Double, Double)?

  /// What a block showed.
  struct Block {
    /// The loudest sample of the microphone; nil where nobody speaks into one, or it is not to be heard.
    var spoken: Int?
    /// The loudest sample that was heard.
    var heard: Int
    /// Whether packets came since the last block; nil where none are to come.
    var came: Bool?
  }

  /// Takes a block of 20 ms; what is to be told of it.
  mutating func take(_ block: Block, levels: Bool) -> [MediaNews] {
    var news: [MediaNews] = []
    if let seconds = incoming.take(block.came.map { !$0 }) { news.append(.hearsNothing(seconds)) }
    if let seconds = outgoing.take(block.spoken.map { $0 <= Self.stillest }) {
      news.append(.isNotHeard(seconds))
    }
    if levels, let level = level(block) { news.append(level) }
    return news
  }

  private mutating func level(_ block: Block) -> MediaNews? {
    blocks += 1
    loudestIn = max(loudestIn, block.spoken ?? 0)
    loudestOut = max(loudestOut, block.heard)
    guard blocks >= Self.levelBlocks else { return nil }
    let level = (Self.step(loudestIn), Self.step(loudestOut))
    blocks = 0
    loudestIn = 0
    loudestOut = 0
    if let told, told == level { return nil }
    told = level
    return .level(input: level.0, output: level.1)
  }

  /// Loudness as it is felt: 0 at -48 dB and less, 1 at the loudest.
  static func step(_ sample: Int) -> Double {
    guard sample > 0 else { return 0 }
    // Each doubling is a step of 6 dB.
    var (steps, value) = (0, sample)
    while value > 128, steps < Int(Self.steps) {
      value /= 2
      steps += 1
    }
    return Double(steps) / Self.steps
  }
}

/// How long one way has been silent that should not be.
struct Silence {
  /// Milliseconds without anything, before it is told.
  static let patience = 3_000
  /// The same in seconds, for a sentence.
  static let seconds = patience / 1_000
  /// Milliseconds between two words while it lasts: one that is told once is forgotten, or not seen.
  static let again = 30_000

  private var lasted = 0
  private var isTold = false

  /// Takes a block of 20 ms, silent or not, or one in which nothing is to be heard.
  ///
  /// Returns what is to be told: for how many seconds it has been silent; 0 when it is over.
  mutating func take(_ isSilent: Bool?) -> Int? {
    guard let isSilent else {
      lasted = 0
      return nil
    }
    guard isSilent else {
      defer { (lasted, isTold) = (0, false) }
      return isTold ? 0 : nil
    }
    lasted += Block.milliseconds
    guard lasted >= Self.patience, (lasted - Self.patience).isMultiple(of: Self.again) else {
      return nil
    }
    isTold = true
    return lasted / 1000
  }
}
