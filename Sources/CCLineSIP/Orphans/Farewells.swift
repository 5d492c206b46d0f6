// All that is said for lines that died.

import CCCore
import CLibre

/// What farewells need from the program.
protocol FarewellsOwner: AnyObject {
  /// Answers a challenge with the account's credentials.
  func answer(
    _ challenges: [DigestChallenge], method: String, uri: String,
    in exchange: inout Credentials.Exchange
  ) -> Result<String, Credentials.Refusal>
  /// Something worth a line in the log.
  func note(_ level: NoticeLevel, _ message: SafeText)
  /// A last word was said, heard or not.
  func spoke()
}

/// Finds the calls of dead lines and ends each: a BYE to one that talked, a CANCEL to one that was being
/// made, a refusal to one that rang here.
final class Farewells {
  private weak var owner: FarewellsOwner?
  private var found: [Orphans] = []
  private var words: [any LastWord] = []
  /// The calls whose last word is being said.
  private var underWay: Set<String> = []
  private lazy var strays = StrayAnswers { [unowned self] in hangUp($0, on: $1) }

  init(owner: FarewellsOwner) { self.owner = owner }

  /// Where a dead line listened, as long as its calls are not ended.
  var port: UInt16? { found.lazy.filter { !$0.calls.isEmpty }.compactMap(\.port).first }
  /// The realm whose challenges a dead line would have answered.
  var realm: String? { found.lazy.compactMap(\.realm).first }
  /// Whether everything that was found is ended.
  var isDone: Bool { found.allSatisfy(\.calls.isEmpty) }
  /// Whether something is being said.
  var isSpeaking: Bool { !words.isEmpty }

  /// Looks for what dead lines left.
  func find(in book: DialogBook?) {
    found.removeAll(where: \.calls.isEmpty)
    found += book?.takeOrphans() ?? []
  }

  /// Ends what was found and is not being ended; what is not answered is said again the next time.
  func begin(on stack: Stack) {
    var (talked, called, rang) = (0, 0, 0)
    for orphans in found {
      for call in orphans.calls where underWay.insert(call.callID).inserted {
        switch call {
        case .talking: talked += 1
        case .pending(let invite) where invite.side == .ours: called += 1
        case .pending: rang += 1
        }
        end(call, of: orphans, on: stack)
      }
    }
    tell(talked, "was still up: it is hung up", "were still up: they are hung up")
    tell(called, "was still being made: it is taken back", "were still being made: taken back")
    tell(rang, "still rang for its caller: refused (480)", "still rang for their callers: refused")
  }

  private func end(_ call: CallRecord, of orphans: Orphans, on stack: Stack) {
    let over: (any LastWord, Bool) -> Void = { [weak self] word, isHeard in
      if isHeard { self?.settle(call) }
      self?.underWay.remove(call.callID)
      self?.remove(word)
    }
    switch call {
    case .talking(let dialog):
      hangUp(dialog, reason: "the line was restarted", on: stack, done: over)
    case .pending(let invite) where invite.side == .ours:
      let withdrawal = Withdrawal(invite, on: stack) { [weak self] answer in
        guard let self, var dialog = DialogRecord(answeredBy: answer) else { return }
        // It was answered in the same moment: from now on a BYE is owed.
        dialog.sequence = invite.sequence &+ 1
        if DialogRecord(dialog.json) != nil { orphans.settle(call, as: .talking(dialog)) }
        strays.take(answer, on: stack)
      } heard: { [weak self] in
        orphans.settle(call)
        self?.owner?.spoke()
      } unsaid: { [weak self] in
        self?.hangUp(wherever: invite, of: orphans, on: stack)
      } done: {
        over($0, $1)
      }
      if let withdrawal { say(withdrawal) } else { orphans.settle(call) }
    case .pending(let invite):
      let refusal = LateRefusal(invite, on: stack) { over($0, $1) }
      if let refusal { say(refusal) } else { orphans.settle(call) }
    }
  }

  /// Nothing is heard of an INVITE that was taken back: whoever it rang at may have answered meanwhile.
  private func hangUp(wherever invite: PendingInvite, of orphans: Orphans, on stack: Stack) {
    guard !invite.early.isEmpty else {
      // It never rang, and its end went to the dead line.
      orphans.settle(.pending(invite))
      owner?.spoke()
      return
    }
    for dialog in invite.early {
      hangUp(dialog, reason: "the line was restarted", on: stack) { [weak self] word, isHeard in
        if isHeard { orphans.settle(.pending(invite)) }
        self?.remove(word)
      }
    }
  }

  /// Says BYE in a dialog; `challenge` is what the far end answered to a BYE before.
  func hangUp(
    _ dialog: DialogRecord, reason: String = "", on stack: Stack,
    after challenge: [DigestChallenge] = [], done: ((any LastWord, Bool) -> Void)? = nil
  ) {
    let farewell = Farewell(dialog, reason: reason, on: stack) {
      [weak self] challenges, uri, exchange in
      self?.answer(challenges, uri, &exchange)
    } done: { [weak self] word, isHeard in
      guard let self else { return }
      if let done { return done(word, isHeard) }
      // A stray answer to what a dead line had begun.
      if isHeard { settle(.talking(dialog)) }
      remove(word)
    }
    words.append(farewell)
    farewell.start(after: challenge)
  }

  private func answer(
    _ challenges: [DigestChallenge], _ uri: String, _ exchange: inout Credentials.Exchange
  ) -> String? {
    switch owner?.answer(challenges, method: "BYE", uri: uri, in: &exchange) {
    case .success(let line): return line
    case .failure(let refusal):
      let why = refusal.words("it", code: challenges.first?.fromProxy == true ? 407 : 401)
      owner?.note(.warning, SafeText("the far end does not take the hang-up: \(why)"))
      return nil
    case nil: return nil
    }
  }

  /// Acknowledges an answer that nobody waits for, and hangs up.
  func hangUp(answeredBy answer: UnsafePointer<sip_msg>, on stack: Stack) {
    strays.take(answer, on: stack)
  }

  /// Whether a response that nobody waits for, or an ACK, belongs here.
  func takes(_ message: UnsafePointer<sip_msg>) -> Bool {
    let words = self.words
    return words.contains { $0.takes(message) }
  }

  /// A call is ended, in whatever files it stands.
  private func settle(_ call: CallRecord) { for orphans in found { orphans.settle(call) } }

  private func say(_ word: any LastWord) {
    words.append(word)
    word.start()
  }

  private func remove(_ word: any LastWord) {
    words.removeAll { $0 === word }
    owner?.spoke()
  }

  private func tell(_ count: Int, _ one: String, _ many: String) {
    guard count > 0 else { return }
    owner?.note(
      .warning,
      count == 1
        ? SafeText("a call of a line that died \(one)")
        : SafeText("\(count) calls of a line that died \(many)"))
  }
}
