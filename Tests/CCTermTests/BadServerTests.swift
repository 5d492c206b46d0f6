// Desk, floor and the cloud's feed at servers that are none: they say what is wrong, and sleep.

import CCTestSupport
import Foundation
import Testing

@Suite(.serialized) struct BadServerTests {
  private struct Guest {
    var name: String
    var run: Running
    var sandbox: Sandbox
    var began = 0.0
  }

  /// All at once, since what is measured is how little they do.
  @Test(arguments: ["mqtts", "mqtt"])
  func theyWaitAsleep(_ scheme: String) throws {
    let servers = try BadServer.Kind.allCases.map { (kind: $0, server: try BadServer($0)) }
    defer { for server in servers { server.server.stop() } }
    var guests: [Guest] = []
    for (kind, server) in servers {
      let url = "\(scheme)://127.0.0.1:\(server.port)"
      let sandbox = try Sandbox()
      let options = ["bus.url=\(url)", "bus.team=red", "bus.agent=1"].flatMap { ["-c", $0] }
      for (name, arguments) in [
        ("floor", ["floor", "--json", "--from", url]),
        ("desk", ["--json", "--line", "demo"] + options),
      ] {
        guests.append(
          Guest(
            name: "\(name) at \(kind)", run: try Running(arguments, in: sandbox), sandbox: sandbox))
      }
    }
    for guest in guests {
      // The desk says it in a notice, the floor in its link.
      #expect(
        guest.run.wait(seconds: 30) {
          guest.run.lines.contains { $0.contains("bus: away") || $0.contains(#""state":"down""#) }
        }, "\(guest.name)")
      #expect(!guest.run.lines.contains { $0.contains("success") }, "\(guest.name)")
    }
    // The first pauses are short; what counts is what goes on for hours.
    let settled = Date().addingTimeInterval(4)
    while Date() < settled { _ = poll(nil, 0, 50) }
    for index in guests.indices {
      guests[index].began = Processes.processorTime(guests[index].run.pid) ?? 0
    }
    let began = Date()
    while Date() < began.addingTimeInterval(8) { _ = poll(nil, 0, 50) }
    let seconds = Date().timeIntervalSince(began)
    for guest in guests {
      let spent = (Processes.processorTime(guest.run.pid) ?? 0) - guest.began
      #expect(spent / seconds < 0.005, "\(guest.name) by \(scheme): \(100 * spent / seconds) %")
    }
  }
}
