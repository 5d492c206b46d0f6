// A client of a presence bus: MQTT 3.1.1 on libmosquitto, on a thread of its own.

import CCCore
import CLinux
import Glibc
import Synchronization

/// Keeps one connection to one of several brokers, for as long as it is wanted.
///
/// The owner polls `descriptor`, and `take`s what came when it is readable. Everything else happens on
/// the one thread that touches the library: broker after broker is tried, with a back-off that grows
/// with each lap and is never the same for two clients; each connection has an epoch of its own, later
/// than any before, and the will that goes with it; subscriptions are made anew and their answers
/// checked. Nothing is queued without bound in either direction, and nothing is sent while there is no
/// connection: who publishes a state says it again at `BusEvent.up`.
public final class BusClient: Sendable {
  /// What a connection is made of.
  public struct Settings: Sendable {
    /// The brokers.
    public var address: BusAddress
    /// The client's name at the broker: a second one of the same name takes over, so whoever can guess
    /// it can put this one out (`secretID`).
    public var clientID: String
    /// The user; nil: anonymous.
    public var user: String?
    /// Further users of the same password, to come back as where somebody else has come as this one:
    /// a broker that names clients by their users takes one of each.
    public var otherUsers: [String] = []
    /// The password.
    public var password: Secret?
    /// A file of certificates that the broker's may be signed by; nil: those of the system.
    public var caFile: String?
    /// Whose seat the broker is to call offline when the connection dies; nil: no will.
    public var will: AgentKey?
    /// The Unix milliseconds at which the desk behind the will was opened.
    public var deskOpened: Int64?
    /// What to subscribe to, again with each connection.
    public var filters: [String] = []
    /// Whether to ask again for what the broker keeps, until that brings no more than before (a node of
    /// a cluster that has just started gives only a part of it).
    public var rereads = false
    /// Seconds between two signs of life.
    public var keepalive = 20
    /// Milliseconds that a broker has to take us, name, TLS and all.
    public var patience: Int64 = 3_000
    /// Milliseconds between two readings.
    public var rereadAfter: Int64 = 5_000
    /// Milliseconds that the back-off grows to.
    public var slowest: Int64 = 10_000

    /// Makes settings.
    public init(address: BusAddress, clientID: String) {
      self.address = address
      self.clientID = clientID
    }

    /// A name that nobody can guess, for one client and all its connections.
    ///
    /// Where the broker names its clients itself, by their users, it is not used.
    public static func secretID(_ kind: String) -> String {
      var system = SystemRandomNumberGenerator()
      let halves = [system.next(), system.next()].map { String($0, radix: 36) }
      return "~\(kind)-\(halves.joined())"
    }
  }

  /// The bounds of a client.
  public enum Limits {
    /// Bytes of a payload that are kept or sent.
    public static let payload = 4_096
    /// Messages that are with the broker and not yet confirmed.
    public static let unconfirmed = 20
  }

  /// Readable when `take` has something.
  public var descriptor: Int32 { mailbox.descriptor }

  let settings: Settings
  let library: BusLibrary
  let mailbox: BusMailbox
  let outbox = BusOutbox()
  let waker: Waker
  private let finished: Waker
  private let wishes = Mutex(Wishes())
  private let isStarted = Mutex(false)

  /// What the owner wants of the thread.
  struct Wishes: Sendable {
    var ends = false
    /// Ask for everything the broker keeps once more.
    var rereads = false
    /// Do not wait for the next attempt.
    var hurries = false
    /// Connect anew.
    var reconnects = false
    /// The next epoch is later than this.
    var after: Int64 = 0
  }

  /// Opens the library; nothing is connected before `start`.
  ///
  /// - Throws: `BusTrouble` where libmosquitto is not installed.
  public init(_ settings: Settings) throws(BusTrouble) {
    self.settings = settings
    library = try BusLibrary.opened()
    mailbox = try BusMailbox()
    waker = try Waker()
    finished = try Waker()
  }

  // MARK: For the owner

  /// Starts the thread, once.
  public func start() throws(BusTrouble) {
    let isFirst = isStarted.withLock { started in
      defer { started = true }
      return !started
    }
    guard isFirst else { return }
    // Signals are the main thread's: none may be taken by this one.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self)
    guard pthread_create(&thread, nil, runBus, context.toOpaque()) == 0 else {
      context.release()
      finished.wake()
      throw BusTrouble("no thread can be started for the bus: see ulimit -u.")
    }
    pthread_detach(thread)
  }

  /// Takes what came, in its order.
  public func take() -> [BusEvent] {
    var events: [BusEvent] = []
    take { events.append($0.copy) }
    return events
  }

  /// Takes what came without copying it.
  func take(_ body: (BusMailbox.Item) -> Void) {
    guard mailbox.take(body) else { return }
    body(.event(.overrun))
    reread()
  }

