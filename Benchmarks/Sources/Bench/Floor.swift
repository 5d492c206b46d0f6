// What the floor costs, small and large: the same program, its own demo behind it.

/// A floor of so many agents on a terminal, its first full picture drawn.
private func openFloor(_ house: House, agents: Int) throws -> Program {
  let program = try Program.onTerminal(
    [house.ccterm, "floor", "--agents", "\(agents)"], environment: house.environment)
  // The header is drawn before the feed; a status only after it.
  guard program.wait(forGlyph: "◐", atMost: 20 * second) != nil else {
    program.stop()
    throw BenchError("a floor of \(agents) shows nobody")
  }
  program.settle(quiet: 20 * millisecond, atMost: second)
  return program
}

func measureFloor(_ house: House, _ plan: Plan, _ table: inout Table) throws {
  for agents in [40, 1_000, 100_000] {
    let program = try openFloor(house, agents: agents)
    defer { program.stop() }
    let frames = try keyToFrame(program, plan)
    table.row("floor of \(agents): key to frame", frames, goals: [.atMost(2, frames.p50, "p50 ")])
    guard agents == 100_000 else { continue }
    let sorts = try sortChanges(program, plan)
    table.row(
      "floor of \(agents): sort changed", sorts,
      goals: [.atMost(50, sorts.p50, "p50 "), .atMost(100, sorts.p90, "p90 ")])
    table.row("floor of \(agents): MB PSS, demo in it", memory(of: program.pid))
  }
}

/// The mark moves down and up: each press draws two rows anew.
private func keyToFrame(_ program: Program, _ plan: Plan) throws -> Rounds {
  var rounds = Rounds()
  // The first press chooses the first agent; from then on the mark has where to go.
  program.send("j")
  program.settle(quiet: 5 * millisecond, atMost: 100 * millisecond)
  for _ in 0..<plan.rounds {
    var sample = Sample()
    for press in 0..<plan.presses {
      program.settle(quiet: 2 * millisecond, atMost: 40 * millisecond)
      let pressed = now()
      program.send(press % 8 < 4 ? "j" : "k")
      guard let shown = program.wait(forGlyph: "▸", atMost: second) else {
        throw BenchError("the mark does not move")
      }
      sample.add(nanoseconds: shown - pressed)
    }
    rounds.add(sample)
  }
  return rounds
}

private func sortChanges(_ program: Program, _ plan: Plan) throws -> Rounds {
  var rounds = Rounds()
  for _ in 0..<plan.rounds {
    var sample = Sample()
    for _ in 0..<5 {
      program.settle(quiet: 2 * millisecond, atMost: 40 * millisecond)
      let pressed = now()
      program.send("s")
      // The titles tell it: the mark stands at another column.
      guard let shown = program.wait(forGlyph: "▼", atMost: second) else {
        throw BenchError("the sort does not change")
      }
      sample.add(nanoseconds: shown - pressed)
    }
    rounds.add(sample)
  }
  return rounds
}
