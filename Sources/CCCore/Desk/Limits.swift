// The machine's own times and bounds, each with its source.

extension Desk {
  /// The machine's own times and bounds.
  public enum Limits {
    /// Seconds without an `onCall` after which a dial attempt is `unanswered` (design section 5).
    public static let dialSilence = 10
    /// Seconds without a call until a caller who was turned away calls anew, and not again.
    public static let turnedAwayAgain = 60
    /// Seconds for which a transfer that the line tries may still come out.
    public static let transferSilence = 60
    /// Until nobody tells any more how a transfer went whose call is over: as long as it may ring there.
    public static let transferOutcome = 150
    /// Seconds for which seat and call may disagree before an end is inferred (design section 5).
    public static let inferEnd = 5
    /// Seconds of post-call that F5 adds (screens).
    public static let wrapUpExtension = 30
    /// Seconds before the end of post-call at which plain mode is told (screens).
    public static let wrapUpWarning = 5
    /// Seconds of hold between two soft bells (screens rule 4).
    public static let heldBell = 60
    /// Seconds between two bells of an inbound call.
    public static let ringBell = 4
    /// Seconds between two reports of anomalies (design 7.1).
    public static let anomalies = 1
    /// The part of a credential's life after which it is renewed, in percent (design section 5).
    public static let renewalPercent: Int64 = 80
    /// Seconds before a token's source that failed is asked again; each wait doubles.
    public static let credentialRetry = 5
    /// No such wait is longer, in seconds.
    public static let longestCredentialRetry = 60
    /// Seconds for which the call of a dial that was given up may still appear.
    public static let givenUp = 30
    /// Seconds for which the call of a cancelled dial may still appear that the line has said it makes.
    public static let overdueDial = 600
    /// Dials that were given up and are remembered.
    static let givenUpDials = 16
    /// Seconds after the end of a call, on a line without ids, for which what it says of the same
    /// number is late.
    public static let lateReport = 3
    /// Seconds for which a call must have lasted to be listed that may have been late words.
    static let shortestCall = 1
    /// Seconds after which an answer is not of a ring that was taken for late.
    static let longestRing = 60
    /// Seconds in which calls that could not be taken are one line of Recent, and one sentence.
    public static let notTaken = 60
    /// Open calls of one desk; a line that reports more of them is counted and not followed.
    public static let openCalls = 16
    /// The longest wait before a lost link is tried again that is believed, in nanoseconds: a day.
    static let longestRetry: Int64 = 86_400 * Instant.second
    /// The longest post-call time, in seconds: a day.
    static let longestWrapUp = 86_400
    /// The longest wait for an order's end before it is looked at again, in milliseconds: a day.
    static let longestOrderWait: Int64 = 86_400_000
    /// Commands whose `result` is waited for; a line that never answers forgets the oldest.
    static let pendingCommands = 64
    /// Forms of its number that are remembered of a call.
    static let numberForms = 4
    /// Ended calls whose late events are told from new calls.
    static let endedCalls = 16
    /// UTF-16 units of a note that are kept, as for the info.
    public static let note = InfoText.limit
  }
}
