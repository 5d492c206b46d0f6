// Noticing that one does not hear the other.

/// Watches both ways of a call, block by block, and tells each change once.
struct SoundWatch {
  /// Milliseconds without anything, before it is told.
  static let patience = 3_000
  /// A microphone that is on is never as still as this: 20 of 32,767.
  static let stillest = 20
  /// Blocks between two levels.
  private static let levelBlocks = 10
  /// Steps in which a level is told: a calm meter moves seldom.
  private static let steps = 8.0

  private var deaf = 0
  private var mute = 0
  private var isDeaf = false
  private var isMute = false
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
    if let came = block.came {
      deaf = came ? 0 : deaf + CCLineSIP.Block.milliseconds
      if came, isDeaf {
        isDeaf = false
        news.append(.hearsNothing(false))
      } else if !came, !isDeaf, deaf >= Self.patience {
        isDeaf = true
        news.append(.hearsNothing(true))
      }
    } else {
      deaf = 0
    }
    if let spoken = block.spoken {
      let isStill = spoken <= Self.stillest
      mute = isStill ? mute + CCLineSIP.Block.milliseconds : 0
      if isStill, !isMute, mute >= Self.patience {
        isMute = true
        news.append(.isNotHeard(true))
      } else if !isStill, isMute {
        isMute = false
        news.append(.isNotHeard(false))
      }
    } else {
      mute = 0
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
