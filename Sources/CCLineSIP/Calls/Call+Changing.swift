// What is done with a call that talks: mute, keys, and the far end's own changes.

import CCCore
import CLibre
import Glibc

extension Call {
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
  ///
  /// None gets here while one of ours is under way (`isBusyChanging`).
  func offered(_ message: UnsafePointer<sip_msg>) -> UnsafeMutablePointer<mbuf>? {
    transferDoubt.cancel()
    let body = MessageBody(message)
    let hasOffer = !body.isEmpty
    if hasOffer, !accept(body, isOffer: true) { return nil }
    let description = hasOffer ? media.answer() : media.offer(of: true)
    if description != nil {
      identified(by: message)
      trace.moved(by: message)
      // Without a description of theirs ours is an offer, and their ACK answers it.
      isOfferUnderWay = !hasOffer
    }
    if description != nil, hasOffer { tellFarHold() }
    return description
  }

  func tellFarHold() {
    guard phase == .talking, isHeldByFarEnd != media.isHeldByFarEnd else { return }
    isHeldByFarEnd = media.isHeldByFarEnd
    owner?.heldThere(self, isHeldByFarEnd)
  }
}
