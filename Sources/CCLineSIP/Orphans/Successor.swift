// `ccterm-line-sip --end-orphans`: ends the calls that a dead line left, and nothing else.

import CCCore
import CCJSON
import CCLine
import CLibre
import CLinux
import Glibc

/// Reads one `register` from stdin, says at that registrar what the dead line owes, and ends.
///
/// It registers
/// nothing, takes no call, and leaves in the file what nobody has answered.
///
/// The desk's guardian starts it where nobody is left who could: desk and line killed at once, a line that
/// crashes again and again, a line that had to go before it was answered.
final class Successor {
  private let settings: Settings
  private let book: DialogBook
  private lazy var farewells = Farewells(owner: self)
  private var credentials: Credentials
  private var resolver: Resolver?
  private var stack: Stack?
  private var place = 0
  private var addresses: [sa] = []
  private let deadline = Timer()
  private let again = Timer()
  private var sleep: SleepWatch?
  private lazy var signals = Signals { re_cancel() }

  /// How long it tries, in milliseconds.
  static let patience = 30_000
  /// From one try to the next, in milliseconds.
  static let pause = 500

  /// Runs; the exit code: 0 where nothing is left.
  static func run() -> Int32 {
    guard let (config, token) = order(), let settings = try? Settings(config, token: token),
      let successor = Successor(settings)
    else { return 2 }
    return successor.run()
  }

  private static func order() -> (config: JSONValue?, token: Secret?)? {
    var found: (JSONValue?, Secret?)?
    var reader = CommandReader()
    (StandardInput.all() + [UInt8(ascii: "\n")]).withUnsafeBytes { bytes in
      reader.feed(bytes) { input in
        guard case .command(.register(_, let token), let object) = input else { return }
        found = (object["config"], token)
      }
    }
    return found
  }

  private init?(_ settings: Settings) {
    self.settings = settings
    book = DialogBook(account: settings.bookName)
    credentials = Credentials(
      user: settings.user, password: settings.password, realm: settings.realm)
  }

  private func run() -> Int32 {
    farewells.find(in: book)
    guard !farewells.isDone else { return 0 }
    guard libre_init() == 0, let resolver = Resolver() else { return 1 }
    self.resolver = resolver
    SIPGate.shared.watch(for: self)
    signals.start()
    sleep = SleepWatch()
    // Only what the dead line would have answered is answered.
    credentials = Credentials(
      user: settings.user, password: settings.password, realm: settings.realm,
      pin: farewells.pin)
    deadline.start(after: Self.patience) { re_cancel() }
    begin()
    _ = re_main(nil)
    return farewells.isDone ? 0 : LineExit.unfinished
  }

  private func begin() {
    let registrar = settings.registrars[place]
    resolver?.resolve(
      registrar.host, port: registrar.port ?? settings.transport.usualPort
    ) { [unowned self] found in
      addresses = found
      for address in found { SIPGate.shared.trusted.add(address) }
      speak()
    }
  }

  /// Says all that is not said at the next address.
  private func speak() {
    guard !addresses.isEmpty, let stack = connect(to: addresses.removeFirst()) else {
      return tryNext()
    }
    farewells.begin(on: stack)
    if !farewells.isSpeaking { spoke() }
  }

  private func connect(to address: sa) -> Stack? {
    if let stack, stack.registrar.hostPort == address.hostPort { return stack }
    let host = settings.registrars[place].host
    guard let local = sa.local(toward: address) else { return nil }
    let certificates =
      settings.transport == .tls ? try? TLSContext(host: host, caFile: settings.caFile) : nil
    if settings.transport == .tls, certificates == nil { return nil }
    stack = try? Stack(
      transport: settings.transport, registrar: address, local: local, port: farewells.port,
      certificates: certificates, owner: self)
    return stack
  }

  /// The next address, the next registrar, and the first again.
  private func tryNext() {
    again.start(after: Self.pause) { [unowned self] in
      if !addresses.isEmpty { return speak() }
      place = (place + 1) % settings.registrars.count
      begin()
    }
  }
}

extension Successor: FarewellsOwner {
  func answer(
    _ challenges: [DigestChallenge], method: String, uri: String,
    in exchange: inout Credentials.Exchange
  ) -> Result<String, Credentials.Refusal> {
    credentials.answer(
      challenges, method: method, uri: uri, in: &exchange, clientNonce: SIPText.mark())
  }

  func note(_ level: NoticeLevel, _ message: SafeText) {
    cc_complain(message.string)
  }

  var wayOut: Stack? { stack }

  func spoke() {
    guard !farewells.isDone else { return re_cancel() }
    // What is under way may still be answered; what was not is said again.
    if !farewells.isSpeaking { tryNext() }
  }
}

extension Successor: SIPGateOwner {
  func unreadable(_ total: Int, _ last: SafeText) {}
  func lostTheEnd(from peer: sa) {}
  func lostWay(to peer: sa, _ strange: SafeText?) {}
}

extension Successor: StackOwner {
  var awaitsEnds: Bool { false }
  func arrived(_ message: UnsafePointer<sip_msg>) {}
  func failed(_ message: UnsafePointer<sip_msg>) {}
  func byeChallenged(
    in dialog: DialogRecord, _ challenges: [DigestChallenge], on stack: Stack?
  ) {}
  func isNobodys(_ answer: UnsafePointer<sip_msg>) -> Bool { false }
  func sent(_ message: UnsafePointer<sip_msg>, to peer: sa) {}
  func takesLate(_ message: UnsafePointer<sip_msg>, on stack: Stack?) -> Bool {
    farewells.takes(message)
  }
  func isKnown(_ request: UnsafePointer<sip_msg>) -> Bool { false }
  func willEnd(by request: UnsafePointer<sip_msg>) {}
  func asked(_ request: UnsafePointer<sip_msg>) -> Bool { false }
  func isBusyChanging(_ request: UnsafePointer<sip_msg>) -> Bool { false }
  func takesNotify(_ request: UnsafePointer<sip_msg>) -> Bool { false }
  func droppedStranger(from address: sa) {}
  func invited(_ request: UnsafePointer<sip_msg>, on stack: Stack) {
    _ = sip_treply(nil, stack.handle, request, 480, Reasons.phrase(480))
  }
}
