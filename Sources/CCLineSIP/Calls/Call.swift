// One call: who it is with, where it is, and how it ends.

import CCCore
import CLibre
import Glibc

/// What a call tells.
protocol CallOwner: AnyObject {
  /// Its state changed.
  func changed(_ call: Call, _ status: CallReport.Status, _ reason: Reason?)
  /// It was held, resumed, muted or heard again.
  func changed(_ call: Call, held: Bool?, muted: Bool?)
  /// A transfer of it moved on.
  func transferred(_ call: Call, _ state: LineEvent.TransferState, _ reason: SafeText)
  /// It is over, and how the transfer of a REFER with this number went is still to be told; false if that
  /// cannot be waited for.
  func waits(for refer: UInt32, of call: Call) -> Bool
  /// The far end asks us to call somebody else in its place.
  func referred(_ call: Call, to target: ReferTarget, told: @escaping (Int, String) -> Void) -> Bool
  /// It met a challenge; the header line that answers it, or why it is not answered.
  func answer(
    _ challenges: [DigestChallenge], method: String, uri: String,
    in exchange: inout Credentials.Exchange
  ) -> Result<String, Credentials.Refusal>
  /// Somebody else is at the other end now, or is named for the first time.
  func identified(_ call: Call, _ party: Party)
  /// The far end has put it on hold, or is back.
  func heldThere(_ call: Call, _ on: Bool)
  /// Something worth a line in the log.
  func note(_ level: NoticeLevel, _ message: SafeText)
  /// Whom the agent talks to may have changed.
  func attend()
  /// Its sound tells something.
  func heard(_ call: Call, _ news: MediaNews)
  /// Its sound is wanted at a name: the address, or nil where it has none.
  func lookUp(_ name: String, _ done: @escaping (sa?) -> Void)
}

/// One call, from its INVITE to its end.
///
///     out: calling ─► ringing ─► talking ─► over
///     in:  alerting ───────────► talking ─► over       any ─► over
///
/// Every edge passes through `move(to:)`. libre tells of the far end's doings by its callbacks; what is
/// ended here is told by nobody else, so it is reported where it is done.
final class Call {
  /// Where it is.
  enum Phase: Hashable { case calling, ringing, alerting, talking, over }

  /// Made here, given to the desk, unique over restarts.
  let id = String(SIPText.mark().prefix(8))
  let direction: Direction
  /// The other side's number, as it is shown.
  let number: String
  /// What goes into the INVITE: the number after the dial plan.
  let dialled: String
  /// The other side's name, washed.
  let name: SafeText?
  let info: String
  /// The number or queue that the caller wanted, where it is not this desk.
  var called: Party?
  /// After how many seconds the telephone system asks that it be taken by itself; nil: it does not.
  var answerAfter: Int?
  /// Who is at the other end now, as far as it was told.
  var party: Party
  /// The number of the far end's first From that had one; empty: none has come.
  var firstFrom = ""
  private(set) var phase: Phase

  let stack: Stack
  let settings: Settings
  let media: MediaSession
  weak var owner: CallOwner?
  let session = Slot()
  let ticket = Ticket()
  let deadline = Timer()
  var exchange = Credentials.Exchange()
  var answeredAtAll = false
  var saidInfoIsLeftOut = false
  /// What libre repeats of our INVITE.
  var inviteText: InviteText?
  /// Why a challenge of it was not answered.
  var challengeRefusal: Reason?
  /// Headers of the INVITE besides the usual ones, each with its line end.
  var extraHeaders = ""
  /// How often a description came before the answer.
  var earlyDescriptions = 0
  var hasDescription = false
  /// Whether the far end has acknowledged the answer.
  var isConfirmed = false

  /// What of this call outlives the program.
  let trace = DialogTrace()

  /// Why the far end ended it, as its CANCEL or BYE says; nil: none has come.
  var stopReason: StopReason?
  /// How it came to its end before the answer, where that is known.
  var endKind: EndKind?
  /// Whether an offer of ours went out in an answer and has not been answered itself.
  var isOfferUnderWay = false

