// Where handing a call on stands: asked there first, handed on, or the customer gone meanwhile.

/// The transfer of a desk; one at a time.
struct Transfer: Hashable, Sendable {
  /// Somebody is asked while the customer is held.
  struct Consultation: Hashable, Sendable {
    /// The customer's call.
    var customer: Call.ID
    /// Who is called.
    var phone: String
    /// The tones that were typed behind that number.
    var tones = ""
    /// When it was asked for.
    var since: Instant
    /// The call to the one who is asked; nil until the line reports it.
    var call: Call.ID?
  }

  /// Calls that are being handed on.
  struct Handover: Hashable, Sendable {
    /// The one that goes on without us: the customer's.
    var call: Call.ID
    /// To whom.
    var to: SafeText
    /// The consultation, where there was one.
    var second: Call.ID?
    /// Who that one gets.
    var from: SafeText = ""
    /// When the line was asked, or spoke of it last.
    var heard: Instant
    /// Whether the line said that it tries.
    var isTried = false
    /// Whether the line said that it is done.
    var isDone = false
    /// The call of which the line said so, where it joined two by itself.
    var toldByLine: Call.ID?
    /// The one that is over, where its far end hung it up before the line said how it went; and when.
    var ended: Call.ID?
    var endedAt: Instant?

    /// Whether its outcome may still come: a line that says nothing more is not waited for.
    func isUnderWay(_ now: Instant) -> Bool {
      let silence = now.seconds(since: endedAt ?? heard)
      return silence
        < (isTried && endedAt == nil ? Desk.Limits.transferSilence : Desk.Limits.dialSilence)
    }

    /// Whether its outcome may still be told, where its call is over.
    func isAwaited(_ now: Instant) -> Bool {
      now.seconds(since: endedAt ?? heard) < Desk.Limits.transferOutcome
    }

    func concerns(_ id: Call.ID) -> Bool { id == call || id == second }
  }

  @Aside var consultation: Consultation?
  @Aside var handover: Handover?
  /// The customer's call that is over while the other one goes on: handed on, or hung up by her.
  @Aside var customer: Call?
}
