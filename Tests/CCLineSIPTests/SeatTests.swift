// Telling the telephone system the agent's status.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct SeatTests {
  @Test func nobodyIsTold() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    for status in [5, 2, 1, 99] {
      #expect(try await line.ask { .setSeat(id: $0, status: status) } == nil)
    }
    #expect(kamailio.seen("INVITE").isEmpty)
  }

  @Test func byFeatureCodes() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    let queue = try await Sipp([
      .receive("INVITE"), .answer(200, "OK", sound: .own), .receive("ACK"), .bye,
      .receiveResponse(200),
    ])
    try await line.signIn(
      kamailio,
      [("onChange", "dial"), ("codes", .string("break=7\(queue.port) idle=*46"))])
    // The feature code is on no screen.
    #expect(try await line.ask { .setSeat(id: $0, status: 5) } == nil)
    #expect(await queue.finished() == 0)
    // What the system knows already is not said again; post-call has no code.
    #expect(try await line.ask { .setSeat(id: $0, status: 4) } == nil)
    #expect(try await line.ask { .setSeat(id: $0, status: 5) } == nil)
    #expect(dialled(kamailio).count == 1)
    #expect(try await line.ask { .setSeat(id: $0, status: 2) } == "*46: not found")
    let calls = line.seen.contains { if case .call = $0 { true } else { false } }
    #expect(!calls)
  }

  /// The dial plan is asked as if she had dialled the code.
  @Test func theDialPlanIsAskedForACode() async throws {
    let kamailio = try await Kamailio()
    let queue = try await Sipp([
      .receive("INVITE"), .answer(200, "OK", sound: .own), .receive("ACK"), .bye,
      .receiveResponse(200),
    ])
    let line = try LineUnderTest()
    try await line.signIn(
      kamailio,
      [
        ("onChange", "dial"),
        ("codes", .string("break=0900123 idle=8\(queue.port) busy=112 offline=+11")),
        ("dialPlan", "0900X. -> refuse: no premium numbers; 8|X. -> 7; +X. -> refuse"),
      ])
    #expect(try await line.ask { .setSeat(id: $0, status: 5) } == "no premium numbers")
    #expect(
      try await line.ask { .setSeat(id: $0, status: 3) } == "112 is an emergency number")
    try await line.fence()
    #expect(kamailio.seen("INVITE").isEmpty)
    // Rewritten as hers would be.
    #expect(try await line.ask { .setSeat(id: $0, status: 2) } == nil)
    #expect(await queue.finished() == 0)
    // Not even with the line's last word.
    let before = kamailio.seen("INVITE").count
    #expect(try await line.ends())
    #expect(kamailio.seen("INVITE").count == before)
  }

  /// Signs in with a command that writes what it is told into the line's folder.
  private func signIn(_ line: LineUnderTest, _ kamailio: Kamailio) async throws {
    let folder = line.folder
    let script = try folder.write("tell", "#!/bin/sh\necho \"$1\" >> \(folder.path("told"))\n")
    chmod(script, 0o700)
    try await line.signIn(kamailio, [("onChange", "command"), ("command", .string(script))])
  }

  /// The same status once more is chosen by hand: the system may have paused her by itself.
  @Test func whatIsChosenByHandIsToldThoughItIsKnown() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await signIn(line, kamailio)
    for status in [2, 3, 4, 2, 2] {
      #expect(try await line.ask { .setSeat(id: $0, status: status) } == nil)
    }
    #expect(line.folder.read("told") == "idle\nbusy\npost-call\nidle\nidle\n")
  }

  /// The registrar was away: a PBX that was started anew knows nothing of her.
  @Test func whatWasToldIsVoidAfterTheLinkWasLost() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    let queue = try await Sipp(Self.takes)
    try await line.signIn(
      kamailio, [("onChange", "dial"), ("codes", .string("idle=7\(queue.port)"))])
    #expect(try await line.ask { .setSeat(id: $0, status: 2) } == nil)
    #expect(await queue.finished() == 0)
    #expect(try await line.ask { .setSeat(id: $0, status: 3) } == nil)
    await kamailio.stop()
    try await line.wait("unregistered") { event -> Bool? in
      if case .unregistered(_, .some, final: false) = event { true } else { nil }
    }
    try await kamailio.start()
    try await line.wait("registered again") { if case .registered = $0 { true } else { nil } }
    let before = dialled(kamailio).count
    _ = try await line.ask { .setSeat(id: $0, status: 2) }
    #expect(dialled(kamailio).count == before + 1)
  }

  @Test func byACommand() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    let folder = line.folder
    let script = try folder.write(
      "tell", "#!/bin/sh\n[ \"$2\" = idle ] && exit 3\necho \"$1 $2\" >> \(folder.path("told"))\n")
    chmod(script, 0o700)
    try await line.signIn(
      kamailio, [("onChange", "command"), ("command", .string("\(script) 'queue one'"))])
    #expect(try await line.ask { .setSeat(id: $0, status: 5) } == nil)
    #expect(folder.read("told") == "queue one break\n")
    #expect(try await line.ask { .setSeat(id: $0, status: 2) } == "seat.command ended with 3")
  }

  /// Java reserves more memory than a line may have, sudo(8) needs new privileges.
  @Test func aCommandRunsAsInHerOwnShell() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    let asked = "ulimit -S -v; ulimit -S -n; ulimit -S -c; grep NoNewPrivs /proc/self/status"
    let told = line.folder.path("told")
    try await line.signIn(
      kamailio,
      [("onChange", "command"), ("command", .string("sh -c '(\(asked)) > \(told)'"))])
    #expect(try await line.ask { .setSeat(id: $0, status: 5) } == nil)
    let mine = try TestChild.run("/bin/sh", ["-c", asked])
    #expect(mine.code == 0)
    #expect(line.folder.read("told") == mine.output)
  }

  /// Who has no such command has a line that can gain nothing.
  @Test func aLineWithoutACommandRenouncesPrivileges() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    let status = try String(contentsOfFile: "/proc/\(line.pid)/status", encoding: .utf8)
    #expect(status.contains("NoNewPrivs:\t1"))
  }

  @Test func aCommandThatIsNotThere() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio, [("onChange", "command"), ("command", "nobody-has-this")])
    #expect(
      try await line.ask { .setSeat(id: $0, status: 5) }
        == "seat.command: nobody-has-this was not found")
  }

  /// A feature code that is taken, and how a line is told of it.
  private static let takes: [Sipp.Step] = [
    .receive("INVITE"), .answer(200, "OK", sound: .own), .receive("ACK"), .receive("BYE"),
    .answer(200, "OK"),
  ]

  /// The INVITEs that a proxy let through: those that brought their password.
  private func dialled(_ kamailio: Kamailio) -> [Substring] {
    kamailio.seen("INVITE").filter { !$0.contains("\"\"") && !$0.contains("<null>") }
  }

  /// Every way in which an agent goes offline with the line.
  enum Way: CaseIterable { case quit, endOfInput, signal, choiceAndQuit }

  @Test(arguments: Way.allCases)
  func offlineIsToldBeforeTheLineIsGone(_ way: Way) async throws {
    let kamailio = try await Kamailio()
    let queue = try await Sipp(Self.takes)
    let line = try LineUnderTest()
    try await line.signIn(
      kamailio, [("onChange", "dial"), ("codes", .string("offline=7\(queue.port)"))])
    let began = Date()
    switch way {
    case .quit: #expect(try await line.quit() == 0)
    case .endOfInput: #expect(try await line.closeInput() == 0)
    case .signal: #expect(try await line.signal(SIGTERM) == 0)
    case .choiceAndQuit:
      // As the desk does it.
      line.send(.setSeat(id: 70, status: 1))
      #expect(try await line.quit() == 0)
      #expect(line.seen.contains(.result(id: 70, ok: true, error: "")))
    }
    // A second and a machine that is busy; what is not hurried takes 1.5 s to listen, and 8 s to give up.
    #expect(Date().timeIntervalSince(began) < 3)
    #expect(await queue.finished() == 0, "\(queue.complaint.suffix(600))")
    // Once, and before it was gone.
    let seen = kamailio.log.split(separator: "\n").filter { $0.contains("SEEN ") }
    let last = try #require(seen.lastIndex { $0.contains("SEEN INVITE ") })
    #expect(seen[last...].contains { $0.contains("SEEN REGISTER ") && $0.contains("expires=0") })
    #expect(queue.messages.components(separatedBy: "INVITE sip:").count == 2)
  }

  /// A desk that chose offline and leaves hears what came of it, however late the system is.
  @Test(arguments: [true, false])
  func aChoiceIsAnsweredBeforeTheLineIsGone(isTaken: Bool) async throws {
    let kamailio = try await Kamailio()
    let answers: [Sipp.Step] = isTaken ? [.answer(200, "OK", sound: .own), .receive("ACK")] : []
    let queue = try await Sipp(
      [.receive("INVITE"), .answer(180, "Ringing")] + answers
        + [.receive(isTaken ? "BYE" : "CANCEL")])
    let line = try LineUnderTest()
    try await line.signIn(
      kamailio, [("onChange", "dial"), ("codes", .string("offline=7\(queue.port)"))])
    line.send(.setSeat(id: 70, status: 1))
    _ = try await line.quit()
    #expect(
      line.seen.contains {
        if case .result(id: 70, let ok, let why) = $0 {
          ok == isTaken || why == "it took too long"
        } else {
          false
        }
      }, "\(line.seen)")
  }

  @Test func offlineIsNotToldWithoutACode() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio, [("onChange", "dial"), ("codes", "break=*45 idle=*46")])
    line.send(.setSeat(id: 70, status: 1))
    #expect(try await line.quit() == 0)
    #expect(kamailio.seen("INVITE").isEmpty)
  }

  @Test func aSystemThatDoesNotAnswerKeepsNobodyWaiting() async throws {
    let kamailio = try await Kamailio()
    let queue = try await Sipp([
      .receive("INVITE"), .answer(180, "Ringing"), .receive("CANCEL"), .answerCancel,
      .receive("ACK"),
    ])
    let line = try LineUnderTest()
    try await line.signIn(
      kamailio, [("onChange", "dial"), ("codes", .string("offline=7\(queue.port)"))])
    let began = Date()
    #expect(try await line.quit() == 0)
    // A second and a machine that is busy; what is not hurried takes 1.5 s to listen, and 8 s to give up.
    #expect(Date().timeIntervalSince(began) < 3)
    #expect(await queue.finished() == 0, "\(queue.complaint.suffix(600))")
    let told = line.seen.contains {
      if case .log(.warning, let text) = $0 {
        text == "the telephone system was not told that you are offline: it took too long"
      } else {
        false
      }
    }
    #expect(told)
    #expect(kamailio.seen("REGISTER").last?.contains("expires=0") == true)
  }

  @Test func aCommandIsToldOfflineToo() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await signIn(line, kamailio)
    #expect(try await line.ask { .setSeat(id: $0, status: 2) } == nil)
    line.send(.setSeat(id: 70, status: 1))
    #expect(try await line.quit() == 0)
    #expect(line.folder.read("told") == "idle\noffline\n")
  }

  @Test func everyCommandIsAnsweredAlsoWhatIsOvertaken() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    let queue = try await Sipp(Self.takes)
    try await line.signIn(
      kamailio, [("onChange", "dial"), ("codes", .string("break=7\(queue.port) idle=*46"))])
    // The second and the third wait for the first; the third overtakes the second.
    for (id, status) in [(70, 5), (71, 2), (72, 5)] {
      line.send(.setSeat(id: id, status: status))
    }
    for id in [70, 71, 72] {
      try await eventually("the answer to \(id)") {
        line.seen.contains(.result(id: id, ok: true, error: ""))
      }
    }
    #expect(await queue.finished() == 0)
    // It knows of the break already: nothing was dialled for the third, nor for the second.
    #expect(dialled(kamailio).count == 1, "\(kamailio.seen("INVITE"))")
  }

  @Test func aNewTryOfTheSameAccountRepeatsNothing() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    let queue = try await Sipp(Self.takes)
    let orders: [(String, JSONValue)] = [
      ("onChange", "dial"), ("codes", .string("break=7\(queue.port)")),
    ]
    try await line.signIn(kamailio, orders)
    #expect(try await line.ask { .setSeat(id: $0, status: 5) } == nil)
    #expect(await queue.finished() == 0)
    try await line.signIn(kamailio, orders)
    #expect(try await line.ask { .setSeat(id: $0, status: 5) } == nil)
    #expect(dialled(kamailio).count == 1)
  }
}
