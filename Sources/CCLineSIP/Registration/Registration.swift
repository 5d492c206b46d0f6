// Being registered, and staying so.

import CCCore
import CLibre
import Glibc

/// What a registration tells.
protocol RegistrationOwner: AnyObject {
  /// The stack to use for a registrar's address.
  func stack(for registrar: sa, named host: String) throws(Stack.Failure) -> Stack
  /// The registrar is about to be asked for the first time on this stack.
  func willAsk(on stack: Stack)
  /// The registrar knows us.
  func registered()
  /// It does not, or not any more; nil: it is not tried again.
  func unregistered(_ reason: SafeText, retryIn milliseconds: Int?)
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
  var exchange = Credentials.Exchange()
  var expires = Lifetime.asked
  var sequence = UInt32.random(in: 1...0xFFFF)
  let callID = SIPText.mark()
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
    _ settings: Settings, resolver: Resolver, owner: RegistrationOwner,
    pin: Credentials.Pin? = nil
  ) {
    self.settings = settings
    self.resolver = resolver
    self.owner = owner
    credentials = Credentials(
      user: settings.user, password: settings.password, realm: settings.realm, pin: pin)
  }

  /// Whether calls can be made.
  var isRegistered: Bool { isUp }
  /// The stack it registered on.
  var usableStack: Stack? { isUp ? stack : nil }

  /// Begins, or begins again at once, with the first registrar.
  func start() {
    place = 0
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
    deadline.cancel()
    next.cancel()
    resolver.cancel()
    liveness = nil
    isUp = false
    move(to: .idle)
  }

  /// The one that is asked.
  var registrar: HostPort { settings.registrars[place] }

  func move(to phase: Phase) { self.phase = phase }
}
