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
  let orders: SeatOrders
  private weak var owner: SeatTellerOwner?
  private var told: String?
  private var order: String?
  /// The status that was to be told last.
  private var last: Seat?
  private var call: FeatureCall?
  private var run: CommandRun?
  private var waiting: (start: () -> Void, done: (SafeText?) -> Void)?
  private var isLeaving = false
  private let deadline = Timer()

  /// How long a line that ends waits for the system to be told, in milliseconds: it has a second in all.
  static let lastPatience = 650

  /// The call to a feature code that a request belongs to; nil: none.
  func call(of request: UnsafePointer<sip_msg>) -> Call? { call?.call(of: request) }

  init(_ orders: SeatOrders, owner: SeatTellerOwner) {
    self.orders = orders
    self.owner = owner
  }

  /// Tells a status; `done` hears nil, or why the system does not know it.
  func tell(
    _ seat: Seat, on stack: Stack?, settings: Settings?, done: @escaping (SafeText?) -> Void
  ) {
    // The desk sends a status when it changes: the same one once more is chosen by hand.
    let isChosen = seat == last
    last = seat
    tell(seat, isChosen: isChosen, on: stack, settings: settings, done: done)
  }

  private func tell(
    _ seat: Seat, isChosen: Bool, on stack: Stack?, settings: Settings?,
    done: @escaping (SafeText?) -> Void
  ) {
    // What waited is overtaken.
    let overtaken = waiting
    waiting = nil
    overtaken?.done(nil)
    guard let next = orders.order(for: seat) else { return done(nil) }
    guard order == nil else {
      waiting = (
        { [weak self] in
          self?.tell(seat, isChosen: isChosen, on: stack, settings: settings, done: done)
        }, done
      )
      return
    }
    // What it knows already is not said again, a code that toggles would undo itself, unless the agent asks
    // for it: the system may have forgotten, or paused her by itself.
    guard next != told || isChosen else { return done(nil) }
    order = next
    if orders.way == .command {
      run = CommandRun(orders.command + [next]) { [weak self] why in
        guard let self else { return done(why) }
        finish(why, done)
      }
      run?.start()
    } else {
      guard let stack, let settings, let owner else { return finish("not registered", done) }
      let number: String
      switch settings.rules.dialPlan.verdict(onCode: next) {
      case .success(let dialled): number = dialled
      case .failure(let refusal): return finish(refusal.words, done)
      }
      call = FeatureCall(number, on: stack, settings: settings, owner: owner) { [weak self] in
        self?.finish($0, done)
      }
      if isLeaving { call?.hurry() }
      call?.start()
    }
  }

  /// The desk begins anew: the status that it sends next was not chosen by hand.
  func beginAnew() { last = nil }

  /// The link was lost: what the system was told is void, for it may have been started anew.
  func forget() {
    told = nil
    last = nil
  }

  /// The link was lost and is back, and the desk does not know of it: the status is told once more.
  func tellAgain(
    on stack: Stack?, settings: Settings?, done: @escaping (SafeText?) -> Void
  ) {
    let seat = last
    forget()
    guard let seat else { return }
    tell(seat, on: stack, settings: settings, done: done)
  }

  private func finish(_ why: SafeText?, _ done: (SafeText?) -> Void) {
    told = why == nil ? order : nil
    order = nil
    call = nil
    run = nil
    done(why)
    let next = waiting
    waiting = nil
    next?.start()
  }

  /// The line ends, and the agent is offline with it: the system is told so first.
  ///
  /// `done` comes once, in time for the line to unregister.
  func leave(on stack: Stack?, settings: Settings?, done: @escaping (SafeText?) -> Void) {
    guard let last = orders.order(for: .offline), last != told || order != nil else {
      return done(nil)
    }
    isLeaving = true
    var isOver = false
    let once: (SafeText?) -> Void = { [deadline] why in
      guard !isOver else { return }
      isOver = true
      deadline.cancel()
      done(why)
    }
    deadline.start(after: Self.lastPatience) { [weak self] in
      self?.waiting = nil
      once("it took too long")
      self?.call?.hangUp()
    }
    tell(.offline, isChosen: false, on: stack, settings: settings, done: once)
    // Another status that is just being told is not the agent's any more.
    order == last ? call?.hurry() : call?.hangUp()
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
  /// The same where the line ends, in milliseconds.
  static let listeningAtTheEnd = 200
  private var listening = FeatureCall.listening

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

  /// Hangs up.
  func hangUp() { call?.hangUp() }

  /// The line ends: the system is not listened to for long.
  func hurry() {
    listening = Self.listeningAtTheEnd
    if call?.phase == .talking { listen() }
  }

  private func listen() {
    deadline.start(after: listening) { [weak self] in self?.call?.hangUp() }
  }

  func changed(_ call: Call, _ status: CallReport.Status, _ reason: Reason?) {
    switch status {
    case .talking: listen()
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
  func waits(for refer: UInt32, of call: Call) -> Bool { false }
  func transferred(_ call: Call, _ state: LineEvent.TransferState, _ reason: SafeText) {}
  func referred(
    _ call: Call, to target: ReferTarget, told: @escaping (Int, String) -> Void
  ) -> Bool { false }
  func note(_ level: NoticeLevel, _ message: SafeText) {}
  func identified(_ call: Call, _ party: Party) {}
  func heldThere(_ call: Call, _ on: Bool) {}
  func attend() {}
  func heard(_ call: Call, _ news: MediaNews) {}
  func lookUp(_ name: String, _ done: @escaping (sa?) -> Void) { done(nil) }

  /// The call that a request belongs to, if it is this one.
  func call(of request: UnsafePointer<sip_msg>) -> Call? {
    call.flatMap { $0.owns(request) || $0.ownsEarly(request) ? $0 : nil }
  }

  func answer(
    _ challenges: [DigestChallenge], method: String, uri: String,
    in exchange: inout Credentials.Exchange
  ) -> Result<String, Credentials.Refusal> {
    owner?.answer(challenges, method: method, uri: uri, in: &exchange) ?? .failure(.unreadable)
  }
}
