// What ccterm costs, beside programs that everybody knows: `make bench`.
//
// Drives the release build on pseudo-terminals, peers interleaved in each round. BENCH_LONG=1 measures
// memory after the full five minutes. Ends with 1 where a goal was missed.

import Glibc

let arguments = CommandLine.arguments
guard arguments.count >= 2 else {
  print("usage: Bench FOLDER-OF-THE-RELEASE-BUILD [keys|start|rest|event|flood|invite|line ...]")
  exit(2)
}
signal(SIGPIPE, SIG_IGN)

let isLong = getenv("BENCH_LONG") != nil
let chosen = Set(arguments.dropFirst(2))
var table = Table()

do {
  let house = try House(binaries: arguments[1])
  defer { house.remove() }
  func measure(_ name: String, _ body: (inout Table) throws -> Void) {
    guard chosen.isEmpty || chosen.contains(name) else { return }
    do {
      try body(&table)
    } catch {
      table.failed(name, (error as? BenchError)?.words ?? "\(error)")
    }
  }
  table.head()
  measure("keys") { try measureKeys(house, rounds: 5, presses: 200, &$0) }
  measure("start") { try measureStart(house, rounds: 5, starts: 6, &$0) }
  measure("event") { try measureEvent(house, rounds: 5, events: 50, &$0) }
  measure("flood") { try measureFlood(house, rounds: 5, &$0) }
  measure("rest") {
    try measureRest(house, seconds: isLong ? 60 : 20, memoryAfter: isLong ? 300 : 45, &$0)
  }
  measure("line") { try measureLine(house, starts: 10, seconds: isLong ? 60 : 20, &$0) }
  measure("invite") { try measureInvite(house, calls: 30, &$0) }
} catch {
  print("bench: \((error as? BenchError)?.words ?? "\(error)")")
  exit(1)
}
print(table.missed == 0 ? "every goal met" : "\(table.missed) missed")
exit(table.missed == 0 ? 0 : 1)
