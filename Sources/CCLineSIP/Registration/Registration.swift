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

  private let settings: Settings
  private let resolver: Resolver
  private weak var owner: RegistrationOwner?
  private(set) var phase = Phase.idle
  /// Shared with the calls: the realm is pinned once for both.
  var credentials: Credentials

  private var stack: Stack?
  private var addresses: [sa] = []
  /// Which of the registrars is asked.
  private var place = 0
  private var backoff = Backoff()
  private var isUp = false
  private var exchange = Credentials.Exchange()
  private var expires = Lifetime.asked
  private var sequence = UInt32.random(in: 1...0xFFFF)
  private let callID = SIPText.mark()
  private let tag = SIPText.mark()
  private var contact = ""
  private let request = Slot()
  private let deadline = Timer()
  private let next = Timer()
  private var liveness: Liveness?
  private var left: (() -> Void)?

  init(_ settings: Settings, resolver: Resolver, owner: RegistrationOwner) {
    self.settings = settings
    self.resolver = resolver
    self.owner = owner
    credentials = Credentials(
      user: settings.user, password: settings.password, realm: settings.realm)
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

  private func begin() {
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

  private var registrar: HostPort { settings.registrars[place] }

  private func move(to phase: Phase) { self.phase = phase }

  // MARK: Asking

  private func resolved(_ found: [sa]) {
    guard phase == .resolving else { return }
    guard let address = found.first else {
      return failed(SafeText("\(registrar.host) has no address"))
    }
    addresses = found
    ask(at: address)
  }

  private func ask(at address: sa) {
    do throws(Stack.Failure) {
      guard let stack = try owner?.stack(for: address, named: registrar.host) else { return }
      self.stack = stack
    } catch {
      return failed(Reasons.transport(error.error).words)
    }
    exchange = Credentials.Exchange()
    move(to: .asking)
    if let stack { owner?.willAsk(on: stack) }
    send(credentials: nil)
  }

  private func refresh() {
    guard phase == .registered else { return }
    exchange = Credentials.Exchange()
    move(to: .asking)
    send(credentials: nil)
  }

  private func send(credentials line: String?) {
    guard let stack else { return }
    request.release()
    sequence &+= 1
    let text =
      "To: <\(settings.address)>\r\nFrom: <\(settings.address)>;tag=\(tag)\r\n"
      + "Call-ID: \(callID)\r\nCSeq: \(sequence) REGISTER\r\nUser-Agent: \(Stack.software)\r\n"
      + "Expires: \(expires)\r\n\(line ?? "")Content-Length: 0\r\n\r\n"
    let error = stack.request(
      "REGISTER", uri: uri, text: text, into: request,
      argument: Unmanaged.passUnretained(self).toOpaque(),
      contact: { _, source, _, buffer, me in Registration.onSend(source, buffer, me) },
      response: { Registration.onResponse($0, $1, $2) })
    guard error == 0 else { return answered(error, nil) }
    deadline.start(after: settings.firstAnswer) { [weak self] in
      self?.request.release()
      self?.answered(ETIMEDOUT, nil)
    }
  }

  private var uri: String { "sip:\(settings.domain)" }

  private static func onSend(
    _ source: UnsafePointer<sa>?, _ buffer: UnsafeMutablePointer<mbuf>?,
    _ argument: UnsafeMutableRawPointer?
  ) -> Int32 {
    guard let source, let argument else { return EINVAL }
    let me = Unmanaged<Registration>.fromOpaque(argument).takeUnretainedValue()
    me.contact = me.contact(from: source.pointee)
    return mbuf_write_str(buffer, "Contact: <\(me.contact)>;expires=\(me.expires)\r\n")
  }

  private func contact(from source: sa) -> String {
    "sip:\(SIPText.escapedUser(settings.user))@\(source.hostPort)\(settings.transport.parameter)"
  }

  // MARK: Answers

  private static func onResponse(
    _ error: Int32, _ message: UnsafePointer<sip_msg>?, _ argument: UnsafeMutableRawPointer?
  ) {
    guard let argument else { return }
    Unmanaged<Registration>.fromOpaque(argument).takeUnretainedValue().answered(error, message)
  }

  private func answered(_ error: Int32, _ message: UnsafePointer<sip_msg>?) {
    guard error == 0, let message else {
      deadline.cancel()
      return phase == .leaving
        ? gone() : failed(stack?.refusal ?? Reasons.transport(error).words)
    }
    stack?.tune(message, keepalive: settings.keepalive)
    let code = message.code
    if code < 200 { return }
    deadline.cancel()
    switch code {
    case 200..<300: phase == .leaving ? gone() : accepted(message)
    case 401, 407: challenged(message)
    case 423 where phase == .asking: tooBrief(message)
    default:
      if phase == .leaving { return gone() }
      refused(code, message)
    }
  }

  private func challenged(_ message: UnsafePointer<sip_msg>) {
    let answer = credentials.answer(
      message.challenges, method: "REGISTER", uri: uri, in: &exchange,
      clientNonce: SIPText.mark())
    switch answer {
    case .success(let line): send(credentials: line)
    case .failure(let refusal):
      if phase == .leaving { return gone() }
      giveUp(refusal.words("the registrar", code: message.code))
    }
  }

  private func accepted(_ message: UnsafePointer<sip_msg>) {
    let granted = Lifetime.granted(
      contacts: message.values(SIP_HDR_CONTACT), own: contact,
      expires: message.pointee.expires.text, asked: expires)
    if granted < Lifetime.shortest {
      owner?.note(
        .warning,
        SafeText(
          "the registrar grants \(granted) s; asked again every \(Lifetime.shortest) s, not oftener"
        ))
    }
    backoff.reset()
    move(to: .registered)
    next.start(after: Lifetime.refresh(granted)) { [weak self] in self?.refresh() }
    if let stack {
      liveness = Liveness(stack, message, settings: settings) { [weak self] reason in
        self?.lost(reason)
      }
    }
    if !isUp {
      isUp = true
      owner?.registered()
    }
  }

  /// 423: the registrar wants to be asked less often.
  ///
  /// Once; its wish is clamped like what it grants.
  private func tooBrief(_ message: UnsafePointer<sip_msg>) {
    let wanted = message.values(SIP_HDR_MIN_EXPIRES).first.flatMap { Int($0) } ?? 0
    guard wanted > expires, wanted <= Lifetime.longest else { return refused(423, message) }
    expires = wanted
    exchange = Credentials.Exchange()
    send(credentials: nil)
  }

  private func refused(_ code: Int, _ message: UnsafePointer<sip_msg>) {
    switch code {
    case 300..<400: failed(SafeText("the registrar sends us elsewhere (\(code)); not followed"))
    // Another try could only lock the account.
    case 403: giveUp("the registrar refuses the account (403)")
    case 404: failed("the registrar does not know the account (404)")
    default:
      let words = Reasons.answer(code: code, phrase: message.phrase).words
      failed(SafeText("the registrar refuses: \(words) (\(code))"))
    }
  }

  // MARK: Losing it

  private func lost(_ reason: SafeText) {
    guard phase == .registered || phase == .asking else { return }
    // The first registrar is the one that is wanted: a loss begins there again.
    addresses = []
    place = settings.registrars.count - 1
    failed(reason)
  }

  private func failed(_ reason: SafeText) {
    request.release()
    deadline.cancel()
    liveness = nil
    isUp = false
    let wait: Int
    if addresses.count > 1 || place + 1 < settings.registrars.count {
      wait = Self.nextSoon
    } else {
      var generator = SystemRandomNumberGenerator()
      wait = backoff.next(using: &generator)
    }
    move(to: .waiting)
    next.start(after: wait) { [weak self] in self?.retry() }
    owner?.unregistered(reason, retryIn: wait)
  }

  /// How soon the next address, or the next registrar, is asked, in milliseconds.
  static let nextSoon = 200

  /// Tries the next address of the name, after the last the next registrar, and then the first again.
  private func retry() {
    if addresses.count > 1 {
      addresses.removeFirst()
      return ask(at: addresses[0])
    }
    place = (place + 1) % settings.registrars.count
    begin()
  }

  private func giveUp(_ reason: SafeText) {
    stop()
    move(to: .refused)
    owner?.unregistered(reason, retryIn: nil)
  }

  private func gone() {
    stop()
    let left = self.left
    self.left = nil
    left?()
  }
}
