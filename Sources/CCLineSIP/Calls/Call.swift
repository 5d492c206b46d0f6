// One call that was dialled.

import CCCore
import CLibre
import Glibc

/// What a call tells.
protocol CallOwner: AnyObject {
  /// Its state changed.
  func changed(_ call: Call, _ status: CallReport.Status, _ reason: Reason?)
  /// It met a challenge; the header line that answers it, or why it is not answered.
  func answer(
    _ challenges: [DigestChallenge], uri: String, in exchange: inout Credentials.Exchange
  ) -> Result<String, Credentials.Refusal>
  /// Something worth a line in the log.
  func note(_ level: NoticeLevel, _ message: SafeText)
  /// Its sound tells something.
  func heard(_ news: MediaNews)
}

/// One outbound call, from its INVITE to its end.
///
///     calling ─► ringing ─► talking ─► over
///        └──────────┴──────────────────►
///
/// Every edge passes through `move(to:)`. libre tells of the far end's doings by its callbacks; what is
/// ended here is told by nobody else, so it is reported where it is done.
final class Call {
  /// Where it is.
  enum Phase: Hashable { case calling, ringing, talking, over }

  /// Made here, given to the desk, unique over restarts.
  let id = String(SIPText.mark().prefix(8))
  let number: String
  let info: String
  private(set) var phase = Phase.calling

  private let stack: Stack
  private let settings: Settings
  private let media: MediaSession
  private weak var owner: CallOwner?
  private let session = Slot()
  private let deadline = Timer()
  private var exchange = Credentials.Exchange()
  private var answeredAtAll = false
  private var saidInfoIsLeftOut = false

  /// What could not be begun.
  struct Failure: Error { var reason: Reason }

  init(
    number: String, info: String, stack: Stack, settings: Settings, sound: Sound, owner: CallOwner
  ) throws(Failure) {
    self.number = number
    self.info = info
    self.stack = stack
    self.settings = settings
    self.owner = owner
    do throws(MediaSession.Failure) {
      media = try MediaSession(local: stack.local, sound: sound, rules: settings.media)
    } catch {
      throw Failure(reason: Reasons.transport(error.error))
    }
    media.news = { [weak self] news in self?.owner?.heard(news) }
  }

  /// Sends the INVITE.
  func start() throws(Failure) {
    let error = invite(credentials: nil)
    guard error == 0 else {
      finish()
      throw Failure(reason: Reasons.transport(error))
    }
  }

  /// Hangs up: a BYE when it is talking, a CANCEL before.
  func hangUp() {
    switch phase {
    case .calling, .ringing: end(.notEstablished, Reasons.cancelled)
    case .talking: end(.ended, nil)
    case .over: break
    }
  }

  /// Whether a request from outside belongs to this call.
  func owns(_ message: UnsafePointer<sip_msg>) -> Bool {
    guard let object = session.object else { return false }
    return sip_dialog_cmp(sipsess_dialog(object), message)
  }

  /// A 3xx that libre would follow with a new INVITE; true if it answers this call's INVITE.
  func refuseRedirect(_ message: String) -> Bool {
    guard phase == .calling || phase == .ringing, let object = session.object,
      let callID = sip_dialog_callid(sipsess_dialog(object)),
      SIPText.header(["call-id", "i"], in: message) == String(cString: callID)
    else { return false }
    let code = Int(message.dropFirst(8).prefix(3)) ?? 302
    let target = SIPText.header(["contact", "m"], in: message).map(SIPText.uri) ?? ""
    end(.notEstablished, Reasons.redirect(code: code, target: target))
    return true
  }

  // MARK: The one door

  private func move(to phase: Phase) { self.phase = phase }

  private func report(_ status: CallReport.Status, _ reason: Reason? = nil) {
    owner?.changed(self, status, reason)
  }

  private func end(_ status: CallReport.Status, _ reason: Reason?) {
    guard phase != .over else { return }
    finish()
    report(status, reason)
  }

  private func finish() {
    move(to: .over)
    deadline.cancel()
    media.stop()
    session.release()
  }

  // MARK: INVITE

  private var uri: String { "sip:\(SIPText.escapedUser(number))@\(settings.domain)" }

