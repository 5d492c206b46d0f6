// Being registered, and staying so.

import CCCore
import CLibre
import Glibc

/// What a registration tells.
protocol RegistrationOwner: AnyObject {
  /// The stack to use for a registrar's address.
  func stack(for registrar: sa, named host: String) throws(Stack.Failure) -> Stack
  /// The registrar is about to be asked for the first time on this stack, or on a new connection.
  func willAsk(on stack: Stack)
  /// The registrar knows us.
  func registered()
  /// It does not, or not any more; nil: it is not tried again.
  func unregistered(_ reason: SafeText, retryIn milliseconds: Int?)
  /// Another telephone has taken our place.
  func evicted()
  /// The registrar was lost and is back, or had forgotten us, for a moment that nobody was told of.
  func wayIsNew(_ why: SafeText)
  /// These hosts are on the way to the registrar (Path, Service-Route).
  func trusts(_ hosts: [String])
  /// Something worth a line in the log.
  func note(_ level: NoticeLevel, _ message: SafeText)
}

/// One account at one registrar (RFC 3261 section 10), with rules that libre's own lacks: a password is
/// sent once and not again after it was refused, what the registrar grants is clamped, and a lost
/// registrar is asked again after 1 to 30 seconds.
///
///     idle ─► resolving ─► asking ─► registered ─► asking (refresh)
///                ▲           │  │        │
///                └─ waiting ◄┘  │        └─► waiting (lost)
///                               └─► refused          any ─► leaving ─► idle
final class Registration {
  /// Where it is; every edge passes through `move(to:)`.
  enum Phase: Hashable { case idle, resolving, asking, registered, waiting, refused, leaving }

  let settings: Settings
  let resolver: Resolver
  weak var owner: RegistrationOwner?
  private(set) var phase = Phase.idle
  /// Shared with the calls: the realm is pinned once for both.
  var credentials: Credentials

  var stack: Stack?
  var addresses: [sa] = []
  /// Which of the registrars is asked.
  var place = 0
  var backoff = Backoff()
  var isUp = false
  /// Whether a way that broke is just made anew.
  var isOnNewWay = false
  /// Whether the registrar had forgotten us, and is just asked anew.
  var isForgotten = false
  /// When the way was last asked because it was in doubt, in milliseconds, and whether it soon is again.
  var doubtedAt: UInt64?
  var isDoubted = false
  let doubtful = Timer()
  /// OPTIONS that were not answered, one after the other.
  var unansweredOptions = 0
  /// How often the registrar was found alive.
  var rounds = 0
  /// How often the account was refused, one time after the other.
  var refusals = 0
  /// What is registered, and what is to be taken back: where dead lines, or this one, were reached before.
  let bindings: BindingFile
  var exchange = Credentials.Exchange()
  /// The contacts that stood at the registrar when we registered; nil: it does not tell, or not ours.
  var standing: [String]?
  let looking = Slot()
  var lookExchange = Credentials.Exchange()
  var expires = Lifetime.asked
  var sequence = UInt32.random(in: 1...0xFFFF)
  var callID = SIPText.mark()
  let tag = SIPText.mark()
  var contact = ""
  let request = Slot()
  let ticket = Ticket()
  let deadline = Timer()
  let next = Timer()
  var liveness: Liveness?
  var left: (() -> Void)?

  /// `pin`: what the registrar of this account asked for before.
  init(
    _ settings: Settings, resolver: Resolver, bindings: BindingFile? = nil,
    owner: RegistrationOwner, pin: Credentials.Pin? = nil
  ) {
    self.settings = settings
    self.resolver = resolver
    self.owner = owner
    credentials = Credentials(
      user: settings.user, password: settings.password, realm: settings.realm, pin: pin)
    self.bindings = bindings ?? BindingFile(account: settings.bookName)
  }

  /// Whether calls can be made.
  var isRegistered: Bool { isUp }
  /// The stack it registered on.
  var usableStack: Stack? { isUp ? stack : nil }

  /// Begins, or begins again at once, with the first registrar.
  func start() {
    place = 0
    bindings.find()
    if let past = bindings.past { (callID, sequence) = (past.callID, past.sequence) }
    begin()
  }

  /// Looks the registrar up that is next.
  func begin() {
    next.cancel()
    move(to: .resolving)
    resolver.resolve(
      registrar.host, port: registrar.port ?? settings.transport.usualPort
    ) {
      [weak self] addresses in
      self?.resolved(addresses)
    }
  }

  /// Unregisters, and calls back once the registrar has answered or it was no use.
  func leave(_ done: @escaping () -> Void) {
    let wasUp = isUp
    stop()
    guard wasUp, stack != nil else { return done() }
    left = done
    expires = 0
    exchange = Credentials.Exchange()
    move(to: .leaving)
    send(credentials: nil)
  }

  /// Stops without a word.
  func stop() {
    request.release()
    looking.release()
    deadline.cancel()
    next.cancel()
    doubtful.cancel()
    isDoubted = false
    resolver.cancel()
    liveness = nil
    isUp = false
    (isOnNewWay, isForgotten) = (false, false)
    move(to: .idle)
  }

  /// The one that is asked.
  var registrar: HostPort { settings.registrars[place] }

  func move(to phase: Phase) { self.phase = phase }
}
