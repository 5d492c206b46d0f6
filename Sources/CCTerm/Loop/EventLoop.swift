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
  /// The machine has slept, or its wall clock was set; `turn` follows at once.
  func clockJumped(at now: Instant)
}

extension LoopClient {
  func clockJumped(at now: Instant) {}
}

/// Drives a client until it ends, in poll(2), on the main thread.
///
/// poll(2) does not count the time that the machine sleeps, and the deadlines do: the news of a jump
/// ends the wait, and what was due meanwhile is due at once.
@MainActor enum EventLoop {
  /// `jumps`: what becomes readable when a clock has jumped; it is closed at the end.
  static func run(
    _ client: some LoopClient, jumps: Int32 = cc_jump_watch()
  ) throws(Failure) {
    var entries = [pollfd]()
    defer { if jumps >= 0 { close(jumps) } }
    let watchingJumps = Watch.reading(jumps) { now in
      if cc_take_jump(jumps) == 1 { client.clockJumped(at: now) }
    }
    while true {
      client.turn(at: SystemClock.now())
      if let ending = client.ending { return try ending.get() }
      let watches = client.watches + [watchingJumps]
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
