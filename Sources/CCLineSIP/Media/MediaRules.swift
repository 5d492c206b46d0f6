// What the settings say of the sound of every call.

/// How the sound of a call may travel.
struct MediaRules: Hashable {
  /// Whether sound is encrypted (SRTP, RFC 3711, with keys in the description: RFC 4568).
  enum Protection: String, Hashable {
    /// A call without it is refused.
    case required
    /// It is asked for, and a far end that cannot is talked to in the clear.
    case offered
    /// It is neither offered nor taken.
    case off
  }

  var protection = Protection.off
  /// What may be spoken, the best first.
  var codecs: [Codec] = [.opus, .pcmu, .pcma]
  /// Whether levels are told while it flows.
  var tellsLevels = false
}

/// What a call's sound tells while it flows.
enum MediaNews: Hashable {
  /// It flows; whether it is encrypted.
  case protection(Bool)
  /// Nothing has come for so many seconds, although it should; 0: something comes again.
  case hearsNothing(Int)
  /// The microphone has given silence for so many seconds; 0: it gives sound again.
  case isNotHeard(Int)
  /// How loud both are, 0 to 1.
  case level(input: Double, output: Double)
  /// It is over; what came of it.
  case over(SoundReport)
}

/// What came of the sound of a call.
struct SoundReport: Hashable {
  var sent = 0
  var counts = PlayoutStream.Counts()
  var dropped = PacketDoor.Dropped()

  /// In one line, for the log.
  var words: String {
    var words =
      "sound: \(sent) packets out, \(counts.taken) in, \(counts.lost) lost, \(counts.late) late, "
      + "\(counts.gaps) gaps"
    for (count, what) in [
      (counts.unreadable, "unreadable"), (dropped.garbage, "garbage"),
      (dropped.strangers, "from strangers"), (dropped.unsealed, "without our key"),
    ] where count > 0 {
      words += ", \(count) \(what)"
    }
    return words
  }
}
