// From a key press to its glyph, and from a start to the first bytes: the desk beside its peers.

import Glibc

/// Letters that no escape sequence of a terminal ends with, so a glyph is the glyph.
private let letters = Array("efijkopqvwxyz").map(String.init)

/// Types so many letters, at a fast typist's pace, and measures each.
private func type(_ count: Int, on program: Program) -> Sample {
  var sample = Sample()
  for index in 0..<count {
    // Half a row, then the row is emptied: every press draws one glyph, for all alike.
    if index % 30 == 29 {
      program.send("\u{15}")
      program.settle(quiet: 20 * millisecond, atMost: 200 * millisecond)
    }
    let letter = letters[index % letters.count]
    let pressed = now()
    program.send(letter)
    guard let shown = program.wait(forGlyph: letter, atMost: second) else { continue }
    sample.add(nanoseconds: shown - pressed)
    program.settle(quiet: 4 * millisecond, atMost: 50 * millisecond)
  }
  return sample
}

func measureKeys(_ house: House, rounds: Int, presses: Int, _ table: inout Table) throws {
  var (desk, vim, cat) = (Sample(), Sample(), Sample())
  for _ in 0..<rounds {
    let editor = try Program.onTerminal(["vim", "-u", "NONE", "-i", "NONE", "-n"])
    editor.settle(quiet: 150 * millisecond)
    editor.send("i")
    editor.settle(quiet: 100 * millisecond)
    vim.add(type(presses, on: editor))
    editor.stop()

    let ours = try BenchDesk(house)
    ours.program.send("\t")
    ours.program.settle(quiet: 100 * millisecond)
    desk.add(type(presses, on: ours.program))
    ours.close()

    let floor = try Program.onTerminal(["cat"], raw: true)
    floor.settle(quiet: 100 * millisecond)
    cat.add(type(presses, on: floor))
    floor.stop()
  }
  table.row("key to glyph, cat on a raw pty", cat, "ms")
  table.row("key to glyph, vim -u NONE", vim, "ms")
  table.row(
    "key to glyph, ccterm", desk, "ms",
    [
      ("p50 \(short(desk.p50 / vim.p50)) x vim <= 1.0", desk.p50 <= vim.p50),
      ("p90 \(short(desk.p90 / vim.p90)) x vim <= 1.25", desk.p90 <= vim.p90 * 1.25),
    ])
}

func measureStart(_ house: House, rounds: Int, starts: Int, _ table: inout Table) throws {
  let programs: [(String, [String])] = [
    ("htop", ["htop"]), ("vim", ["vim", "-u", "NONE", "-i", "NONE", "-n"]),
    ("ccterm", [house.ccterm, "desk", "--line", "demo"]),
  ]
  var samples = [String: Sample]()
  for _ in 0..<rounds * starts {
    for (name, command) in programs {
      let program = try Program.onTerminal(command, environment: house.environment)
      guard let first = program.wait() else { throw BenchError("\(name) shows nothing") }
      samples[name, default: Sample()].add(nanoseconds: first - program.started)
      program.settle(quiet: 20 * millisecond, atMost: 200 * millisecond)
      program.stop()
    }
  }
  let (vim, ours) = (samples["vim"] ?? Sample(), samples["ccterm"] ?? Sample())
  table.row("start to first bytes, htop", samples["htop"] ?? Sample(), "ms")
  table.row("start to first bytes, vim -u NONE", vim, "ms")
  table.row(
    "start to first bytes, ccterm", ours, "ms",
    [("p50 \(short(ours.p50 / vim.p50)) x vim <= 1.5", ours.p50 <= vim.p50 * 1.5)])
}
