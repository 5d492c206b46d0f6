// A machine that slept: what was due is due at once, and every clock counts the sleep.

import CCCore
import CCTestSupport
import CLinux
import Foundation
import Glibc
import Testing

@testable import CCTerm

/// A client that waits for tomorrow, and ends when it was told of a jump.
@MainActor private final class Sleeper: LoopClient {
  /// What happened, in its order.
  private(set) var log: [String] = []
  /// Readable from the beginning: a line that said something before the machine slept.
  let line = eventfd(1, cc_eventfd_flags)
  var watches: [Watch] {
    [
      .reading(line) { [unowned self] _ in
        var count: eventfd_t = 0
        eventfd_read(line, &count)
        log.append("line")
      }
    ]
  }
  isolated deinit { close(line) }
  var deadline: Int64? { SystemClock.now().uptime + 86_400 * Instant.second }
  func turn(at now: Instant) { log.append("turn") }
  func woke(at now: Instant) { log.append("woke") }
  func clockWasSet(at now: Instant) { log.append("set") }
  var ending: Result<Void, Failure>? { log.contains("set") ? .success(()) : nil }
}

@Suite struct JumpTests {
  @Test("the news of a jump ends a wait that poll(2) would sit out") @MainActor func woken() throws
  {
    // The kernel's news is a readable descriptor; another one stands for it, since a test sets no clock.
    let news = eventfd(1, cc_eventfd_flags)
    try #require(news >= 0)
    let sleeper = Sleeper()
    try EventLoop.run(sleeper, news: JumpNews(descriptor: news) { 0 })
    #expect(sleeper.log == ["turn", "line", "set", "turn"])
  }

  @Test("who slept too is forgiven before anything that waited is looked at")
  @MainActor func forgiven() throws {
    let news = eventfd(1, cc_eventfd_flags)
    try #require(news >= 0)
    let sleeper = Sleeper()
    // Looked at three times before the end: at the start, before the first turn, and behind the wait.
    var looks = 0
    try EventLoop.run(
      sleeper,
      news: JumpNews(descriptor: news) {
        looks += 1
        return looks < 3 ? 5 : 8 * 3600 * Instant.second
      })
    #expect(sleeper.log == ["turn", "woke", "line", "set", "turn"])
  }

  @Test("a watch for jumps stands, and is quiet while nothing jumps") func quiet() throws {
    let watch = cc_jump_watch()
    try #require(watch >= 0)
    defer { close(watch) }
    var entry = pollfd(fd: watch, events: Int16(POLLIN), revents: 0)
    #expect(poll(&entry, 1, 0) == 0)
    #expect(cc_take_jump(watch) == 0)
  }

  @Test("a renewal that was due while the machine slept is due at once") func renewal() {
    var now = Instant(uptime: 0, unix: 1_763_900_000_000)
    var desk = Desk(settings: .init(hasCredentialSource: true), at: now)
    var timers = Timers()
    func perform(_ effects: [Effect]) {
      for case .startTimer(let id, let after) in effects {
        timers.start(id, at: now.uptime.plus(after))
      }
    }
    for event: DeskEvent in [
      .line(.started), .credential(Secret("t"), expiresIn: nil),
      .line(.hello(line: "sip", abilities: [.dial])),
      .line(.registered(account: nil, expiresIn: 3600, secure: nil)),
    ] { perform(desk.handle(event, at: now)) }
    #expect(timers.next == 2880 * Instant.second)
    now = now.advanced(by: 8 * 3600 * Instant.second)
    #expect(desk.credential?.secondsLeft(at: now) == 0)
    #expect(desk.seat.since.uptime == 0 && now.seconds(since: desk.seat.since) == 8 * 3600)
    var asked: [Effect] = []
    while let due = timers.takeDue(at: now.uptime) { asked += desk.handle(.timer(due), at: now) }
    #expect(asked.contains(.fetchCredential))
  }

  @Test("the one clock counts the sleep: in a time namespace that starts ten days later")
  func counts() throws {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    let boot = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    #expect(abs(cc_uptime() - boot) < 10 * Instant.second)
    #expect(abs(cc_unix() - Int64(Date().timeIntervalSince1970 * 1000)) < 10_000)
    // Where the kernel or the rights are lacking, the above is all that can be looked at.
    guard geteuid() == 0, access("/proc/self/timens_offsets", R_OK) == 0 else { return }
    let holder = try #require(BuiltProgram.path("LineHolder"))
    let text = try TestChild.run(
      "/usr/bin/unshare", ["-T", "--boottime", "864000", holder, "--uptime"], withErrors: false
    ).output
    let slept = try #require(Int64(text.split(separator: "\n").first ?? ""))
    #expect(slept - boot > 863_000 * Instant.second)
  }
}

@Suite struct BellPacerTests {
  @Test("a thousand bells of a second are one, and the last is not lost") func once() {
    var bell = BellPacer()
    var rung: [Int64] = []
    for moment in 0..<3_000 {
      let now = Int64(moment) * Instant.millisecond
      if moment < 2_500 { bell.want() }
      if bell.rings(at: now) { rung.append(now / Instant.millisecond) }
    }
    #expect(rung == [0, 1_000, 2_000])
    bell.want()
    #expect(bell.deadline == 3_000 * Instant.millisecond)
    let early = bell.rings(at: 2_999 * Instant.millisecond)
    let due = bell.rings(at: 3_000 * Instant.millisecond)
    #expect(!early && due && bell.deadline == nil)
  }

  @Test("the first rings at once, at any clock", arguments: Extremes.integers)
  func first(now: Int64) {
    var bell = BellPacer()
    bell.want()
    #expect(bell.deadline == .min)
    let rings = bell.rings(at: now)
    #expect(rings)
    bell.want()
    _ = bell.rings(at: now.plus(.max))
  }
}
