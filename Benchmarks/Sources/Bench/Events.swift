// What the line says, and when it is on the screen.

/// One event of the line to its glyph: idle and busy have signs of their own.
func measureEvent(_ house: House, _ plan: Plan, _ table: inout Table) throws {
  let desk = try BenchDesk(house)
  defer { desk.close() }
  var rounds = Rounds()
  var isBusy = false
  for _ in 0..<plan.rounds {
    var sample = Sample()
    for _ in 0..<plan.events {
      isBusy.toggle()
      // The first event after a quiet frame's time is drawn at once: that is what an agent sees.
      desk.program.settle(quiet: 40 * millisecond, atMost: 200 * millisecond)
      let said = now()
      desk.seat(isBusy ? 3 : 2)
      guard let shown = desk.program.wait(forGlyph: isBusy ? "●" : "○", atMost: second) else {
        throw BenchError("an event is never shown")
      }
      sample.add(nanoseconds: shown - said)
    }
    rounds.add(sample)
  }
  table.row("line event to its glyph", rounds, goals: [.atMost(2, rounds.p50)])
}

/// 100,000 events at once: how long until the last one shows, how often was drawn meanwhile, and
/// how long a key waits for its glyph.
func measureFlood(_ house: House, _ plan: Plan, _ table: inout Table) throws {
  let story = [1, 2, 3, 4].map(BenchDesk.call).joined()
  let block = String(repeating: story, count: 250)
  var (times, frames, keys) = (Rounds(), Rounds(), Rounds())
  for _ in 0..<plan.rounds {
    let desk = try BenchDesk(house)
    defer { desk.close() }
    let flood = Flood { desk in
      for _ in 0..<100 { desk.say(block) }
      desk.seat(5)
    }
    let drawn = desk.program.reads.count
    let said = now()
    flood.start(on: desk)
    guard let shown = desk.program.wait(forGlyph: "◌", atMost: 60 * second) else {
      throw BenchError("the last of 100,000 events is never shown")
    }
    flood.join()
    times.add(Sample(nanoseconds: shown - said))
    // From the first frame to the last there is one interval less than there are frames.
    let reads = desk.program.reads[drawn...]
    if let first = reads.first, let last = reads.last, last > first {
      frames.add(Sample(Double(reads.count - 1) / (Double(last - first) / 1e9)))
    }
    keys.add(try typeInFlood(on: desk, flood))
  }
  table.row("100,000 line events", times, goals: [.atMost(1000, times.p50)])
  table.row(
    "100,000 line events: frames a second", frames.p50,
    goals: [.atMost(30, frames.p50.rounded())])
  table.row("key to glyph in such a flood: desk", keys)
}

/// Types while a second flood runs, until it has run dry.
private func typeInFlood(on desk: BenchDesk, _ flood: Flood) throws -> Sample {
  desk.program.send("\t")
  desk.program.settle(quiet: 60 * millisecond)
  flood.start(on: desk)
  var sample = Sample()
  while !flood.isDone {
    let pressed = now()
    desk.program.send("x")
    guard let shown = desk.program.wait(forGlyph: "x", atMost: 5 * second) else {
      throw BenchError("a key is never shown in a flood")
    }
    sample.add(nanoseconds: shown - pressed)
    desk.program.settle(quiet: 5 * millisecond, atMost: 20 * millisecond)
  }
  flood.join()
  return sample
}
