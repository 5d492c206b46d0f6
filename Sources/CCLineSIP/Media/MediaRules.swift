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
}

/// What a call's sound tells while it flows.
enum MediaNews: Hashable {
  /// It flows; whether it is encrypted.
  case protection(Bool)
}