  /// Whether its end came from the far side, which then need not be told.
  var isEndKnown = false
  /// What an inbound call was refused with.
  var refusedWith: Int?

  // What is asked of a talking call.
  /// What both sides know: whether the far end is on hold.
  var isHeld = false
  var isHeldByFarEnd = false
  /// What the agent waits for.
  var change: Change?
  let changeDeadline = Timer()
  /// The last INVITE of ours inside the call, under way or answered.
  var offer: Offer?
  /// Whether that one takes back what the far end agreed to too late.
  var isUndoing = false
  /// What the agent asked for last.
  var wantsHold = false
  /// Whether the agent talks to another call.
  var isAside = false
  /// When the agent turned to this call, as a number that grows.
  var turn = 0
  let doubt = Timer()
  /// What is under way in this call.
  var requests: [DialogRequest] = []
  let later = Timer()
  var infoQueue: [String] = []
  var infoIsUnderWay = false
  let transferDeadline = Timer()
  let transferDoubt = Timer()
  /// The transfer whose outcome is waited for.
  var handover: Handover?
  /// The other call of a transfer that joins two.
  weak var joined: Call?
  /// The call that this one is joined with, where it is the second.
  weak var joiner: Call?
  /// Why it ended, while that waits for the outcome of the transfer.
  var unsaidEnd: Reason?
  /// Called once with its outcome, where this call was asked for by a far end's REFER.
  var outcome: ((Int, String) -> Void)?

  /// A hold or resume that the far end has not answered yet.
  struct Change {
    var held: Bool
    var done: (SafeText?) -> Void
  }

  /// What could not be begun.
  struct Failure: Error { var reason: Reason }

  init(
    _ direction: Direction, number: String, dialled: String, name: SafeText?, info: String,
    stack: Stack, settings: Settings, sound: Sound, owner: CallOwner
  ) throws(Failure) {
    self.direction = direction
    self.number = number
    self.dialled = dialled
    self.name = name
    party = Party(number: SafeText(number), name: name)
    self.info = info
    self.stack = stack
    self.settings = settings
    self.owner = owner
    phase = direction == .out ? .calling : .alerting
    do throws(MediaSession.Failure) {
      media = try MediaSession(local: stack.local, sound: sound, rules: settings.media)
    } catch {
      throw Failure(reason: Reasons.transport(error.error))
    }
    media.news = { [weak self] news in self?.heard(news) }
    media.lookUp = { [weak self] name, done in self?.owner?.lookUp(name, done) }
  }

  /// Hangs up: a BYE when it is talking, a CANCEL before; an inbound call that rings is refused.
  func hangUp() {
    switch phase {
    case .calling, .ringing: end(.notEstablished, Reasons.cancelled)
    case .alerting: reject(code: settings.refusal)
    case .talking: end(.ended, nil)
    case .over: break
    }
  }

  /// Whether a request from outside belongs to this call.
  func owns(_ message: UnsafePointer<sip_msg>) -> Bool {
    guard let object = session.object else { return false }
    return sip_dialog_cmp(sipsess_dialog(object), message)
  }

  /// Whether it is a request of a telephone that rings for our INVITE, before anybody answers: libre knows
  /// no dialog of it yet, and our tag is as good as a name (64 bits that nobody can guess).
  func ownsEarly(_ message: UnsafePointer<sip_msg>) -> Bool {
    guard phase == .ringing, let object = session.object else { return false }
    let dialog = sipsess_dialog(object)
    return !sip_dialog_established(dialog) && sip_dialog_cmp_half(dialog, message)
  }

  /// Whether nobody has answered yet, and this is its Call-ID; one that libre is still making has none.
  func isUnanswered(_ callID: String) -> Bool {
    guard phase == .calling || phase == .ringing || phase == .alerting else { return false }
    guard let object = session.object else { return true }
    return sip_dialog_callid(sipsess_dialog(object)).map { String(cString: $0) } == callID
  }

