// All that is said to end calls: those of lines that died, and our own whose far side has not answered.

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
  /// The way out, if there is one.
  var wayOut: Stack? { get }
}

/// Ends the calls that dead lines left, and those of this line whose end was not answered: a BYE to one that
/// talked, a CANCEL to one that was being made, a refusal to one that rang here.
///
/// A hang-up is done when it is answered. libre says each of ours once, on the way there is: one that broke
/// takes it along. So it is said again, as soon as there is a way and then after 2, 4 and more seconds up to a
/// minute, until the far side has answered; what it has not stays written down for the next line.
final class Farewells {
  private weak var owner: FarewellsOwner?
  private var found: [Orphans] = []
  private weak var book: DialogBook?
  private let again = Timer()
  private var wait = shortest
  /// The first wait until an end is said again, and the longest, in milliseconds.
  private static let shortest = Int(DialogBook.patience)
  private static let longest = 60_000
  private var words: [any LastWord] = []
  /// The calls whose last word is being said.
  private var underWay: Set<String> = []
  private lazy var strays = StrayAnswers { [unowned self] in hangUp($0, on: $1) }

  init(owner: FarewellsOwner) { self.owner = owner }

  /// Where a dead line listened, as long as its calls are not ended.
  var port: UInt16? { found.lazy.filter { !$0.calls.isEmpty }.compactMap(\.port).first }
  /// Whose challenges a dead line would have answered.
  var pin: Credentials.Pin? { found.lazy.compactMap(\.pin).first }
  /// Whether everything that was found is ended.
  var isDone: Bool { found.allSatisfy(\.calls.isEmpty) }
  /// Whether something is being said.
  var isSpeaking: Bool { !words.isEmpty }

  /// Looks for what dead lines left.
  func find(in book: DialogBook?) {
    found.removeAll(where: \.calls.isEmpty)
    found += book?.takeOrphans() ?? []
    guard let book, self.book !== book else { return }
    self.book = book
    book.owes = { [weak self] in self?.remind(afresh: true) }
    book.heard = { [weak self] in self?.forget($0) }
  }

  /// Our own ends are looked after again in a while.
  private func remind(afresh: Bool = false) {
    wait = afresh ? Self.shortest : min(wait * 2, Self.longest)
    again.start(after: wait) { [weak self] in
      guard let self, let book, !book.isSettled else { return }
      if let stack = owner?.wayOut { beginOwn(on: stack) }
      remind()
    }
  }

  /// Says what ends our own calls and was not answered; `all`: also what was said only now.
  func beginOwn(on stack: Stack, all: Bool = false) {
    guard let book else { return }
    for call in book.due(all: all) where underWay.insert(call.callID).inserted {
      end(call, of: book, on: stack)
    }
  }

  /// The far side of a call has heard it.
  private func forget(_ callID: String) {
    for word in words where word.callID == callID {
      word.stop()
      underWay.remove(callID)
      remove(word)
    }
  }

  /// Ends what was found and is not being ended; what is not answered is said again the next time.
  ///
  /// A way was just begun: what of our own was under way on another is said here again.
  func begin(on stack: Stack) {
    for callID in book?.due(all: true).map(\.callID) ?? [] {
      for word in words where word.callID == callID {
        word.stop()
        remove(word)
      }
      underWay.remove(callID)
    }
    beginOwn(on: stack, all: true)
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

  private func end(_ call: CallRecord, of debts: any Debts, on stack: Stack) {
    let over: (any LastWord, Bool) -> Void = { [weak self] word, isHeard in
      if isHeard { self?.settle(call, debts) }
      self?.underWay.remove(call.callID)
      self?.remove(word)
    }
    switch call {
    case .talking(let dialog):
      hangUp(dialog, reason: debts.reason, on: stack, done: over)
    case .pending(let invite) where invite.side == .ours:
      let withdrawal = Withdrawal(invite, on: stack) { [weak self] answer in
        guard let self, var dialog = DialogRecord(answeredBy: answer) else { return }
        // It was answered in the same moment: from now on a BYE is owed.
        dialog.sequence = invite.sequence &+ 1
        if DialogRecord(dialog.json) != nil { debts.settle(call, as: .talking(dialog)) }
        strays.take(answer, on: stack)
      } heard: { [weak self] in
        debts.settle(call, as: nil)
        self?.owner?.spoke()
      } unsaid: { [weak self] in
        self?.hangUp(wherever: invite, of: debts, on: stack)
      } done: {
        over($0, $1)
      }
      if let withdrawal { say(withdrawal) } else { debts.settle(call, as: nil) }
    case .pending(let invite):
      let refusal = LateRefusal(invite, on: stack) { over($0, $1) }
      if let refusal { say(refusal) } else { debts.settle(call, as: nil) }
    }
  }

  /// Nothing is heard of an INVITE that was taken back: whoever it rang at may have answered meanwhile.
  private func hangUp(wherever invite: PendingInvite, of debts: any Debts, on stack: Stack) {
    guard !invite.early.isEmpty else {
      // It never rang, and its end went to the dead line.
      debts.settle(.pending(invite), as: nil)
      owner?.spoke()
      return
    }
    for dialog in invite.early {
      hangUp(dialog, reason: debts.reason, on: stack) { [weak self] word, isHeard in
        if isHeard { debts.settle(.pending(invite), as: nil) }
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
      if isHeard { settle(.talking(dialog), book) }
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
  private func settle(_ call: CallRecord, _ debts: (any Debts)?) {
    debts?.settle(call, as: nil)
    for orphans in found { orphans.settle(call, as: nil) }
  }

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
