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
}

/// Finds the calls of dead lines and ends each: a BYE to one that talked, a CANCEL to one that was being
/// made, a refusal to one that rang here.
final class Farewells {
  private weak var owner: FarewellsOwner?
  private var found = DialogBook.Orphans()
  private var words: [any LastWord] = []
  private lazy var strays = StrayAnswers { [unowned self] in hangUp($0, on: $1) }

  init(owner: FarewellsOwner) { self.owner = owner }

  /// Where a dead line listened, as long as its calls are not ended.
  var port: UInt16? { found.port }

  /// Looks for what dead lines left.
  func find(in book: DialogBook?) {
    guard let left = book?.takeOrphans() else { return }
    found.calls += left.calls
    found.port = left.port ?? found.port
  }

  /// Ends what was found.
  func begin(on stack: Stack) {
    let calls = found.calls
    found = DialogBook.Orphans()
    var (talked, called, rang) = (0, 0, 0)
    for call in calls {
      switch call {
      case .talking(let dialog):
        talked += 1
        hangUp(dialog, reason: "the line was restarted", on: stack)
      case .pending(let invite) where invite.side == .ours:
        called += 1
        let withdrawal = Withdrawal(invite, on: stack) { [weak self] answer in
          self?.strays.take(answer, on: stack)
        } done: { [weak self] in
          self?.remove($0)
        }
        if let withdrawal { say(withdrawal) }
      case .pending(let invite):
        rang += 1
        let refusal = LateRefusal(invite, on: stack) { [weak self] in self?.remove($0) }
        if let refusal { say(refusal) }
      }
    }
    tell(talked, "was still up: it is hung up", "were still up: they are hung up")
    tell(called, "was still being made: it is taken back", "were still being made: taken back")
    tell(rang, "still rang for its caller: refused (480)", "still rang for their callers: refused")
  }

  /// Says BYE in a dialog; `challenge` is what the far end answered to a BYE before.
  func hangUp(
    _ dialog: DialogRecord, reason: String = "", on stack: Stack,
    after challenge: [DigestChallenge] = []
  ) {
    let farewell = Farewell(dialog, reason: reason, on: stack) {
      [weak self] challenges, uri, exchange in
      self?.answer(challenges, uri, &exchange)
    } done: { [weak self] in
      self?.remove($0)
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

  private func say(_ word: any LastWord) {
    words.append(word)
    word.start()
  }

  private func remove(_ word: any LastWord) { words.removeAll { $0 === word } }

  private func tell(_ count: Int, _ one: String, _ many: String) {
    guard count > 0 else { return }
    owner?.note(
      .warning,
      count == 1
        ? SafeText("a call of a line that died \(one)")
        : SafeText("\(count) calls of a line that died \(many)"))
  }
}
