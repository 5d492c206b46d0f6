// Telling a telephone system the agent's status.

import CCCore
import CLibre
import CLinux
import Glibc

/// What a seat teller needs from the program.
protocol SeatTellerOwner: AnyObject {
  /// Answers a challenge with the account's credentials.
  func answer(
    _ challenges: [DigestChallenge], method: String, uri: String,
    in exchange: inout Credentials.Exchange
  ) -> Result<String, Credentials.Refusal>
}

/// Dials a feature code, or runs a command, at every change of the status that has one; one at a time,
/// and only the newest of those that wait.
final class SeatTeller {
  private let orders: SeatOrders
  private weak var owner: SeatTellerOwner?
  private var told: String?
  private var call: FeatureCall?
  private var run: CommandRun?
  private var waiting: (() -> Void)?

  init(_ orders: SeatOrders, owner: SeatTellerOwner) {
    self.orders = orders
    self.owner = owner
  }

  /// Tells a status; `done` hears nil, or why the system does not know it.
  func tell(
    _ seat: Seat, on stack: Stack?, settings: Settings?, done: @escaping (SafeText?) -> Void
  ) {
    guard let word = SeatOrders.word(seat) else { return done(nil) }
    let order: String
    switch orders.way {
    case .none: return done(nil)
    case .dial:
      guard let code = orders.codes[word] else { return done(nil) }
      order = code
    case .command: order = word
    }
    // What it knows already is not said again: a code that toggles would undo itself.
    guard order != told || call != nil || run != nil else { return done(nil) }
    guard call == nil, run == nil else {
      waiting = { [weak self] in self?.tell(seat, on: stack, settings: settings, done: done) }
      return
    }
    let finish: (SafeText?) -> Void = { [weak self] why in
      self?.told = why == nil ? order : nil
      done(why)
      self?.call = nil
      self?.run = nil
      let next = self?.waiting
      self?.waiting = nil
      next?()
    }
    if orders.way == .command {
      run = CommandRun(orders.command + [word], done: finish)
      run?.start()
    } else {
      guard let stack, let settings, let owner else { return done("not registered") }
      call = FeatureCall(order, on: stack, settings: settings, owner: owner, done: finish)
      call?.start()
    }
  }
}

/// A call to a feature code: silent, on no screen, over as soon as it was answered.
final class FeatureCall: CallOwner {
  private let code: String
  private let stack: Stack
  private let settings: Settings
  private weak var owner: SeatTellerOwner?
  private var done: ((SafeText?) -> Void)?
  private var call: Call?
  private let deadline = Timer()

  /// How long the code may take to be answered, in milliseconds.
  static let patience = 8_000
  /// How long the system may talk after it, in milliseconds: some act only while they are listened to.
  static let listening = 1_500

  init(
    _ code: String, on stack: Stack, settings: Settings, owner: SeatTellerOwner,
    done: @escaping (SafeText?) -> Void
  ) {
    self.code = code
    self.stack = stack
    self.settings = settings
    self.owner = owner
    self.done = done
  }

  /// Dials it.
  func start() {
    do throws(Call.Failure) {
      let call = try Call(
        .out, number: code, dialled: code, name: nil, info: "", stack: stack, settings: settings,
        sound: NoSound(), owner: self)
      self.call = call
      deadline.start(after: Self.patience) { [weak self] in self?.call?.hangUp() }
      try call.start()
    } catch {
      finish(error.reason.words)
    }
  }

  func changed(_ call: Call, _ status: CallReport.Status, _ reason: Reason?) {
    switch status {
    case .talking:
      deadline.start(after: Self.listening) { [weak self] in self?.call?.hangUp() }
    case .ended: finish(nil)
    case .notEstablished:
      finish(SafeText("\(code): \(reason?.words.string ?? "no answer")"))
    case .calling, .ringing: break
    }
  }

  private func finish(_ why: SafeText?) {
    deadline.cancel()
    call = nil
    let done = self.done
    self.done = nil
    done?(why)
  }

  func changed(_ call: Call, held: Bool?, muted: Bool?) {}
  func transferred(_ call: Call, _ state: LineEvent.TransferState, _ reason: SafeText) {}
  func referred(
    _ call: Call, to target: ReferTarget, told: @escaping (Int, String) -> Void
  ) -> Bool { false }
  func credentials(for realm: String) -> (user: String, password: Secret)? { nil }
  func note(_ level: NoticeLevel, _ message: SafeText) {}
  func heard(_ news: MediaNews) {}

  func answer(
    _ challenges: [DigestChallenge], method: String, uri: String,
    in exchange: inout Credentials.Exchange
  ) -> Result<String, Credentials.Refusal> {
    owner?.answer(challenges, method: method, uri: uri, in: &exchange) ?? .failure(.unreadable)
  }
}
