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
    guard change == nil, ownChange == nil || ownChange?.number != nil else {
      return done("the far end has not answered the last change yet")
    }
    guard isHeld != on else { return done(nil) }
    media.setDirection(send: !on, receive: !on)
    guard let offer = media.offer() else { return done("no memory for the offer") }
    defer { mem_deref(offer) }
    steer()
    let error = sipsess_modify(object, offer)
    guard error == 0 else {
      media.setDirection(send: !isHeld, receive: !isHeld)
      return done(Reasons.transport(error).words)
    }
    ownChange = nil
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

  /// A failure answer before libre sees it: it tells nobody that a change of a call was refused.
  ///
  /// 491 is tried again by libre, and a challenge is answered here.
  func refused(_ message: UnsafePointer<sip_msg>) {
    let code = message.code
    guard change != nil, phase == .talking, ownChange == nil, isNamed(in: message),
      message.pointee.cseq.met.text == "INVITE", code != 491
    else { return }
    if code == 401 || code == 407 { return offerAgain(after: message) }
    changeFailed(SafeText("\(Reasons.answer(code: code, phrase: "").words) (\(code))"))
  }

  /// The same change once more, with credentials, as soon as libre is through with the first.
  private func offerAgain(after challenge: UnsafePointer<sip_msg>) {
    guard let offer = media.offer() else { return changeFailed("no memory for the offer") }
    defer { mem_deref(offer) }
    let request = DialogRequest(
      "INVITE", in: self,
      headers: "Contact: <\(stack.contact(settings.user))>\r\nContent-Type: application/sdp\r\n",
      body: String(
        decoding: UnsafeBufferPointer(start: mbuf_buf(offer), count: mbuf_get_left(offer)),
        as: UTF8.self)
    ) { [weak self] in self?.ownChangeHeard($0) }
    guard request.prepare(for: challenge) else { return }
    ownChange = OwnChange(request: request)
    later.start(after: 0) { request.start() }
  }

  private func ownChangeHeard(_ outcome: DialogRequest.Outcome) {
    switch outcome {
    case .failed(let why):
      ownChange = nil
      changeFailed(why)
    // RFC 5057: the far end does not know the call.
    case .answered(let message) where message.code == 481:
      isEndKnown = true
      end(.ended, Reasons.gone)
    case .answered(let message) where message.code >= 300:
      ownChange = nil
      let words = Reasons.answer(code: message.code, phrase: "").words
      changeFailed(SafeText("\(words) (\(message.code))"))
    case .answered(let message):
      ownChange?.number = message.pointee.cseq.num
      acknowledgeOwnChange()
      guard answered(message) else { return changeFailed("no common sound") }
      if let object = session.object { sip_dialog_update(sipsess_dialog(object), message) }
      trace.moved(by: message)
      changeSettled()
      tellFarHold()
    }
  }

  private func acknowledgeOwnChange() {
    guard let ownChange, let number = ownChange.number, let object = session.object else { return }
    steer()
    _ = cc_request_in_dialog(
      nil, stack.handle, "ACK", sipsess_dialog(object), number, false, nil, nil,
      ownChange.request.credentials, "")
  }

  /// An answer to our change that came before: our ACK was lost; false if it is another's.
  func acknowledgesAgain(_ message: UnsafePointer<sip_msg>) -> Bool {
    guard let object = session.object, !message.pointee.req, message.code >= 200,
      message.pointee.cseq.met.text == "INVITE", let number = ownChange?.number,
      message.pointee.cseq.num == number, sip_dialog_cmp(sipsess_dialog(object), message)
    else { return false }
    acknowledgeOwnChange()
    return true
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
    guard !infoIsUnderWay, !infoQueue.isEmpty, phase == .talking else { return }
    infoIsUnderWay = true
    let request = DialogRequest(
      "INFO", in: self, headers: "Content-Type: application/dtmf-relay\r\n",
      body: "Signal=\(infoQueue.removeFirst())\r\nDuration=160\r\n"
    ) { [weak self] in self?.infoHeard($0) }
    request.start()
  }

  private func infoHeard(_ outcome: DialogRequest.Outcome) {
    infoIsUnderWay = false
    switch outcome {
    case .answered(let message) where message.code < 300: return sendNextInfo()
    // RFC 5057: the far end does not know the call.
    case .answered(let message) where message.code == 481:
      isEndKnown = true
      return end(.ended, Reasons.gone)
    case .answered(let message):
      owner?.note(.warning, SafeText("a tone was refused by the far end (\(message.code))"))
    case .failed(let why): owner?.note(.warning, SafeText("a tone was not sent: \(why)"))
    }
    infoQueue = []
  }

  /// A re-INVITE: a new description, or the wish for one.
  func offered(_ message: UnsafePointer<sip_msg>) -> UnsafeMutablePointer<mbuf>? {
    let body = MessageBody(message)
    let hasOffer = !body.isEmpty
    if hasOffer, !accept(body, isOffer: true) { return nil }
    let description = hasOffer ? media.answer() : media.offer(of: true)
    if description != nil { identified(by: message) }
    if description != nil {
      trace.moved(by: message)
      // Without a description of theirs ours is an offer, and their ACK answers it.
      isOfferUnderWay = !hasOffer
    }
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
    owner?.heldThere(self, isHeldByFarEnd)
  }
}
