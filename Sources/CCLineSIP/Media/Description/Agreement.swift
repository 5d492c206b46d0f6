// What both ends of a call have agreed on for its sound.

/// One audio line, as offer and answer have it together.
struct Agreement: Hashable {
  /// A codec, and its number in packets to them and to us.
  struct Spoken: Hashable {
    var codec: Codec
    var theirs: UInt8
    var ours: UInt8
  }

  /// Keys as events: the clock of their durations, and their numbers.
  struct Keys: Hashable {
    var clock: Int
    var theirs: UInt8
    var ours: UInt8
  }

  /// The keys that encrypt both ways.
  struct Protection: Hashable {
    var ours: CryptoAttribute
    var theirs: CryptoAttribute
  }

  /// What may be spoken, the best first; never none.
  var spoken: [Spoken]
  var keys: Keys?
  var profile: String
  var host: MediaHost
  var port: UInt16
  var controlPort: UInt16
  /// Which way they say that sound flows.
  var theirFlow: Flow
  /// nil: in the clear.
  var protection: Protection?

  /// Whether nothing of ours is listened to there.
  var isDeaf: Bool { !theirFlow.receives || host.address(port: port)?.isAny == true }

  /// What a packet carries that comes with this number; the offer's number does as well, since some
  /// answer with one number and send with the other.
  func spoken(as payload: UInt8) -> Spoken? {
    spoken.first { $0.ours == payload } ?? spoken.first { $0.theirs == payload }
  }
}