  /// Whether a message carries this call's Call-ID.
  func isNamed(in message: UnsafePointer<sip_msg>) -> Bool {
    guard let object = session.object,
      let callID = sip_dialog_callid(sipsess_dialog(object))
    else { return false }
    return message.pointee.callid.text == String(cString: callID)
  }

  /// Its requests go somewhere, whatever the far end's addresses are.
  func steer() { FirstHop.steer(session.object, through: stack.route) }

  // MARK: Doubt

  /// How long nothing may come from the far end before it is asked, in milliseconds, beside what passes until
  /// that is told.
  static let silence = 7_000

  private func heard(_ news: MediaNews) {
    switch news {
    case .hearsNothing(0): doubt.cancel()
    case .hearsNothing: doubt.start(after: Self.silence) { [weak self] in self?.ask() }
    default: break
    }
    owner?.heard(self, news)
  }

  // MARK: The one door

  func move(to phase: Phase) { self.phase = phase }

  func report(_ status: CallReport.Status, _ reason: Reason? = nil) {
    owner?.changed(self, status, reason)
  }

  func end(_ status: CallReport.Status, _ reason: Reason?) {
    guard phase != .over else { return }
    if isTransferring { transferEnded(status, reason) }
    finish()
    if let code = reason?.code { told(code, reason?.words.string ?? "") }
    if let reason, keepEnd(reason) { return }
    report(status, reason)
  }

  /// Tells who asked for this call how it goes.
  func told(_ code: Int, _ words: String) {
    let outcome = self.outcome
    if code >= 200 { self.outcome = nil }
    outcome?(code, words)
  }

  func finish() {
    if phase == .talking, let dialog = trace.dialog { stack.willSayBye(in: dialog) }
    move(to: .over)
    deadline.cancel()
    later.cancel()
    doubt.cancel()
    offer = nil
    handover = nil
    requests = []
    changeDeadline.cancel()
    transferDeadline.cancel()
    transferDoubt.cancel()
    media.stop()
    steer()
    session.release()
    trace.forget(
      isProven: isEndKnown, code: refusedWith, isAcknowledged: direction == .out || isConfirmed)
    let change = self.change
    self.change = nil
    change?.done("the call is over")
  }

  /// Takes the far end's description, if there is one and it can be taken; a bad one in the middle of a
  /// call changes nothing.
  func accept(_ body: MessageBody, isOffer: Bool) -> Bool {
    guard let description = body.description, media.accept(description, isOffer: isOffer) else {
      return false
    }
    hasDescription = true
    return true
  }

  func talking() {
    deadline.cancel()
    move(to: .talking)
    media.isAnswered = true
    media.start()
    attention()
    told(200, "OK")
    report(.talking)
    tellFarHold()
  }

  // MARK: What libre says of the end

  func closed(_ error: Int32, _ message: UnsafePointer<sip_msg>?) {
    // A BYE, a CANCEL, an answer; not an answer that nobody acknowledged, nor a broken connection.
    isEndKnown =
      message.map { $0.code >= 300 }
      ?? (error == 0 || error == ECONNRESET && (phase == .talking || phase == .alerting))
    switch phase {
    case .over: break
    case .talking:
      let reason =
        switch error {
        case ECONNRESET: stopReason?.ofTalk ?? Reasons.hungUp
        case ETIMEDOUT where !isConfirmed: Reasons.neverConfirmed
        case 0: Reasons.gone
        default: Reasons.transport(error)
        }
      end(.ended, reason)
    case .alerting where error == ECONNRESET:
      let stop = (stopReason ?? StopReason([])).ofRinging
      endKind = stop.kind
      end(.notEstablished, stop.reason)
    case .alerting: end(.notEstablished, Reasons.transport(error))
    case .calling, .ringing: closedEarly(error, message)
    }
  }
}
