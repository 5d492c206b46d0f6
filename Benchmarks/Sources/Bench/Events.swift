// What the line says, and when it is on the screen.

import Glibc

/// One event of the line to its glyph: idle and busy have signs of their own.
func measureEvent(_ house: House, rounds: Int, events: Int, _ table: inout Table) throws {
  var sample = Sample()
  for _ in 0..<rounds {
    let desk = try BenchDesk(house)
    for index in 0..<events {
      let isBusy = index % 2 == 0
      let said = now()
      desk.seat(isBusy ? 3 : 2)
      guard let shown = desk.program.wait(forGlyph: isBusy ? "●" : "○", atMost: second) else {
        continue
      }
      sample.add(nanoseconds: shown - said)
      // The first event after quiet is drawn at once: that is what an agent sees.
      desk.program.settle(quiet: 40 * millisecond, atMost: 100 * millisecond)
    }
    desk.close()
  }
  table.row(
    "line event to its glyph (through cat)", sample, "ms", [("p50 <= 2", sample.p50 <= 2)])
}

/// 100,000 events at once: how long until the last one shows, and how often was drawn meanwhile.
func measureFlood(_ house: House, rounds: Int, _ table: inout Table) throws {
  let story = [1, 2, 3, 4].map(BenchDesk.call).joined()
  let block = String(repeating: story, count: 250)
  var (times, frames) = (Sample(), Sample())
  for _ in 0..<rounds {
    let desk = try BenchDesk(house)
    let teller = Thread(of: desk) { desk in
      for _ in 0..<100 { desk.say(block) }
      desk.seat(5)
    }
    let (before, said) = (desk.program.reads, now())
    teller.start()
    guard let shown = desk.program.wait(forGlyph: "◌", atMost: 60 * second) else {
      throw BenchError("the last of 100,000 events is never shown")
    }
    times.add(nanoseconds: shown - said)
    frames.add(Double(desk.program.reads - before) / max(1, Double(shown - said) / 1e9))
    teller.join()
    desk.close()
  }
  table.row("100,000 line events", times, "ms", [("p50 <= 1000", times.p50 <= 1000)])
  table.row("100,000 line events: frames", frames, "/s", [("<= 30", frames.p90 <= 31)])
}

/// A second thread that speaks for the line, so that the first reads the terminal meanwhile.
private final class Thread: @unchecked Sendable {
  private let desk: BenchDesk
  private let body: (BenchDesk) -> Void
  private var id = pthread_t()

  init(of desk: BenchDesk, _ body: @escaping (BenchDesk) -> Void) {
    (self.desk, self.body) = (desk, body)
  }

  func start() {
    pthread_create(
      &id, nil,
      { pointer in
        guard let pointer else { return nil }
        let thread = Unmanaged<Thread>.fromOpaque(pointer).takeRetainedValue()
        thread.body(thread.desk)
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
  }

  func join() { pthread_join(id, nil) }
}
