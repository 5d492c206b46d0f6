// What the desk asks of calls: each command names its call and never hits another.

import CCCore
import CLibre

extension Calls {
  /// Does what a command asks, and says false if it is no command for calls.
  ///
  /// `done` hears nil, or why it was not done.
  func obey(
    _ command: LineCommand, stack: Stack?, settings: Settings?, done: @escaping (SafeText?) -> Void
  ) -> Bool {
    switch command {
    case .callPhone(_, let phone, let info):
      guard let stack, let settings else { return refuse(done, "not registered") }
      let refusal = dial(phone, info: info, stack: stack, settings: settings) { done(nil) }
      if let refusal { done(refusal) }
    case .hangUp(_, let id):
      // A call that has ended meanwhile is hung up: the agent has what she wanted.
      find(id)?.hangUp()
      done(nil)
    case .answer(_, let id): done(take(id))
    case .reject(_, let id): done(reject(id))
    case .hold(_, let id, let on):
      with(id, done) { call in
        if !on { turn(to: call) }
        call.hold(on, done: done)
      }
    case .mute(_, let id, let on): with(id, done) { done($0.mute(on)) }
    case .dtmf(_, let id, let digits): with(id, done) { done($0.sendKeys(digits)) }
    case .transfer(_, let id, let to, let consult):
      with(id, done) { call in
        if consult {
          ask(call, about: to, stack: stack, settings: settings, done)
        } else {
          handOver(call, to: to, done)
        }
      }
    case .join(_, let id, let with): join(id, with, done)
    default: return false
    }
    return true
  }

  private func refuse(_ done: (SafeText?) -> Void, _ why: SafeText) -> Bool {
    done(why)
    return true
  }

  private func with(
    _ id: String?, _ done: (SafeText?) -> Void, _ body: (Call) -> Void
  ) {
    guard let call = find(id) else { return done("the call is over") }
    body(call)
  }

  private func ringing(_ id: String?) -> Call? {
    open.first { (id == nil || $0.id == id) && $0.phase == .alerting }
  }

  private func take(_ id: String?) -> SafeText? {
    guard let call = ringing(id) else { return "no such call rings" }
    // Two calls are never heard at once: the desk holds the first, and a line that is driven by hand
    // does it here.
    for other in open where other !== call && other.phase == .talking && !other.isHeld {
      guard other.change == nil else { continue }
      other.hold(true) { [weak self] why in
        guard let why, why != "the call is over" else { return }
        self?.note(
          .warning,
          SafeText(
            "the other call could not be held (\(why)): it hears silence while you talk here"))
      }
    }
    return call.take()
  }

  private func reject(_ id: String?) -> SafeText? {
    guard let call = ringing(id) else { return wasCall(id) ? nil : "no such call rings" }
    call.reject(code: seatTurnsAway ? 480 : rules.refusal.code)
    return nil
  }

  // MARK: Handing over

  /// Holds a call and calls somebody about it.
  private func ask(
    _ call: Call, about number: String, stack: Stack?, settings: Settings?,
    _ done: @escaping (SafeText?) -> Void
  ) {
    guard let stack, let settings else { return done("not registered") }
    guard open.count == 1 else { return done("two calls are open already") }
    guard call.phase == .talking else { return done("nobody has answered yet") }
    // Whom the plan refuses, or asks about, is not called: nobody is held for that.
    let dialled: String
    do throws(NotDialled) { dialled = try plan(number) } catch { return done(error.words) }
    let wasHeld = call.isHeld
    let proceed = { [weak self, weak call] in
      guard let self else { return }
      let refusal = dial(number, as: dialled, info: "", stack: stack, settings: settings) {
        done(nil)
      }
      guard let refusal else { return }
      done(refusal)
      if !wasHeld { takeBack(call) }
    }
    if call.isHeld { return proceed() }
    call.hold(true) { why in
      if let why { done(SafeText("the call could not be held: \(why)")) } else { proceed() }
    }
  }

  /// A call was held for somebody who was not called then.
  private func takeBack(_ call: Call?) {
    call?.hold(false) { [weak self] why in
      guard let why else { return }
      self?.note(.warning, SafeText("the call is still on hold: \(why)"))
    }
  }

  /// Hands a call to a number.
  private func handOver(_ call: Call, to number: String, _ done: (SafeText?) -> Void) {
    guard DialPlan.isNumber(number) else { return done("no number: digits, +, * and # are") }
    switch rules.dialPlan.verdict(on: number) {
    case .dial(let number): done(call.handOver(to: number, replacing: nil))
    case .refuse(let words): done(words)
    case .ask: done(Self.noRescue)
    }
  }

  private static let noRescue: SafeText = "no call is handed to an emergency number"

  /// Connects two calls with each other: the first is told to take the place of our side of the second.
  private func join(_ one: String?, _ two: String?, _ done: (SafeText?) -> Void) {
    let pair = [find(one), find(two)].compactMap { $0 }
    guard pair.count == 2, pair[0] !== pair[1], pair.allSatisfy({ $0.phase == .talking }),
      let replaced = pair[1].trace.replaces
    else { return done("there are no two calls to join") }
    // Whichever of them is told to: in the end the two talk.
    let isRescue = pair.contains { $0.direction == .out && rules.dialPlan.isEmergency($0.dialled) }
    guard !isRescue else { return done(Self.noRescue) }
    done(pair[0].handOver(to: pair[1].dialled, replacing: replaced, with: pair[1]))
  }
}
