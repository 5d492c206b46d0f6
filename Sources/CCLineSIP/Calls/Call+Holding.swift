// Hold, as both sides know it.

import CCCore
import CLibre
import Glibc

extension Call {
  /// How long the far end may take to answer a change, in milliseconds.
  static let changePatience = 5_000

  /// Whether it is held, or about to be.
  var isOnHold: Bool { change?.held ?? isHeld }

  /// Holds or resumes; `done` hears nil, or why it was not done.
  ///
  /// Here it is silent at once, whatever the far end says to it; it is heard again when the far end agrees.
  func hold(_ on: Bool, done: @escaping (SafeText?) -> Void) {
    guard phase == .talking else { return done("nobody has answered yet") }
    guard change == nil else { return done("the far end has not answered the last change yet") }
    wantsHold = on
    // What was given up and may still be agreed to is taken back then.
    guard isHeld != on else { return done(nil) }
    change = Change(held: on, done: done)
    changeDeadline.start(after: Self.changePatience) { [weak self] in
      self?.changeFailed("no answer from the far end")
    }
    attention()
    continueChange()
  }

  /// Asks the far end whether it still knows this call.
  ///
  /// Not while it hands the call on: some telephone systems end a call that is asked then, and the outcome of
  /// the transfer tells.
  func ask() {
    guard phase == .talking, isConfirmed, offer?.isOpen != true, change == nil, !isTransferring
    else { return }
    send(.question)
  }

  private func send(_ purpose: Offer.Purpose) {
    later.cancel()
    if case .hold(let on) = purpose { media.describe(held: on) }
    let offer = Offer(purpose, in: self) { [weak self] in self?.heard($0, $1) }
    self.offer = offer
    offer.start()
  }

  private func heard(_ offer: Offer, _ outcome: Offer.Outcome) {
    switch outcome {
    case .agreed(let message):
      guard answered(message) else { return refused(offer, "no common sound") }
      if let object = session.object { sip_dialog_update(sipsess_dialog(object), message) }
      trace.moved(by: message)
      tellFarHold()
      if case .hold(let on) = offer.purpose { agreed(on) } else { continueChange() }
    // RFC 5057: the far end does not know the call.
    case .refused(let message, _) where message.code == 481:
      isEndKnown = true
      end(.ended, Reasons.gone)
    case .refused(let message, let again):
      if let again, change.map({ .hold($0.held) == offer.purpose }) == true {
        return later.start(after: again) { [weak self] in self?.continueChange() }
      }
      let words = Reasons.answer(code: message.code, phrase: "").words
      refused(offer, SafeText("\(words) (\(message.code))"))
    case .failed(let why): refused(offer, why)
    }
  }

  /// The far end did not agree to an offer: both sides know what they knew before.
  private func refused(_ offer: Offer, _ why: SafeText) {
    media.describe(held: isHeld)
    guard case .hold(let on) = offer.purpose else { return continueChange() }
    if let change, change.held == on { return changeFailed(why) }
    // It was to undo what the far end had agreed to too late: that holds now.
    if change == nil, isUndoing { settle(!on) }
    isUndoing = false
    continueChange()
  }

  /// The far end agreed: to what is waited for, or to what was given up.
  private func agreed(_ on: Bool) {
    isUndoing = false
    if let change, change.held == on {
      self.change = nil
      changeDeadline.cancel()
      isHeld = on
      attention()
      change.done(nil)
      return tellHold()
    }
    if change != nil {
      // Another wish has come since; this is where it begins.
      isHeld = on
      return continueChange()
    }
    guard on != isHeld else { return media.describe(held: isHeld) }
    // A hold that comes late is what was wanted, unless something else is by now. A far end that is taken back
    // late is not listened to by anybody who expects it: it goes back on hold.
    guard on, wantsHold else {
      isUndoing = true
      return send(.hold(!on))
    }
    owner?.note(.warning, "the far end agreed to the hold late: the call is on hold")
    settle(on)
  }

  private func settle(_ on: Bool) {
    isHeld = on
    media.describe(held: on)
    attention()
    tellHold()
  }

  private func tellHold() {
    owner?.changed(self, held: isHeld, muted: nil)
    if isHeld { askWhileHeld() } else { doubt.cancel() }
  }

  /// So many keepalives pass until a call on hold is asked.
  private static let keepalivesOnHold = 6

  /// Nothing is heard of it, so nothing tells that it is gone.
  private func askWhileHeld() {
    doubt.start(after: settings.keepalive * 1000 * Self.keepalivesOnHold) { [weak self] in
      guard let self, isHeld else { return }
      ask()
      askWhileHeld()
    }
  }

  /// What waited: for the far end's ACK, behind another offer that was given up and may still be agreed to,
  /// or to be tried again.
  func continueChange() {
    guard let change, phase == .talking, isConfirmed, offer?.isOpen != true else {
      return attention()
    }
    change.held == isHeld ? agreed(change.held) : send(.hold(change.held))
  }

  /// It is not waited for any more: all is as both sides knew it.
  func changeFailed(_ why: SafeText) {
    guard let change else { return }
    self.change = nil
    changeDeadline.cancel()
    later.cancel()
    media.describe(held: isHeld)
    attention()
    change.done(why)
  }

  // MARK: Who is listened to

  /// What goes out and is heard follows from what is known of hold, and from whom the agent talks to.
  func attention() {
    owner?.attend()
    media.attention = isHeld ? .held : isOnHold || isAside ? .aside : .talking
  }

  /// Another call is talked to.
  func setAside(_ on: Bool) {
    guard isAside != on else { return }
    isAside = on
    attention()
  }
}
