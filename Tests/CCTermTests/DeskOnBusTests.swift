// Desks and floors as they are shipped, with a real broker between them, and what happens when one dies.

import CCTestSupport
import Foundation
import Glibc
import Testing

@Suite struct DeskOnBusTests {
  private func url(_ broker: Mosquitto) -> String { "mqtt://127.0.0.1:\(broker.port)" }

  private func desk(
    _ broker: Mosquitto, _ agent: String = "1001", in sandbox: Sandbox, more: [String] = []
  ) throws -> Running {
    let settings = [
      "bus.url=\(url(broker))", "bus.team=red", "bus.agent=\(agent)", "bus.name=Li Wei",
      "bus.keepalive=5",
    ]
    let options = (settings + more).flatMap { ["-c", $0] }
    return try Running(["--json", "--line", "demo"] + options, in: sandbox)
  }

  private func floor(_ broker: Mosquitto, in sandbox: Sandbox) throws -> Running {
    try Running(["floor", "--json", "--from", url(broker)], in: sandbox)
  }

  private func agent(_ fields: [String: String] = [:], _ agent: String = "1001") -> [String: String]
  {
    fields.merging(["type": "agent", "agent": "red/\(agent)"]) { $1 }
  }

  @Test func aDialIsSeenOnTheWall() async throws {
    let broker = try await Mosquitto()
    let (home, watch) = (try Sandbox(), try Sandbox())
    let pty = try Pty(
      [Products.path("ccterm"), "floor", "--from", url(broker)], columns: 120, rows: 30,
      environment: watch.environment)
    let floor = try floor(broker, in: watch)
    let desk = try desk(broker, in: home)
    #expect(floor.wait(for: agent(["seat": "2", "call": "0", "lease": "fresh", "name": "Li Wei"])))
    #expect(pty.wait(for: "Li Wei"))
    desk.send(#"{"command":"dial","phone":"13212345678","info":"x"}"#)
    #expect(floor.wait(for: agent(["seat": "3", "call": "1", "direction": "out"])))
    #expect(floor.wait(for: agent(["seat": "3", "call": "3"])))
    #expect(pty.wait(for: "talking"))
    #expect(!floor.messages.contains { $0["number"] != nil }, "the number is not shared")
    desk.send(#"{"command":"hangUp"}"#)
    #expect(floor.wait(for: agent(["seat": "4", "call": "0", "calls": "1"])))
    // A good-bye, not a will: its name is still there, and it comes at once.
    desk.closeInput()
    #expect(desk.end().code == 0)
    #expect(floor.wait(for: agent(["seat": "1", "lease": "fresh"])))
    await broker.stop()
  }

  @Test func numbersAreSharedWhereTheSettingsSaySo() async throws {
    let broker = try await Mosquitto()
    let sandbox = try Sandbox()
    let floor = try floor(broker, in: sandbox)
    let desk = try desk(broker, in: sandbox, more: ["bus.shareNumbers=yes"])
    #expect(floor.wait(for: agent(["seat": "2"])))
    desk.send(#"{"command":"dial","phone":"13212345678","info":""}"#)
    #expect(floor.wait(for: agent(["call": "1", "number": "13212345678"])))
    await broker.stop()
  }

  @Test func aKilledDeskIsOfflineAndANewOneIsBelieved() async throws {
    let broker = try await Mosquitto()
    let sandbox = try Sandbox()
    let floor = try floor(broker, in: sandbox)
    let desk = try desk(broker, in: sandbox)
    #expect(floor.wait(for: agent(["seat": "2", "lease": "fresh"])))
    desk.send(#"{"command":"dial","phone":"13212345678","info":""}"#)
    #expect(floor.wait(for: agent(["seat": "3", "call": "3"])))
    kill(desk.pid, SIGKILL)
    // The will: offline, and the call that was open does not count any more.
    #expect(floor.wait(for: agent(["seat": "1", "call": "0"])))
    let again = try self.desk(broker, in: sandbox)
    let before = floor.messages.count
    #expect(
      floor.wait {
        floor.messages.dropFirst(before).contains { Running.matches($0, agent(["seat": "2"])) }
      })
    again.closeInput()
    _ = again.end()
    await broker.stop()
  }

  @Test func aBrokerThatDiesDisturbsNobody() async throws {
    let broker = try await Mosquitto()
    let sandbox = try Sandbox()
    let floor = try floor(broker, in: sandbox)
    // What was said before the floor listened is not fresh until it is said again.
    #expect(floor.wait(for: ["type": "link", "state": "up"]))
    let desk = try desk(broker, in: sandbox)
    #expect(floor.wait(for: agent(["seat": "2", "lease": "fresh"])))
    await broker.kill()
    #expect(floor.wait(for: ["type": "link", "state": "down"]))
    // The desk goes on; one word of it, and not before it has lasted.
    desk.send(#"{"command":"dial","phone":"13212345678","info":""}"#)
    #expect(desk.wait(for: ["type": "call", "phase": "talking"]))
    #expect(
      desk.wait {
        desk.messages.contains {
          $0["type"] as? String == "notice"
            && ($0["message"] as? String)?.hasPrefix("bus: away") == true
        }
      })
    let before = floor.messages.count
    try await broker.start()
    // The broker's copy is right at once, and believed when the desk has spoken again.
    let isBack = { (fields: [String: String]) in
      floor.wait(seconds: 40) {
        floor.messages.dropFirst(before).contains { Running.matches($0, agent(fields)) }
      }
    }
    #expect(isBack(["seat": "3", "call": "3"]), "what happened meanwhile is on the floor")
    desk.send(#"{"command":"hangUp"}"#)
    #expect(isBack(["seat": "4", "call": "0", "lease": "fresh"]))
    #expect(
      desk.wait {
        desk.messages.contains { ($0["message"] as? String)?.hasPrefix("bus: back") == true }
      })
    let words = desk.messages.filter { ($0["message"] as? String)?.hasPrefix("bus:") == true }
    #expect(words.count == 2, "one calm word each way")
    await broker.stop()
  }

  @Test func aDeskThatFallsSilentIsOfflineInTime() async throws {
    let broker = try await Mosquitto()
    let sandbox = try Sandbox()
    let floor = try floor(broker, in: sandbox)
    let desk = try desk(broker, in: sandbox)
    #expect(floor.wait(for: agent(["seat": "2", "lease": "fresh"])))
    kill(desk.pid, SIGSTOP)
    // One and a half times its keepalive of 5 s, and the broker's own round of 5 s.
    #expect(floor.wait(seconds: 40, for: agent(["seat": "1"])))
    let before = floor.messages.count
    kill(desk.pid, SIGCONT)
    #expect(
      floor.wait {
        floor.messages.dropFirst(before).contains {
          Running.matches($0, agent(["seat": "2", "lease": "fresh"]))
        }
      }, "back with a new epoch")
    await broker.stop()
  }

  @Test func ofTwoDesksOfOneAgentTheLaterOneSpeaks() async throws {
    let broker = try await Mosquitto()
    let (home, away, watch) = (try Sandbox(), try Sandbox(), try Sandbox())
    let floor = try floor(broker, in: watch)
    let first = try desk(broker, in: home)
    #expect(floor.wait(for: agent(["seat": "2", "lease": "fresh"])))
    let second = try desk(broker, in: away)
    let yields = { (desk: Running) in
      desk.messages.contains {
        ($0["message"] as? String)?.contains("another desk publishes red/1001") == true
      }
    }
    #expect(first.wait { yields(first) })
    #expect(second.wait(for: ["type": "seat", "code": "2"]))
    second.send(#"{"command":"dial","phone":"13212345678","info":""}"#)
    #expect(floor.wait(for: agent(["seat": "3", "call": "3", "lease": "fresh"])))
    #expect(!yields(second))
    // The first one goes on as a desk, and says no more on the bus.
    first.send(#"{"command":"dial","phone":"13212345678","info":""}"#)
    #expect(first.wait(for: ["type": "call", "phase": "talking"]))
    await broker.stop()
  }

  @Test func theTableWaitsForWhatTheBrokerKeeps() async throws {
    let broker = try await Mosquitto()
    let sandbox = try Sandbox()
    let desk = try desk(broker, in: sandbox)
    #expect(desk.wait(for: ["type": "seat", "code": "2"]))
    try await eventually("the table has her") {
      let run = try Running.once(["floor", "--once", "--from", url(broker)], in: sandbox)
      return run.code == 0 && run.out.contains { $0.contains("Li Wei") }
    }
    await broker.kill()
    let none = try Running.once(["floor", "--once", "--from", url(broker)], in: sandbox)
    #expect(none.code == 1 && none.errors.contains("connection refused"))
  }

  @Test func aBusThatCannotBeIsRefusedAtTheStart() throws {
    let sandbox = try Sandbox()
    for (settings, words) in [
      (["bus.url=broker"], "mqtt://HOST"),
      (["bus.url=mqtt://broker"], "bus.team is not"),
      (["bus.url=mqtt://broker", "bus.team=red"], "bus.agent is not"),
      (["bus.url=mqtt://broker", "bus.team=red", "bus.agent=a/b"], "1 to 64"),
      (["bus.url=mqtt://broker", "bus.team=r d", "bus.agent=a"], "1 to 64"),
      (
        ["bus.url=mqtt://broker", "bus.team=red", "bus.agent=a", "bus.passwordFile=/x"],
        "in the clear"
      ),
      (
        [
          "bus.url=mqtts://broker", "bus.team=red", "bus.agent=a", "bus.passwordFile=/x",
          "bus.passwordCommand=y",
        ], "one of the two"
      ),
    ] {
      let options = settings.flatMap { ["-c", $0] }
      let run = try Running.once(["--json", "--line", "demo"] + options, in: sandbox)
      #expect(run.code == 2 && run.errors.contains(words), "\(settings): \(run.errors)")
    }
    let run = try Running.once(["floor", "--once", "--from", "mqtt://a b"], in: sandbox)
    #expect(run.code == 2 && run.errors.contains("--from"))
  }
}
