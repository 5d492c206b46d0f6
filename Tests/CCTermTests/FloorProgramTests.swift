// `ccterm floor` as it is shipped: on a terminal, on paper, as lines.

import CCJSON
import CCTestSupport
import Foundation
import Glibc
import Testing

@Suite struct FloorProgramTests {
  private func program() throws -> String {
    try #require(BuiltProgram.path("ccterm"), "ccterm is built with the tests")
  }

  private func run(_ arguments: [String]) throws -> (code: Int32?, out: String) {
    let run = try TestChild.run(try program(), arguments)
    return (run.code, run.output)
  }

  @Test func theTableAndOut() throws {
    let (code, out) = try run(["floor", "--once", "--agents", "500"])
    #expect(code == 0)
    let lines = out.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 4 + 500 + 1)
    #expect(lines[0].contains("500 agents") && lines[3].contains("In state"))
    #expect(out.contains("break") && out.contains("talking"))
  }

  @Test func linesAndOut() throws {
    let (code, out) = try run(["floor", "--once", "--json", "--agents", "30", "--team", "red"])
    #expect(code == 0)
    var last = JSONValue.null
    for (index, line) in out.split(separator: "\n").enumerated() {
      last = try JSONReader.read(String(line))
      #expect(last["seq"]?.int == index + 1)
      if last["type"] == "agent" { #expect(last["agent"]?.string?.hasPrefix("red/") == true) }
    }
    #expect(last["type"] == "totals" && last["team"] == "red")
  }

  @Test(arguments: [
    ["--agents", "0"], ["--team", "a b"], ["--from", "mars"], ["--json", "--plain"], [],
  ])
  func wrongUse(arguments: [String]) throws {
    let (code, out) = try run(["floor"] + arguments)
    #expect(code == 2 && !out.isEmpty)
  }

  @Test func aLivingFloorAtOnce() throws {
    let pty = try Pty([try program(), "floor"], columns: 100, rows: 30)
    #expect(pty.wait(for: "40 agents"))
    #expect(pty.wait(for: "talking"))
    let before = pty.screen
    #expect(pty.wait { pty.screen != before }, "it lives")
    pty.type("/busy\r")
    #expect(pty.wait(for: "filter: busy"))
    pty.type("?")
    #expect(pty.wait(for: "all commands"))
    pty.type("\u{1B}")
    #expect(pty.wait { !pty.screen.contains("all commands") })
    pty.type("q")
    #expect(pty.end() == .exited(0))
    #expect(pty.modes.isUsual && !pty.terminal.isAlternate)
  }

  @Test func aWallAsksBeforeItGoes() throws {
    let pty = try Pty([try program(), "floor", "--wall"], columns: 120, rows: 40)
    #expect(pty.wait(for: "post-call"))
    pty.type("q")
    #expect(pty.wait(for: "y/n"))
    pty.type("y")
    #expect(pty.end() == .exited(0))
  }
}
