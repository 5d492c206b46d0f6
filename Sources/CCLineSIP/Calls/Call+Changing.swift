// What is done with a call that talks: hold, mute, keys, and the far end's own changes.

import CCCore
import CLibre
import Glibc

extension Call {
  /// How long the far end may take to answer a change, in milliseconds.
  static let changePatience = 5_000

  /// Holds or resumes; `done` hears nil, or why it was not done.
  ///
  /// Here it is silent at once, whatever the far end says to it.
  func hold(_ on: Bool, done: @escaping (SafeText?) -> Void) {
    guard phase == .talking, let object = session.object else {
      return done("nobody has answered yet")
    }
    guard change == nil else { return done("the far end has not answered the last change yet") }
    guard isHeld != on else { return done(nil) }
    media.setDirection(send: !on, receive: !on)
    guard let offer = media.offer() else { return done("no memory for the offer") }
    defer { mem_deref(offer) }
    let error = sipsess_modify(object, offer)
    guard error == 0 else {
      media.setDirection(send: !isHeld, receive: !isHeld)
      return done(Reasons.transport(error).words)
    }
    challengesInCall = 0
    change = Change(held: on, done: done)
    changeDeadline.start(after: Self.changePatience) { [weak self] in
      self?.changeFailed("no answer from the far end")
    }
  }

  /// The far end agreed.
  func changeSettled() {
    guard let change else { return }
    self.change = nil
    changeDeadline.cancel()
    isHeld = change.held
    change.done(nil)
    owner?.changed(self, held: isHeld, muted: nil)
  }

  /// It did not: all is as it was before.
  private func changeFailed(_ why: SafeText) {
    guard let change else { return }
    self.change = nil
    changeDeadline.cancel()
    media.setDirection(send: !isHeld, receive: !isHeld)
    change.done(why)
  }

  /// A raw failure answer: libre tells nobody that a change of a call was refused.
  ///
  /// 491 is tried again by libre, and a challenge is answered.
  func refused(_ message: String) {
    guard change != nil, phase == .talking, isNamed(in: message),
      SIPText.header(["cseq"], in: message)?.hasSuffix("INVITE") == true,
      let code = Int(message.dropFirst(8).prefix(3)), code != 491
    else { return }
    if code == 401 || code == 407, challengesInCall == 0 { return }
    changeFailed(SafeText("\(Reasons.answer(code: code, phrase: "").words) (\(code))"))
  }

  /// Shuts or opens the microphone.
  func mute(_ on: Bool) -> SafeText? {
    guard phase == .talking else { return "nobody has answered yet" }
    media.isMuted = on
    owner?.changed(self, held: nil, muted: on)
    return nil
  }

  /// Sends keys; nil if they are under way.
  func sendKeys(_ digits: String) -> SafeText? {
    guard phase == .talking else { return "nobody has answered yet" }
    guard !digits.isEmpty, digits.utf8.count <= 64,
      digits.utf8.allSatisfy({ "0123456789*#ABCD".utf8.contains($0) })
    else { return "tones are 0 to 9, *, # and A to D" }
    switch settings.tones {
    case .events:
      return media.sendDTMF(digits)
        ? nil : "the far end takes no tones in its sound; sip.dtmf: info may help"
    case .info:
      guard infoQueue.count + digits.count <= 256 else { return "too many tones wait" }
      infoQueue += digits.map(String.init)
      sendNextInfo()
      return nil
    }
  }

  /// One INFO after another, so that no key overtakes another.
  private func sendNextInfo() {
    guard !infoIsUnderWay, !infoQueue.isEmpty, phase == .talking, let body = mbuf_alloc(64) else {
      return
    }
    defer { mem_deref(body) }
    mbuf_write_str(body, "Signal=\(infoQueue.removeFirst())\r\nDuration=160\r\n")
    mbuf_set_pos(body, 0)
    challengesInCall = 0
    infoIsUnderWay = true
    let error = sipsess_info(
      session.object, "application/dtmf-relay", body, { Call.onInfo($0, $1, $2) },
      Unmanaged.passUnretained(self).toOpaque())
    if error != 0 { infoAnswered(Int(error)) }
  }

  /// `code`: below 200 an error number.
  func infoAnswered(_ code: Int) {
    infoIsUnderWay = false
    if !(200..<300).contains(code) {
      infoQueue = []
      owner?.note(.warning, SafeText("a tone was refused by the far end (\(code))"))
    }
    sendNextInfo()
  }

  /// A re-INVITE: a new description, or the wish for one.
  func offered(_ message: UnsafePointer<sip_msg>) -> UnsafeMutablePointer<mbuf>? {
    let hasOffer = mbuf_get_left(message.pointee.mb) > 0
    if hasOffer, !accept(message.pointee.mb, isOffer: true) { return nil }
    let description = hasOffer ? media.answer() : media.offer()
    if description != nil, hasOffer {
      // Our direction stands in this answer too: what waited for its own offer is settled by it.
      changeSettled()
      tellFarHold()
    }
    return description
  }

  func tellFarHold() {
    guard phase == .talking, isHeldByFarEnd != media.isHeldByFarEnd else { return }
    isHeldByFarEnd = media.isHeldByFarEnd
    owner?.note(.warning, isHeldByFarEnd ? "the far end holds the call" : "the far end is back")
  }

  /// A challenge in a call: libre answers it, if it is of our own realm, three times at most.
  func credentialsInCall(for realm: String) -> (user: String, password: Secret)? {
    guard phase == .talking, challengesInCall < 3 else { return nil }
    challengesInCall += 1
    return owner?.credentials(for: realm)
  }
}
