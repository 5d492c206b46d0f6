// The way to a new token: asked for, waited for, refused, or put off until the call is over.

/// What is being done about a new token.
///
///     resting ─► asked ─► resting                (it came, and the line registers with it)
///                  ├────► put off ─► resting     (it came in a call: registered after it)
///                  ├────► waiting ─► asked       (the source failed: again after ever longer waits)
///                  └────► refused                (for good: the next sign-in asks again)
///
/// An answer that comes in another state than `asked` is nobody's: an eviction or her own sign-off
/// came between.
struct TokenErrand: Hashable, Sendable {
  enum State: Hashable, Sendable {
    case resting
    case asked
    case waiting
    case refused
    /// A new token voids the old one: what is to be done once no call is open.
    case afterCall(Then)
  }

  enum Then: Hashable, Sendable {
    /// Register with the token in hand.
    case register
    /// Ask the source, and sign in.
    case signIn
  }

  var state = State.resting
  /// How often in a row the source has failed.
  var failures = 0
  /// Whether the line has told the life of what it last registered with.
  var isLifeTold = false
}