  private func invite(credentials line: String?) -> Int32 {
    guard let offer = media.offer() else { return ENOMEM }
    defer { mem_deref(offer) }
    let size = InviteSize(
      uri: uri, from: settings.address, route: stack.route, local: stack.local.hostPort,
      credentials: line ?? "", body: mbuf_get_left(offer))
    var headers = line ?? ""
    if let infoLine = settings.infoHeader?.line(info) {
      if settings.transport.isStream
        || size.bytes + infoLine.utf8.count <= InviteSize.longestDatagram
      {
        headers += infoLine
      } else if !saidInfoIsLeftOut {
        saidInfoIsLeftOut = true
        owner?.note(
          .warning,
          "the info is too long for UDP and stays here; sip.transport: tcp carries it whole")
      }
    }
    deadline.start(after: settings.firstAnswer) { [weak self] in
      self?.end(.notEstablished, Reasons.noFirstAnswer)
    }
    return cc_invite(
      session.place, stack.sessionSocket, uri, settings.address,
      SIPText.escapedUser(settings.user), stack.route, offer,
      // Challenges are answered by us, never by libre, which knows MD5 only and counts no attempts.
      { _, _, _, _ in EAUTH }, { Call.onOffer($0, $1, $2) }, { Call.onAnswer($0, $1) },
      { Call.onProgress($0, $1) }, { Call.onEstablished($1) }, { Call.onClose($0, $1, $2) },
      Unmanaged.passUnretained(self).toOpaque(), headers.isEmpty ? nil : headers)
  }

  private func progressed(_ message: UnsafePointer<sip_msg>) {
    if !answeredAtAll {
      answeredAtAll = true
      deadline.start(after: settings.ringing) { [weak self] in
        self?.end(.notEstablished, Reasons.nobodyAnswered)
      }
    }
    guard message.code > 100, phase == .calling || phase == .ringing else { return }
    // 183 with a description: tones of the network, before anybody answers.
    if mbuf_get_left(message.pointee.mb) > 0, media.accept(message.pointee.mb, isOffer: false) {
      media.start()
    }
    if phase == .calling {
      move(to: .ringing)
      report(.ringing)
    }
  }

  private func established() {
    guard phase == .calling || phase == .ringing else { return }
    deadline.cancel()
    move(to: .talking)
    media.start()
    report(.talking)
  }

  private func closed(_ error: Int32, _ message: UnsafePointer<sip_msg>?) {
    if phase == .talking {
      return end(.ended, error == ECONNRESET ? Reasons.hungUp : Reasons.transport(error))
    }
    guard let message, message.code >= 300 else {
      let isBadAnswer = message != nil
      return end(
        .notEstablished, isBadAnswer ? media.refusal ?? Reasons.noCommonSound : early(error))
    }
    if message.code == 401 || message.code == 407 { return challenged(message) }
    end(.notEstablished, Reasons.answer(code: message.code, phrase: message.phrase))
  }

  /// A BYE before the answer was established comes as a reset connection without a message.
  private func early(_ error: Int32) -> Reason {
    error == ECONNRESET && answeredAtAll ? Reasons.hungUp : Reasons.transport(error)
  }

  private func challenged(_ message: UnsafePointer<sip_msg>) {
    let answer = owner?.answer(message.challenges, uri: uri, in: &exchange)
    let code = message.code
    switch answer {
    case .success(let line):
      session.release()
      let error = invite(credentials: line)
      if error != 0 { end(.notEstablished, Reasons.transport(error)) }
    case .failure(let refusal):
      end(.notEstablished, Reason(refusal.words("the registrar", code: code), code: code))
    case nil:
      end(.notEstablished, Reasons.answer(code: code, phrase: ""))
    }
  }

  // MARK: libre's callbacks

  private static func of(_ argument: UnsafeMutableRawPointer?) -> Call? {
    argument.map { Unmanaged<Call>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func onProgress(
    _ message: UnsafePointer<sip_msg>?, _ argument: UnsafeMutableRawPointer?
  ) {
    guard let message else { return }
    of(argument)?.progressed(message)
  }

  private static func onAnswer(
    _ message: UnsafePointer<sip_msg>?, _ argument: UnsafeMutableRawPointer?
  ) -> Int32 {
    guard let call = of(argument), let message else { return EPROTO }
    return call.media.accept(message.pointee.mb, isOffer: false) ? 0 : EPROTO
  }

  /// A re-INVITE: a new description, or the wish for one.
  ///
  /// An error is answered with 488, and the call lives.
  private static func onOffer(
    _ description: UnsafeMutablePointer<UnsafeMutablePointer<mbuf>?>?,
    _ message: UnsafePointer<sip_msg>?, _ argument: UnsafeMutableRawPointer?
  ) -> Int32 {
    guard let call = of(argument), let message, let description else { return EPROTO }
    let hasOffer = mbuf_get_left(message.pointee.mb) > 0
    if hasOffer, !call.media.accept(message.pointee.mb, isOffer: true) { return EPROTO }
    description.pointee = hasOffer ? call.media.answer() : call.media.offer()
    return description.pointee == nil ? ENOMEM : 0
  }

  private static func onEstablished(_ argument: UnsafeMutableRawPointer?) {
    of(argument)?.established()
  }

  private static func onClose(
    _ error: Int32, _ message: UnsafePointer<sip_msg>?, _ argument: UnsafeMutableRawPointer?
  ) {
    of(argument)?.closed(error, message)
  }
}
