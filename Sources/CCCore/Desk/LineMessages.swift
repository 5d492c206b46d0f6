// What passes between a desk and its line: the line protocol's vocabulary, as values.

/// What a line reports (design section 4, "line -> desk"), and what its keeper says of its life.
///
/// Text is washed before it gets here, except `CallReport.call`, which is only ever sent back.
public enum LineEvent: Hashable, Sendable {
  // The line's life, told by what runs it.
  /// The line program was started.
  case started
  /// It died; nothing it carried is left. `retryIn` (nanoseconds) nil: it is not started again.
  case died(reason: SafeText, retryIn: Int64?)

  // The protocol.
  /// `hello`.
  case hello(line: SafeText, abilities: Abilities)
  /// `registered`; `expiresIn` (seconds) is the life of a credential.
  case registered(account: SafeText?, expiresIn: Int?, secure: SafeText?)
  /// `unregistered`; `retryIn` in seconds. `final`: the line will not try again by itself.
  case unregistered(reason: SafeText, retryIn: Double?, final: Bool)
  /// `evicted`.
  case evicted
  /// `onSeatStatus`.
  case seat(Seat)
  /// `onCall`.
  case call(CallReport)
  /// `callState`.
  case callState(call: String?, held: Bool?, muted: Bool?)
  /// `callState` with `farHeld`: the far end has the call on hold, or is back.
  case farHold(call: String?, Bool)
  /// `party`: who is at the other end now.
  case party(call: String?, Party)
  /// `transfer`.
  case transfer(call: String?, state: TransferState, reason: SafeText)
  /// `level`, each 0 to 1.
  case level(input: Double, output: Double)
  /// `result` of the command with this id.
  case result(id: Int, ok: Bool, error: SafeText)
  /// `log`.
  case log(NoticeLevel, SafeText)
  /// `log` of a call: what warns goes with it.
  case remark(call: String, NoticeLevel, SafeText)
  /// `unreadable`: so many messages of the telephone system could not be read since the line was started;
  /// what was wrong with the last one.
  case unreadable(total: Int, last: SafeText)
  /// Something that is no message of the protocol: counted, changes nothing.
  case anomaly(Anomaly)

  /// How far a transfer is.
  public enum TransferState: String, Hashable, Sendable { case trying, done, failed }
}

/// `onCall`, whatever shape it came in.
public struct CallReport: Hashable, Sendable {
  /// The vendor's call status (contract section 0).
  public enum Status: Int, Hashable, Sendable {
    case calling = 1
    case ringing = 2
    case talking = 3
    case ended = 4
    /// Rejected, or hung up before it was established.
    case notEstablished = 5
  }

  /// Which status.
  public var status: Status
  /// `calledNumber`, washed; nil if absent or zero, empty if it is withheld.
  public var number: SafeText?
  /// Whether `number` is what the line has; false if it came as a JavaScript number and may have lost
  /// its plus, its zeros or its precision (browser notes, section 4).
  public var exact: Bool
  /// The line's id of the call, verbatim.
  public var call: String?
  /// Who called; nil if the line does not say.
  public var direction: Direction?
  /// The reason in words, and its code.
  public var reason: Reason?
  /// The far end's name; nil too where it says that it is withheld.
  public var name: SafeText?
  /// With 4 and 5: how a call that was not answered came to its end.
  public var kind: EndKind?
  /// Of a call from outside: the number or queue that was called, where it is not this desk.
  public var called: Party?
  /// With `notTaken`: how many calls were not taken, this one the last of them; at least 1.
  public var count: Int

  /// Makes a report.
  public init(
    _ status: Status, number: SafeText? = nil, exact: Bool = true, call: String? = nil,
    direction: Direction? = nil, reason: Reason? = nil, name: SafeText? = nil,
    kind: EndKind? = nil, count: Int = 1, called: Party? = nil
  ) {
    self.called = called
    self.kind = kind
    self.count = max(1, count)
    self.status = status
    // Who is withheld has a number, and it is nobody's: another call than one whose number is not told.
    self.number = number.map { $0.unlessWithheld ?? "" }
    self.exact = exact
    self.call = call
    self.direction = direction
    self.reason = reason
    self.name = name?.unlessWithheld
  }
}

/// What a desk tells its line (design section 4, "desk -> line"); every `id` comes back in a `result`.
public enum LineCommand: Hashable, Sendable {
  /// First to every line. The runner adds the line's part of the configuration.
  case register(id: Int, token: Secret?)
  case callPhone(id: Int, phone: String, info: String)
  case hangUp(id: Int, call: String?)
  case answer(id: Int, call: String?)
  case reject(id: Int, call: String?)
  case hold(id: Int, call: String?, on: Bool)
  case mute(id: Int, call: String?, on: Bool)
  case dtmf(id: Int, call: String?, digits: String)
  /// Hands the call to a number: blind, or with a consultation first.
  case transfer(id: Int, call: String?, to: String, consult: Bool)
  /// Joins a held call and the consultation, and leaves both.
  case join(id: Int, call: String?, with: String?)
  case setSeat(id: Int, status: Int)
  case ping(id: Int)
  case quit

  /// The command's id; nil for `quit`.
  public var id: Int? {
    switch self {
    case .register(let id, _), .callPhone(let id, _, _), .hangUp(let id, _), .answer(let id, _),
      .reject(let id, _), .hold(let id, _, _), .mute(let id, _, _), .dtmf(let id, _, _),
      .transfer(let id, _, _, _), .join(let id, _, _), .setSeat(let id, _), .ping(let id):
      id
    case .quit: nil
    }
  }
}

/// What is counted and changes nothing: the kinds that `--json` names (design 7.1).
public enum Anomaly: String, Hashable, Sendable, CaseIterable {
  /// A line of output that is not JSON.
  case badJSON
  /// A line of output longer than 64 KiB.
  case tooLong
  /// Bytes that are not UTF-8.
  case badUTF8
  /// A message type that the protocol does not know.
  case unknownType
  /// A known message with a payload that cannot be read.
  case badDetail
  /// An event of a call that has ended.
  case lateEvent
  /// The end of a call when none was open.
  case endWithoutCall
  /// A `result` that nothing waits for.
  case strayResult
  /// A call beyond those that a desk keeps (`Desk.Limits.openCalls`).
  case extraCall
  /// A message of the telephone system that the line could not read.
  case unreadable
}