  /// Publishes, at least once (QoS 1); false where there is no connection, or no room for it.
  ///
  /// Of a retained message without a tag only the newest of its topic waits.
  public func publish(_ message: BusMessage) -> Bool {
    guard message.payload.count <= Limits.payload, outbox.add(message) else { return false }
    waker.wake()
    return true
  }

  /// Asks once more for everything that the broker keeps.
  public func reread() { wish { $0.rereads = true } }

  /// Does not wait for the next attempt.
  public func hurry() { wish { $0.hurries = true } }

  /// Connects anew, with an epoch later than this one.
  public func reconnect(after epoch: Int64) {
    wish {
      $0.reconnects = true
      $0.after = max($0.after, epoch)
    }
  }

  /// Says the last words, closes the connection in good order, and ends the thread.
  ///
  /// Waits at most so many milliseconds; a thread that is stuck in the name service is left behind.
  public func stop(saying words: [BusMessage] = [], atMost milliseconds: Int32 = 1_000) {
    for message in words { _ = publish(message) }
    wish { $0.ends = true }
    guard isStarted.withLock({ $0 }) else { return }
    _ = finished.wait(milliseconds: milliseconds)
  }

  deinit { waker.wake() }

  // MARK: The thread

  private func wish(_ change: (inout Wishes) -> Void) {
    wishes.withLock { change(&$0) }
    waker.wake()
  }

  /// Takes the wishes; `ends` and `after` stay.
  func takeWishes() -> Wishes {
    wishes.withLock { wishes in
      let taken = wishes
      wishes.rereads = false
      wishes.hurries = false
      wishes.reconnects = false
      return taken
    }
  }

  fileprivate func run() {
    var attempt = 0
    var backOff = BackOff(hosts: settings.address.hosts.count, slowest: settings.slowest)
    var epoch: Int64 = 0
    let users = [settings.user] + settings.otherUsers.map(Optional.some)
    var user = 0
    while !takeWishes().ends {
      let host = settings.address.hosts[attempt % settings.address.hosts.count]
      attempt += 1
      mailbox.post(.connecting(host: SafeText(host.description)))
      epoch = max(BusClock.unix(), epoch + 1, takeWishes().after + 1)
      var own = settings
      own.user = users[user]
      let connection = BusConnection(self, own, to: host, epoch: epoch)
      let end = connection.run()
      for tag in outbox.shut() { mailbox.post(.undelivered(tag: tag)) }
      if case .ended = end { break }
      // Who takes us and throws us out again is no better than one who does not take us.
      if connection.heldFor >= settings.slowest || end == .renewed { backOff.reset() }
      // Whom the broker let go may have met herself; whom it does not know as another is the first one.
      let wasOther = user != 0
      user = end.isRefused ? 0 : connection.wasUp ? (user + 1) % users.count : user
      let pause = backOff.next(isRefused: end.isRefused && !wasOther)
      mailbox.post(.down(reason: SafeText(end.words), retryIn: Int(pause)))
      rest(pause)
    }
    finished.wake()
  }

  private func rest(_ milliseconds: Int64) {
    let end = BusClock.uptime() + milliseconds
    while true {
      let left = end - BusClock.uptime()
      guard left > 0 else { return }
      guard waker.wait(milliseconds: Int32(clamping: left)) else { return }
      waker.clear()
      let wishes = takeWishes()
      if wishes.ends || wishes.hurries || wishes.reconnects { return }
    }
  }
}

/// The thread's first function: at file scope, so that it belongs to no actor.
private func runBus(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context else { return nil }
  Unmanaged<BusClient>.fromOpaque(context).takeRetainedValue().run()
  return nil
}

/// How long to wait for the next attempt: anything up to a ceiling that doubles with each lap.
struct BackOff {
  private let hosts: Int
  private let slowest: Int64
  private var ceiling: Int64 = 100
  private var failures = 0

  init(hosts: Int, slowest: Int64) {
    self.hosts = hosts
    self.slowest = slowest
  }

  mutating func reset() {
    ceiling = 100
    failures = 0
  }

  /// Milliseconds; who was refused by name waits the longest, since nothing changes by itself.
  mutating func next(isRefused: Bool) -> Int64 {
    failures += 1
    if failures % hosts == 0 { ceiling = min(ceiling * 2, slowest) }
    let top = isRefused ? slowest : ceiling
    return Int64.random(in: min(20, top)...top)
  }
}

/// The clocks of the bus, which has a thread of its own and nobody to tell it the time.
enum BusClock {
  /// Milliseconds since the machine was started, its sleep included.
  static func uptime() -> Int64 { cc_uptime() / Instant.millisecond }
  /// Unix milliseconds.
  static func unix() -> Int64 { cc_unix() }
}
