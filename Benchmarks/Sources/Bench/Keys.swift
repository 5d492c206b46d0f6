// From a key press to its glyph: the desk beside its peers.

/// Letters that end no escape sequence of these programs, so a glyph is the glyph.
private let letters = Array("efijkovwxyz").map(String.init)
private let digits = Array("123456789").map(String.init)

/// One of those who are typed on, all alive at once.
private struct Typist {
  let program: Program
  let keys: [String]
  /// Presses after which the row is emptied, for all alike: every press draws one glyph.
  let rowLength = 15
  var rounds = Rounds()
  var sample = Sample()

  /// Presses one key and waits for its glyph; what else is written meanwhile is read away first.
  mutating func press(_ index: Int) throws {
    program.settle(quiet: 2 * millisecond, atMost: 100 * millisecond)
    if index % rowLength == 0 {
      program.send("\u{15}")
      program.settle(quiet: 25 * millisecond, atMost: 200 * millisecond)
    }
    let key = keys[index % keys.count]
    let pressed = now()
    program.send(key)
    guard let shown = program.wait(forGlyph: key, atMost: second) else {
      throw BenchError("a key is never shown")
    }
    sample.add(nanoseconds: shown - pressed)
  }

  mutating func endRound() {
    rounds.add(sample)
    sample = Sample()
  }
}

func measureKeys(_ house: House, _ plan: Plan, _ table: inout Table) throws {
  let floor = try Program.onTerminal(["cat"], raw: true)
  defer { floor.stop() }
  let editor = try Program.onTerminal(["vim", "-u", "NONE", "-i", "NONE", "-n"])
  defer { editor.stop() }
  editor.settle(quiet: 150 * millisecond)
  editor.send("i")
  editor.settle(quiet: 100 * millisecond)
  let (info, dial) = (try BenchDesk(house, named: "info"), try BenchDesk(house, named: "dial"))
  defer { for desk in [info, dial] { desk.close() } }
  info.program.send("\t")
  info.program.settle(quiet: 100 * millisecond)

  var typists = [
    Typist(program: floor, keys: letters), Typist(program: editor, keys: letters),
    Typist(program: info.program, keys: letters), Typist(program: dial.program, keys: digits),
  ]
  for _ in 0..<plan.rounds {
    for press in 0..<plan.presses {
      // One key at a time, and nobody always follows the same neighbour.
      for turn in typists.indices { try typists[(turn + press) % typists.count].press(press) }
    }
    for index in typists.indices { typists[index].endRound() }
  }
  let vim = typists[1].rounds
  table.row("key to glyph: cat, raw pty", typists[0].rounds)
  table.row("key to glyph: vim -u NONE", vim)
  for (name, typist) in [("Info", typists[2]), ("Dial", typists[3])] {
    let (p50, p90) = (typist.rounds.ratio(to: vim, at: 0.5), typist.rounds.ratio(to: vim, at: 0.9))
    table.row(
      "key to glyph: desk, \(name)", typist.rounds,
      goals: [.atMost(1, p50, "x vim "), .atMost(1.25, p90, "p90 ")], peer: vim)
  }
}
