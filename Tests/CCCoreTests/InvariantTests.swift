// A million random steps, and what must hold after each.

import CCTestSupport
import Testing

@testable import CCCore

@Suite struct InvariantTests {
  @Test func aMillionRandomSteps() async {
    let found: String? = await onItsOwnThread {
      var random = SplitMix(seed: 20_261_124)
      var run = RandomDesk(seed: &random)
      for step in 0..<1_000_000 {
        if step % 2_000 == 0 { run = RandomDesk(seed: &random) }
        let before = run.desk
        let event = run.nextEvent(&random)
        let effects = run.desk.handle(event, at: run.now)
        if let broken = run.check(before, event, effects) {
          return "step \(step): \(broken) after \(event)"
        }
      }
      return nil
    }
    #expect(found == nil)
  }
}

/// A desk that things happen to at random, and the ledger that its invariants are held against.
struct RandomDesk {
  static let token = "t0ken-that-nobody-may-print"
  var desk: Desk
  var now: Instant
  /// Attempts that went out, and those that have their outcome.
  var dialled: Set<Int> = []
  var settled: Set<Int> = []
  /// The phases that each call was told in.
  var told: [Call.ID: [Int]] = [:]
  /// The calls that were told open and not told over yet, and those over that have no record yet.
  var open: Set<Call.ID> = []
  var unrecorded: Set<Call.ID> = []

  init(seed random: inout SplitMix) {
    now = Instant(uptime: Int64.random(in: 0...1_000, using: &random), unix: 1_763_900_000_000)
    desk = Desk(
      settings: .init(
        line: "random", wrapUpSeconds: Bool.random(using: &random) ? 30 : 0,
        hasCredentialSource: Bool.random(using: &random)), at: now)
    _ = desk.open(at: now)
  }

  mutating func nextEvent(_ random: inout SplitMix) -> DeskEvent {
    now.uptime += Int64.random(in: 0...8_000_000_000, using: &random)
    // The wall clock does as it likes.
    now.unix += Int64.random(in: -5_000...10_000, using: &random)
    let numbers: [SafeText?] = [nil, "", "13212345678", "1020", "+34612345678"]
    let ids: [String?] = [nil, nil, "a", "b", "c"]
    let target =
      [desk.active?.id, desk.other?.id, desk.attempt?.callID, Call.ID(1)]
      .compactMap { $0 }.randomElement(using: &random) ?? Call.ID(1)
    switch Int.random(in: 0..<34, using: &random) {
    case 0...11:
      let statuses: [CallReport.Status] = [.calling, .ringing, .talking, .ended, .notEstablished]
      return .line(
        .call(
          CallReport(
            statuses.randomElement(using: &random) ?? .ended,
            number: numbers.randomElement(using: &random) ?? nil,
            call: ids.randomElement(using: &random) ?? nil,
            direction: [nil, .in, .out].randomElement(using: &random) ?? nil,
            reason: Bool.random(using: &random) ? Reason("busy", code: 486) : nil)))
    case 12: return .line(.seat(Seat(code: Int.random(in: 0...7, using: &random))))
    case 13: return .line(.started)
    case 14: return .line(.registered(account: "x", expiresIn: 60, secure: nil))
    case 15:
      return .line(
        .hello(
          line: "x", abilities: Abilities(rawValue: UInt16.random(in: 0...1023, using: &random))))
    case 16:
      return .line(.unregistered(reason: "", retryIn: 1e300, final: Bool.random(using: &random)))
    case 17: return .line(.died(reason: "x", retryIn: Bool.random(using: &random) ? 1 : nil))
    case 18: return .line(.evicted)
    case 19:
      return .line(
        .callState(call: ids.randomElement(using: &random) ?? nil, held: true, muted: nil))
    case 20, 21:
      return .line(
        .result(
          id: Int.random(in: 1...200, using: &random), ok: Bool.random(using: &random), error: ""))
    case 22:
      let states: [LineEvent.TransferState] = [.trying, .done, .failed]
      return .line(
        .transfer(
          call: ids.randomElement(using: &random) ?? nil,
          state: states.randomElement(using: &random) ?? .done, reason: ""))
    case 23, 24:
      return .dial(phone: Bool.random(using: &random) ? "13212345678" : "1020", info: "x")
    case 25: return .hangUp(target)
    case 26: return .answer(target)
    case 27: return .hold(target, Bool.random(using: &random))
    case 28: return Bool.random(using: &random) ? .swap(target) : .cutLine(target)
    case 29: return .transfer(target, to: "1020", consult: Bool.random(using: &random))
    case 30: return .choose(Seat(code: Int.random(in: 1...5, using: &random)))
    case 31:
      return [.tryNow, .takeBack, .extendWrapUp, .join(target), .note(target, "n")].randomElement(
        using: &random) ?? .tryNow
    case 32:
      switch Int.random(in: 0...2, using: &random) {
      case 0: return .credential(Secret(Self.token), expiresIn: 60)
      case 1: return .credential(Secret(Self.token))
      default: return .credentialFailed("away", final: Bool.random(using: &random))
      }
    default:
      let timers: [TimerID] = [
        .dialSilence, .inferEnd, .wrapUp, .wrapUpWarning, .heldBell, .ringBell, .renewal,
        .credential, .anomalies,
      ]
      return .timer(timers.randomElement(using: &random) ?? .wrapUp)
    }
  }

