// What ccterm costs, beside programs that everybody knows: `make bench`.

import Glibc

signal(SIGPIPE, SIG_IGN)

guard let plan = Plan(CommandLine.arguments.dropFirst()) else {
  print(Plan.usage)
  exit(2)
}
var table = Table()

do {
  let house = try House(binaries: plan.binaries)
  defer { house.remove() }
  func measure(_ name: String, _ body: (House, Plan, inout Table) throws -> Void) {
    guard plan.includes(name) else { return }
    do {
      try body(house, plan, &table)
    } catch {
      table.failed(name, (error as? BenchError)?.words ?? "\(error)")
    }
  }
  print(machine())
  table.head()
  measure("keys", measureKeys)
  measure("start", measureStart)
  measure("event", measureEvent)
  measure("flood", measureFlood)
  measure("rest", measureRest)
  measure("floor", measureFloor)
  measure("bus", measureBus)
  measure("invite", measureInvite)
  measure("line", measureLine)
  measure("sdk", measureSDK)
  measure("sound", measureSound)
  measure("inbound", measureInbound)
  measure("ring", measureRing)
  measure("unreadable", measureUnreadable)
  measure("strangers", measureStrangers)
  measure("calls", measureCalls)
} catch {
  print("ccterm-bench: \((error as? BenchError)?.words ?? "\(error)")")
  exit(1)
}
print(machine())
if !table.missed.isEmpty { print("missed: " + table.missed.joined(separator: "; ")) }
exit(!table.failed.isEmpty || plan.isStrict && !table.missed.isEmpty ? 1 : 0)
