// When a child is pinged, given up, and started again: pure, so that tables can test it.

import CCCore

/// Watches over one line program (design section 4): it decides, `ChildLine` obeys.
///
///     resting ─► running ─► waiting ─► running ...
///                   └─► stopping ─► resting
///
/// All moments are monotonic nanoseconds.
struct ChildKeeper: Hashable, Sendable {
  /// The times of the rules; tests shorten them.
  struct Timing: Hashable, Sendable {
    /// A line that has printed nothing for so long after its start is given up.
    var silence = 10 * Instant.second
    /// From one ping to the next.
    var ping = 15 * Instant.second
    /// How long an answer to a ping may take.
    var answer = 5 * Instant.second
    /// The first wait before a restart; each one more doubles it.
    var firstWait = 200 * Instant.millisecond
    /// No wait is longer.
    var longestWait = 10 * Instant.second
    /// A line that registered and lived so long has recovered: waits begin small again.
    var settled = 30 * Instant.second
    /// A line that carried a call and lived so long is started anew without delay: its customer waits.
    var carried = 5 * Instant.second
    /// From `quit` to the kill; and from a closed output to the kill.
    var grace = Instant.second
  }

  /// What is to be done now.
  enum Verdict: Hashable, Sendable {
    /// Send this ping.
    case ping(id: Int)
    /// Kill the group: this is why.
    case kill(reason: String)
    /// Start the program.
    case start
  }

  private enum State: Hashable, Sendable {
    case resting
    case running(Run)
    case waiting(until: Int64)
    /// nil: killed, and not gone yet.
    case stopping(until: Int64?)
  }

  private struct Run: Hashable, Sendable {
    var since: Int64
    var spoke = false
    var registered = false
    var carriesCalls = false
    var nextPing: Int64?
    var answerBy: Int64?
    var ping = 0
    var closed: Int64?
    var condemned = false
  }

  let timing: Timing
  private var state = State.resting
  private var deaths = 0
  private var random: SplitMix

  init(timing: Timing = Timing(), seed: UInt64) {
    self.timing = timing
    random = SplitMix(seed: seed)
  }

  /// When `tick` has something to say.
  var deadline: Int64? {
    switch state {
    case .resting: return nil
    case .waiting(let until): return until
    case .stopping(let until): return until
    case .running(let run):
      if run.condemned { return nil }
      let silence = run.spoke ? nil : run.since + timing.silence
      let closed = run.closed.map { $0 + timing.grace }
      return [silence, closed, run.answerBy ?? run.nextPing].compactMap(\.self).min()
    }
  }

  /// Whether the end of the child was asked for.
  var isStopping: Bool { if case .stopping = state { true } else { false } }

  /// The child was started.
  mutating func started(at now: Int64) { state = .running(Run(since: now)) }

  /// Output came, whatever it was.
  mutating func heard() { change { $0.spoke = true } }

  /// The child closed its output and lives on.
  mutating func closed(at now: Int64) { change { $0.closed = $0.closed ?? now } }

  /// An event came; false if it is the answer to a ping of ours and nobody else's business.
  mutating func saw(_ event: LineEvent, at now: Int64) -> Bool {
    switch event {
    case .hello:
      let first = now + timing.ping
      change { $0.nextPing = $0.nextPing ?? first }
    case .registered: change { $0.registered = true }
    case .call: change { $0.carriesCalls = true }
    case .result(let id, _, _) where id < 0:
      change { if id == $0.ping { $0.answerBy = nil } }
      return false
    default: break
    }
    return true
  }

  /// Time passed.
  ///
  /// `drained`: nothing the child wrote waits to be read, so silence is its own.
  mutating func tick(at now: Int64, drained: Bool) -> Verdict? {
    switch state {
    case .resting: return nil
    case .waiting(let until): return now >= until ? .start : nil
    case .stopping(let until):
      guard let until, now >= until else { return nil }
      state = .stopping(until: nil)
      return .kill(reason: "")
    case .running(var run):
      guard !run.condemned else { return nil }
      let verdict = judge(&run, now, drained)
      if case .kill = verdict { run.condemned = true }
      state = .running(run)
      return verdict
    }
  }

  /// The child ended; returns how long to wait before the next one.
  ///
  /// Each wait is up to a quarter shorter by chance, so that forty desks do not return to a registrar in step.
  mutating func ended(at now: Int64) -> Int64 {
    if case .running(let run) = state {
      let age = now - run.since
      if run.registered && age >= timing.settled || run.carriesCalls && age >= timing.carried {
        deaths = 0
      }
    }
    let full = min(timing.longestWait, timing.firstWait << min(deaths, 16))
    let wait = full * Int64.random(in: 75...100, using: &random) / 100
    deaths += 1
    state = .waiting(until: now + wait)
    return wait
  }

  /// The child is to end.
  mutating func stop(at now: Int64) { state = .stopping(until: now + timing.grace) }

  /// The machine has slept, and the child too: it could not answer, and is given its whole time again.
  mutating func woke(at now: Int64) {
    switch state {
    case .resting, .waiting, .stopping(nil): break
    case .stopping(_?): state = .stopping(until: now + timing.grace)
    case .running(var run):
      if !run.spoke { run.since = now }
      if run.closed != nil { run.closed = now }
      if run.answerBy != nil { run.answerBy = now + timing.answer }
      state = .running(run)
    }
  }

  /// Nothing runs and nothing is to be started.
  mutating func rest() { state = .resting }

  // Pings count down from -1: the desk's own commands count up from 1.
  private func judge(_ run: inout Run, _ now: Int64, _ drained: Bool) -> Verdict? {
    if let closed = run.closed, now >= closed + timing.grace {
      return .kill(reason: "the line program closed its output")
    }
    if drained, !run.spoke, now >= run.since + timing.silence {
      return .kill(
        reason: "the line program printed nothing within \(timing.silence / Instant.second) s")
    }
    if let answerBy = run.answerBy {
      guard drained, now >= answerBy else { return nil }
      return .kill(
        reason: "the line program hangs: no answer within \(timing.answer / Instant.second) s")
    }
    guard let next = run.nextPing, now >= next else { return nil }
    run.ping -= 1
    run.answerBy = now + timing.answer
    run.nextPing = now + timing.ping
    return .ping(id: run.ping)
  }

  private mutating func change(_ edit: (inout Run) -> Void) {
    guard case .running(var run) = state else { return }
    edit(&run)
    state = .running(run)
  }
}
