// The loop: it sleeps until something happens, handles all that waits, and lets its client draw once.

import CCCore
import CLinux
import Glibc

/// A descriptor to wait for, and what to do when it is ready.
struct Watch {
  let descriptor: Int32
  let events: Int16
  let act: @MainActor (Instant) -> Void

  /// Waits for something to read, or for the end of it.
  static func reading(_ descriptor: Int32, _ act: @escaping @MainActor (Instant) -> Void) -> Watch {
    Watch(descriptor: descriptor, events: Int16(POLLIN), act: act)
  }

  /// Waits until something can be written.
  static func writing(_ descriptor: Int32, _ act: @escaping @MainActor (Instant) -> Void) -> Watch {
    Watch(descriptor: descriptor, events: Int16(POLLOUT), act: act)
  }
}

/// What a loop serves: a desk on a screen, in sentences or in JSON.
@MainActor protocol LoopClient: AnyObject {
  /// What to wait for now, the most urgent first: keys come before a line that floods.
  var watches: [Watch] { get }
  /// The uptime at which `turn` is to be called even if nothing happens.
  var deadline: Int64? { get }
  /// Everything that waited has been handled: do what the time asks for, then draw, at most once.
  func turn(at now: Instant)
  /// How it ended; nil while it goes on.
  var ending: Result<Void, Failure>? { get }
  /// The machine has slept; `turn` follows at once.
  func woke(at now: Instant)
  /// The wall clock was set, or the machine has slept; `turn` follows at once.
  func clockWasSet(at now: Instant)
}

extension LoopClient {
  func woke(at now: Instant) {}
  func clockWasSet(at now: Instant) {}
}

/// What tells a loop that the machine has slept or that its wall clock was set.
struct JumpNews {
  /// Readable when one of them has happened; -1: nothing tells.
  var descriptor: Int32
  /// How long the machine has slept since it was started, in nanoseconds.
  var slept: () -> Int64

  /// The kernel's news.
  static func system() -> JumpNews {
    JumpNews(descriptor: cc_jump_watch(), slept: cc_slept)
  }
}

/// Drives a client until it ends, in poll(2), on the main thread.
///
/// poll(2) does not count the time that the machine sleeps, and the deadlines do: the news of a jump
/// ends the wait, and what was due meanwhile is due at once. Who slept too, and could not answer, is
/// forgiven before anything else is looked at.
@MainActor enum EventLoop {
  /// Less sleep than this, in nanoseconds, is none: the clocks are read one after the other.
  private static let blink = 100 * Instant.millisecond

  /// Runs; the descriptor of `news` is closed at the end.
  static func run(
    _ client: some LoopClient, news: JumpNews = .system()
  ) throws(Failure) {
    var entries = [pollfd]()
    var slept = news.slept()
    defer { if news.descriptor >= 0 { close(news.descriptor) } }
    func noticeSleep() {
      let before = slept
      slept = news.slept()
      if slept - before > blink { client.woke(at: SystemClock.now()) }
    }
    let clockWatch = Watch.reading(news.descriptor) { now in
      if cc_take_jump(news.descriptor) == 1 { client.clockWasSet(at: now) }
    }
    while true {
      noticeSleep()
      client.turn(at: SystemClock.now())
      if let ending = client.ending { return try ending.get() }
      let watches = client.watches + [clockWatch]
      entries.removeAll(keepingCapacity: true)
      for watch in watches {
        entries.append(pollfd(fd: watch.descriptor, events: watch.events, revents: 0))
      }
      let ready = poll(&entries, nfds_t(entries.count), timeout(until: client.deadline))
      guard ready > 0 else {
        // Interrupted, or the deadline: both are for `turn`.
        if ready < 0, errno != EINTR { throw .failed("poll: \(Files.reason()).") }
        continue
      }
      noticeSleep()
      for (entry, watch) in zip(entries, watches) where entry.revents != 0 {
        watch.act(SystemClock.now())
      }
    }
  }

  /// Milliseconds to sleep, rounded up so that a deadline has come when it is looked at.
  private static func timeout(until deadline: Int64?) -> Int32 {
    guard let deadline else { return -1 }
    let now = SystemClock.now().uptime
    // "At once" is any moment in the past, the first one there is too.
    let left = deadline > now ? deadline - now : 0
    return Int32(clamping: (left + 999_999) / 1_000_000)
  }
}
