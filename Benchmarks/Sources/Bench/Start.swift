// From a start to the first bytes on the terminal, and to the whole picture.

func measureStart(_ house: House, _ plan: Plan, _ table: inout Table) throws {
  let programs: [(name: String, command: [String])] = [
    ("htop", ["htop"]), ("vim", ["vim", "-u", "NONE", "-i", "NONE", "-n"]),
    ("desk", [house.ccterm, "desk", "--line", "demo"]),
  ]
  var first = [Rounds](repeating: Rounds(), count: programs.count)
  var whole = Rounds()
  for _ in 0..<plan.rounds {
    var samples = [Sample](repeating: Sample(), count: programs.count)
    var pictures = Sample()
    for _ in 0..<plan.starts {
      for (index, (name, command)) in programs.enumerated() {
        let program = try Program.onTerminal(command, environment: house.environment)
        defer { program.stop() }
        var (output, first, stands) = ([UInt8](), Int64?.none, Int64?.none)
        // The last word of the key row: when it has come, all rows above it stand.
        let isWhole: (ArraySlice<UInt8>) -> Bool = { chunk in
          first = first ?? program.lastRead
          output += chunk
          return name != "desk" || output[...].contains(Array("Quit".utf8))
        }
        stands = program.wait(for: isWhole)
        guard let first, let stands else { throw BenchError("\(name) shows nothing") }
        samples[index].add(nanoseconds: first - program.started)
        if name == "desk" { pictures.add(nanoseconds: stands - program.started) }
        program.settle(quiet: 20 * millisecond, atMost: 100 * millisecond)
      }
    }
    for index in programs.indices { first[index].add(samples[index]) }
    whole.add(pictures)
  }
  let (htop, vim, desk) = (first[0], first[1], first[2])
  table.row("start to first bytes: htop", htop)
  table.row("start to first bytes: vim -u NONE", vim)
  table.row(
    "start to first bytes: desk", desk,
    goals: [.atMost(1.5, desk.ratio(to: vim, at: 0.5), "x vim ")], peer: vim)
  table.row("start to its whole picture: desk", whole)
}
