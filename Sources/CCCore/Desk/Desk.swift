// The desk: one agent, her seat, her calls and her line, as a pure value.

/// The machine of one agent's desk (design section 5).
///
/// It is told what happens and what time it is, and returns what it wants done. It reads no clock,
/// does no I/O and knows no library. Everything on the screen is read from here; every change goes
/// through `handle`.
///
///     var desk = Desk(settings: .init(), at: now)
///     let effects = desk.handle(.line(.registered(account: "1001", expiresIn: nil, secure: "TLS")), at: now)
public struct Desk: Hashable, Sendable {
  /// What the configuration decides.
  public struct Settings: Hashable, Sendable {
    /// The name of the line, for the header and `--json`: `sip`.
    public var line: SafeText
    /// The account's name, until the line says it.
    public var account: SafeText
    /// Post-call seconds that the desk keeps (`seat.wrapUp`).
    public var wrapUpSeconds: Int
    /// Whether inbound calls ring in break and post-call too (`seat.ringAnyway`).
    public var ringAnyway: Bool
    /// Whether a token source is configured: it is asked before the line registers.
    public var hasCredentialSource: Bool

    /// What is done with the orders of a supervisor (`bus.obey`).
    public var obey: OrderPolicy
    /// Whose numbers these are (`numbers.country`).
    public var numbering: Numbering

    /// What waits are spread by, so that forty desks do not come back to a backend in step; nil: not at
    /// all.
    public var seed: UInt64?

    /// Makes settings.
    public init(
      line: SafeText = "demo", account: SafeText = "", wrapUpSeconds: Int = 30,
      ringAnyway: Bool = false, hasCredentialSource: Bool = false,
      obey: OrderPolicy = OrderPolicy(), numbering: Numbering = Numbering(), seed: UInt64? = nil
    ) {
      self.seed = seed
      self.numbering = numbering
      self.obey = obey
      self.line = line
      self.account = account
      self.wrapUpSeconds = wrapUpSeconds
      self.ringAnyway = ringAnyway
      self.hasCredentialSource = hasCredentialSource
    }
  }

  /// The settings.
  public let settings: Settings
  /// When the desk was opened.
  public let opened: Instant
  /// The link to the line.
  public internal(set) var link: Link
  /// The account the line registered.
  public internal(set) var account: SafeText
  /// How the signalling is protected: `TLS`; nil if the line does not say.
  public internal(set) var secure: SafeText?
  /// What the line can do.
  public internal(set) var abilities: Abilities
  /// What the line calls itself in its `hello`: `sdk`, also where it runs behind `exec:ssh`.
  public internal(set) var program: SafeText
  /// The seat.
  public internal(set) var seat: SeatState
  /// The call on the panel: open, or the last one that ended.
  public internal(set) var active: Call?
  /// The open calls beside it, the one that F3 brings next first.
  ///
  /// Held ones, a dial that the line reports while she talks, callers who wait; at most
  /// `Limits.openCalls`.
  public internal(set) var others: [Call]
  /// The dial attempt without an outcome.
  public internal(set) var attempt: Attempt?
  /// The last attempt, if it came out without ever becoming a call.
  public internal(set) var failed: FailedAttempt?
  /// The post-call time that the desk keeps; nil outside it.
  public internal(set) var wrapUp: WrapUp?
  /// The life of the credential; nil if the line names none.
  public internal(set) var credential: CredentialLife?
  /// The calls that are over, newest first; at most `recentLimit`.
  public internal(set) var recent: [Record]
  /// Today's figures.
  public internal(set) var today: Today
  /// Running totals of what was counted and changed nothing.
  public internal(set) var anomalies: [Anomaly: Int]
  /// What the line could not read of the telephone system; nil: it read everything.
  public internal(set) var unreadable: Unreadable?
  /// A supervisor's orders that wait for the agent's word, the oldest first.
  public internal(set) var orders: [WaitingOrder]
  /// Sound levels as the line gave them last, 0 to 1; nil where it gives none.
  public internal(set) var level: Level?

  // What the machine keeps for itself.
  var token: Secret?
  var memory = Memory()

  /// How many records `recent` holds.
  public static let recentLimit = 200

  /// Sound levels, each 0 to 1.
  public struct Level: Hashable, Sendable {
    /// The agent's microphone.
    public var input: Double
    /// What the agent hears.
    public var output: Double
  }

  /// A desk that has just been opened; `open` starts its line.
  public init(settings: Settings, at now: Instant) {
    self.settings = settings
    opened = now
    link = .connecting(since: now)
    account = settings.account
    secure = nil
    abilities = [.dial]
    program = ""
    seat = SeatState(
      shown: .unknown(since: now, was: nil), source: .desk, chosen: nil, pending: nil, cause: .link)
    active = nil
    others = []
    attempt = nil
    failed = nil
    wrapUp = nil
    credential = nil
    recent = []
    today = Today(began: now)
    anomalies = [:]
    level = nil
    orders = []
    memory.chance = settings.seed.map { SplitMix(seed: $0) }
  }

  /// The second call: a held customer during a consultation, or a waiting caller.
  public var other: Call? { others.first }

  /// Every open call, the one on the panel first.
  public var openCalls: [Call] { (active.map { $0.isOpen ? [$0] : [] } ?? []) + others }

  /// Whether a call is open.
  public var hasOpenCall: Bool { active?.isOpen == true || !others.isEmpty }

  /// Whether one of the open calls is so.
  func hasOpenCall(where isSo: (Call) -> Bool) -> Bool {
    if let active, active.isOpen, isSo(active) { return true }
    return others.contains(where: isSo)
  }

  /// The attempt that no call has been seen of yet.
  public var unseenAttempt: Attempt? { attempt.flatMap { $0.seen ? nil : $0 } }

  /// The call that the panel shows and the keys act on: an open one, or else the one that the open
  /// attempt is to become, or else the one that ended last.
  public var shownCallID: Call.ID? {
    if let active, active.isOpen { return active.id }
    return unseenAttempt?.callID ?? active?.id
  }

  /// The open or ended call with this id.
  public func call(_ id: Call.ID) -> Call? {
    active?.id == id ? active : others.first { $0.id == id }
  }
}
