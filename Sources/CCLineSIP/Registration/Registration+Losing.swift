// Losing the registrar, and trying again.

import CCCore
import CLibre
import Glibc

extension Registration {
  /// How soon the next address, or the next registrar, is asked, in milliseconds.
  static let nextSoon = 200
  /// Desks that lost their registrar together come back within so many milliseconds of each other.
  static let spread = 150

  /// So many rounds of the watch from one look at what stands at the registrar to the next.
  static let lookEvery = 3

  /// What the watch over the way tells.
  func heard(_ news: Liveness.News) {
    switch news {
    case .alive(let options):
      if options { unansweredOptions = 0 }
      rounds += 1
      if rounds.isMultiple(of: Self.lookEvery) { look() }
    case .silence:
      // Perhaps it only does not answer OPTIONS; a REGISTER it must.
      unansweredOptions += 1
      refresh()
    case .closed(let reason): lost(reason)
    }
  }

  /// What comes next on the way may be misread, or nothing may come any more: it is asked soon, and at once
  /// where it was not asked so just before.
  func doubt() {
    guard settings.transport.isStream else { return }
    if phase == .asking, !isUp, let stack, let words = strangeness(of: stack) {
      request.release()
      SIPGate.shared.drop(stack.registrar, EPROTO)
      return failed(words)
    }
    guard isUp, !isDoubted else { return }
    isDoubted = true
    let rest = doubtedAt.map { Self.doubtPause - Int(clamping: Timer.since($0)) } ?? 0
    doubtful.start(after: max(0, rest)) { [weak self] in self?.settleDoubt() }
  }

  private func settleDoubt() {
    isDoubted = false
    doubtedAt = Timer.now
    // What is asked already is not waited for as long as usual.
    if phase == .asking, isUp, !isOnNewWay, request.object != nil {
      deadline.start(after: Self.doubtPatience) { [weak self] in self?.unanswered() }
    } else {
      refresh(within: Self.doubtPatience)
    }
  }

  /// The connection to the registrar is gone while an answer was waited for on it.
  func wayEnded(_ strange: SafeText?) {
    guard phase == .asking, let stack, request.object != nil,
      SIPGate.shared.ways(to: stack.registrar).isEmpty
    else { return }
    let reason = stack.takeRefusal() ?? strange ?? Reasons.transport(ECONNRESET).words
    isUp ? lost(reason) : failed(reason)
  }

  /// How long an answer may take on a way that is in doubt, in milliseconds.
  static let doubtPatience = 2_000
  /// A way that gives new doubts all the time is asked so often, in milliseconds.
  static let doubtPause = 1_000

  /// The password may have been changed: a call was refused with it.
  func passwordWasRefused() { refresh() }

  func lost(_ reason: SafeText) {
    guard phase == .registered || phase == .asking else { return }
    request.release()
    deadline.cancel()
    if triesNewWay() { return }
    beginWithTheFirst()
    failed(reason)
  }

  /// Nobody answers on this way: it is let go of, and with it whatever waits there.
  func unanswered() {
    request.release()
    liveness = nil
    if let stack, settings.transport.isStream { SIPGate.shared.drop(stack.registrar, ETIMEDOUT) }
    answered(ETIMEDOUT, nil)
  }

  /// A way that stood and broke is made anew before anybody is told, once: true.
  func triesNewWay() -> Bool {
    guard isUp, !isOnNewWay, settings.transport.isStream, phase != .leaving else { return false }
    isOnNewWay = true
    liveness = nil
    exchange = Credentials.Exchange()
    move(to: .asking)
    next.start(after: Int.random(in: 0...Self.spread)) { [weak self] in
      guard let self, let stack else { return }
      // What the old way took along is said on the new one.
      owner?.willAsk(on: stack)
      send(credentials: nil)
    }
    return true
  }

  /// The first registrar is the one that is wanted: a loss begins there again.
  private func beginWithTheFirst() {
    addresses = []
    place = settings.registrars.count - 1
  }

  /// `wait`: until the next try, in milliseconds; nil: as the rules have it.
  func failed(_ reason: SafeText, wait given: Int? = nil) {
    if isOnNewWay { beginWithTheFirst() }
    (isOnNewWay, isForgotten) = (false, false)
    request.release()
    deadline.cancel()
    liveness = nil
    isUp = false
    let wait: Int
    if let given {
      wait = given
    } else if addresses.count > 1 || place + 1 < settings.registrars.count {
      wait = Self.nextSoon
    } else {
      var generator = SystemRandomNumberGenerator()
      wait = backoff.next(using: &generator)
    }
    move(to: .waiting)
    next.start(after: wait) { [weak self] in self?.retry() }
    owner?.unregistered(reason, retryIn: wait)
  }

  /// Tries the next address of the name, after the last the next registrar, and then the first again.
  private func retry() {
    if addresses.count > 1 {
      addresses.removeFirst()
      return ask(at: addresses[0])
    }
    place = (place + 1) % settings.registrars.count
    begin()
  }

  func giveUp(_ reason: SafeText) {
    stop()
    move(to: .refused)
    owner?.unregistered(reason, retryIn: nil)
  }

  func gone() {
    stop()
    let left = self.left
    self.left = nil
    left?()
  }

  /// What answers there instead of a registrar, in words.
  func strangeness(of stack: Stack) -> SafeText? {
    SIPGate.shared.strangeness(of: stack.registrar)
  }
}