  /// The name of the invariant that is broken; nil if all hold.
  mutating func check(_ before: Desk, _ event: DeskEvent, _ effects: [Effect]) -> String? {
    for effect in effects {
      switch effect {
      case .tell(.dialled(let attempt)):
        if !dialled.insert(attempt.id).inserted { return "an attempt was dialled twice" }
      case .tell(.outcome(let id?, _, _, _)):
        if !dialled.contains(id) { return "an outcome without a dial" }
        if !settled.insert(id).inserted { return "two outcomes for one dial" }
      case .tell(.record(let record)): unrecorded.remove(record.id)
      case .tell(.call(let call)):
        if let broken = checkPhases(of: call) { return broken }
      case .startTimer(_, let after) where after < 0: return "a timer in the past"
      default: break
      }
      // The token must not be in anything that can be printed; only what carries it is printed here.
      if case .send(.register) = effect, "\(effect)".contains(Self.token) {
        return "the token in an effect's description"
      }
    }
    return checkState(before)
  }

  private mutating func checkPhases(of call: Call) -> String? {
    let rank =
      switch call.phase {
      case .calling: 0
      case .ringing: 1
      case .talking: 2
      case .ended, .notEstablished: 3
      }
    if let last = told[call.id]?.last {
      if last == 3 { return "a call that was over changed" }
      if rank < last { return "a call went backwards" }
    }
    told[call.id, default: []].append(rank)
    if rank == 3 {
      open.remove(call.id)
      unrecorded.insert(call.id)
    } else {
      open.insert(call.id)
    }
    return nil
  }

  /// Every call that was ever told can be reached until it is over, and has one record then.
  private func checkStage() -> String? {
    let reachable = desk.openCalls
    if desk.others.contains(where: { !$0.isOpen }) { return "a second call that is over stays" }
    for call in desk.others where call.id == desk.active?.id { return "call \(call.id) twice" }
    if reachable.count != open.count || !reachable.allSatisfy({ open.contains($0.id) }) {
      return "\(open) are open and \(reachable.map(\.id)) can be reached"
    }
    if desk.active?.isOpen != true, desk.unseenAttempt == nil, !open.isEmpty {
      return "an open call is not on the panel"
    }
    if open.count > Desk.Limits.openCalls + 2 { return "too many calls" }
    if let lost = unrecorded.first { return "call \(lost) is over and has no record" }
    if let first = desk.recent.first, desk.recent.dropFirst().contains(where: { $0.id == first.id })
    {
      return "two records of one call"
    }
    if let attempt = desk.attempt, attempt.seen, desk.call(attempt.callID)?.isOpen != true {
      return "an attempt waits for a call that is over"
    }
    return nil
  }

  private func checkState(_ before: Desk) -> String? {
    if let attempt = desk.attempt, settled.contains(attempt.id) {
      return "an open attempt is settled"
    }
    if dialled.subtracting(settled).count > (desk.attempt == nil ? 0 : 1) {
      return "an attempt was lost without an outcome"
    }
    if let broken = checkStage() { return broken }
    for call in [desk.active].compactMap({ $0 }) + desk.others {
      if let talked = call.talked(at: now), talked < 0 { return "a duration ran backwards" }
      if call.talk != nil, !call.steps.contains(where: { $0.name == .talking }) {
        return "talking without a step"
      }
    }
    if !desk.link.isUp, before.link.isUp, case .known(let seat, _, _) = desk.seat.shown,
      seat != .offline,
      desk.seat.shown == before.seat.shown
    {
      return "the old seat is shown without a link"
    }
    if desk.today.talked < before.today.talked || desk.today.calls < before.today.calls {
      return "today's figures shrank"
    }
    if desk.wrapUp != nil, desk.isOccupied, desk.seat.source == .desk {
      return "post-call during a call"
    }
    if desk.recent.count > Desk.recentLimit { return "too many records" }
    if !desk.hasOpenCall, desk.memory.transfer != Transfer() { return "a transfer without a call" }
    if desk.link.isUp, !desk.memory.program.isRunning, !desk.memory.quitting,
      desk.memory.program != .ending
    {
      return "up, and no line lives"
    }
    let wanted = [.asked, .waiting].contains(desk.memory.errand.state)
    if wanted, !desk.link.isWanted { return "a token is fetched for nobody" }
    if desk.memory.pending.count > 64 { return "too many pending commands" }
    return nil
  }
}
