// What the machine remembers between events and shows to nobody.

extension Desk {
  /// The machine's own notebook.
  struct Memory: Hashable, Sendable {
    var nextCommand = 1
    var nextCall = 1
    var nextAttempt = 1
    /// Whether the line program runs.
    var lineAlive = false
    /// Whether the line introduced itself; without that its first event brings the link up.
    var saidHello = false
    /// Whether a line that starts is to register: not after a refusal or an eviction, until asked.
    var signsIn = true
    /// Whether the line is to be started again once it has ended.
    var restarts = false
    /// Whether the desk is closing.
    var quitting = false
    /// The commands whose `result` is still to come, oldest first.
    var pending: [Pending] = []
    /// The line's ids of the calls that ended last: what still comes of them is late.
    var endedLineIDs: [String] = []
    /// Whether an established call ended while another went on: post-call comes after that one.
    var owesWrapUp = false
    /// Whether the wait for a missed end runs.
    var watchesEnd = false
    /// The customer's call while a consultation is being set up.
    var consulting: Call.ID?
    /// The tones that were typed behind the number of that consultation.
    var consultTones = ""
    /// The transfer under way.
    var handover: Handover?
    /// The customer's call, once it was handed on and the consultation is still open.
    var customer: Call?
    /// What the panel showed before the open calls: it comes back after a call that is turned away.
    var before: Before?
    /// A number whose call is hung up when it appears: its dial was cancelled before.
    var hangUpOnSight: HangUpOnSight?
    /// The answers to a supervisor's last orders, so that one that comes twice is obeyed once.
    var answers: [OrderAnswer] = []
    /// Notes of calls that have no record yet.
    var notes: [Call.ID: String] = [:]
    /// The life of the token in hand, where its source told it.
    var tokenLife: CredentialLife?
    /// How often in a row the token's source has failed.
    var credentialFailures = 0
    /// Whether the token's source is left alone for a while.
    var credentialWaits = false
    /// Anomalies counted since the last report; nil while nothing was reported for a second.
    var untold: Set<Anomaly>?
  }

  /// A command that waits for its `result`.
  struct Pending: Hashable, Sendable {
    var id: Int
    var purpose: Purpose
  }

  /// What a command was for.
  enum Purpose: Hashable, Sendable {
    case register
    case dial(attempt: Int)
    case seat(Seat)
    case hold(Call.ID, Bool)
    case mute(Call.ID, Bool)
    case consult(Call.ID)
    /// Tones that were dialled with the number of this call.
    case kept(Call.ID, String)
    /// Another command, by the word for it.
    case other(String)
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
    /// Whether the line said that it is done.
    var isDone = false
  }

  /// What the panel shows while no call is open.
  struct Before: Hashable, Sendable {
    var call: Call?
    var failed: FailedAttempt?
  }

  /// A cancelled dial whose call may still appear.
  struct HangUpOnSight: Hashable, Sendable {
    var phone: String
    var since: Instant
  }

  /// A new command's id, with its purpose noted.
  mutating func command(_ purpose: Purpose) -> Int {
    let id = memory.nextCommand
    memory.nextCommand += 1
    if memory.pending.count >= Limits.pendingCommands { memory.pending.removeFirst() }
    memory.pending.append(Pending(id: id, purpose: purpose))
    return id
  }

  mutating func newCallID() -> Call.ID {
    defer { memory.nextCall += 1 }
    return Call.ID(memory.nextCall)
  }
}
