// Who kills the desk by its name misses those who end what it leaves.

import CCTestSupport
import Foundation
import Testing

@Suite(.serialized) struct KilledByNameTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  private func words(_ pid: Int32) -> String {
    let line = (try? Data(contentsOf: URL(filePath: "/proc/\(pid)/cmdline"))) ?? Data()
    return String(decoding: line, as: UTF8.self)
  }

  /// As `pkill -9 ccterm` and `pkill -9 -f ccterm` choose, among those that this desk started.
  private func named(_ family: [Int32], isFull: Bool) -> [Int32] {
    family.filter {
      Processes.name($0).contains("ccterm") || isFull && words($0).contains("ccterm")
    }
  }

  /// The desk's own name, as long as it is and as short as can be: its words make room for another name.
  @Test(arguments: [true, false], ["", "exec -a ccterm "])
  func theLineOfADeskThatIsKilledByNameEnds(_ isFull: Bool, _ become: String) async throws {
    try sandbox.write("config/ccterm/config.yaml", "line: 'exec:sleep 1000'\n")
    let run = try Started(
      "\(become.isEmpty ? "exec " : become)\(Products.path("ccterm")) --json", in: sandbox)
    #expect(run.wait { $0.contains("connecting") })
    var family: [Int32] = []
    try await eventually("line, guardian and keeper run", within: 20) {
      family = [run.pid] + Processes.descendants(of: run.pid)
      return Set(family.map(Processes.name)).isSuperset(of: [
        "sleep", "line-guardian", "line-keeper",
      ])
    }
    let victims = named(family, isFull: isFull)
    #expect(victims == [run.pid], "\(family.map { ($0, Processes.name($0), words($0)) })")
    for pid in victims { kill(pid, SIGKILL) }
    try await eventually("nothing is left", within: 10) { !family.contains(where: Processes.runs) }
  }
}
