// No figure that is typed, configured, sent or kept in a file ends the program.

import CCCore
import CCJSON
import CCTestSupport
import CCView
import Foundation
import Glibc
import Testing

@testable import CCTerm

@Suite struct ProgramExtremeTests {
  private static let words =
    Extremes.texts.map { $0.replacing("\"", with: "") } + ["+5", "५", "0x10", "1_000", " 5 "]

  @Test("every figure for every key of the configuration") func configuration() throws {
    for key in ConfigKey.all {
      for word in Self.words {
        guard case .success(let value) = key.checked(word) else { continue }
        if case .number(let range) = key.kind {
          #expect(Int(value).map(range.contains) == true, "\(key.name)=\(word)")
        }
        let configuration = try? Configuration.load(
          system: nil, user: nil, options: key.isSecret ? [] : ["\(key.name)=\(word)"])
        guard let configuration else { continue }
        for line in ["sip", "sdk", "cloud", "token", "bus"] {
          _ = LineSettings.json(line, configuration)
        }
      }
    }
  }

  @Test("twenty thousand accounts of the vendor are read in less than a second") func manyTopics()
    throws
  {
    let sandbox = try Sandbox()
    let topics = (0..<20_000).map { "    a\($0)@x: red/a\($0)\n" }.joined()
    let path = try sandbox.write("config.yaml", "cloud:\n  topics:\n\(topics)")
    let start = SystemClock.now()
    let configuration = try Configuration.load(system: nil, user: path, options: [])
    let json = LineSettings.json("cloud", configuration)
    #expect(json["topics"]?.object?.members.count == 20_000)
    // It took ten times as long, and grew with the square; a debug build is five times slower.
    #expect(SystemClock.now().seconds(since: start) < 10)
  }

  @Test("every figure in every command of --json, of words and of a floor") func commands() {
    let now = Instant(uptime: 0, unix: 1_763_900_000_000)
    var plain = Plain()
    var floor = Floor(at: now)
    if let key = AgentKey(team: "red", agent: "1001") {
      _ = floor.handle(
        .seat(key, SeatUpdate(stamp: Stamp(epoch: 1, sequence: 1), seat: .idle), retained: false),
        at: now)
    }
    let names = CommandTable.forPrograms.map(\.rawValue)
    for text in Extremes.texts {
      for name in names {
        for field in ["phone", "info", "status", "digits", "to", "text", "id"] {
          let line = Array(#"{"command":"\#(name)","\#(field)":\#(text)}"#.utf8)
          if case .event(let event) = JSONCommands.read(line, plain.desk), name != "quit" {
            _ = plain.desk.handle(event, at: now)
          }
        }
      }
      for kind in Order.Wish.Kind.allCases {
        let line =
          #"{"command":"\#(kind.rawValue)","agent":"red/1001","seat":\#(text),"text":\#(text)}"#
        _ = FloorOrders.json(Array(line.utf8), floor)
      }
    }
    for word in Self.words {
      for command in ["recent", "status", "tones", "dial", "info", "transfer to"] {
        plain.type("\(command) \(word)")
      }
    }
    #expect(!plain.said.isEmpty)
  }

  @Test("facts and rows of any figures are lines of JSON") @MainActor func facts() throws {
    for number in Extremes.integers {
      for clock: Int64 in [.min, -1, 0, 1_763_900_000_000, .max] {
        let now = Instant(uptime: clock, unix: number)
        var desk = Desk(settings: .init(wrapUpSeconds: Int(number)), at: now)
        var facts = JSONFacts()
        let events: [DeskEvent] = [
          .line(.started), .line(.hello(line: "x", abilities: [.dial])),
          .line(.registered(account: nil, expiresIn: Int(number), secure: nil)),
          .line(.call(CallReport(.talking, number: "1020", call: "a"))),
          .line(.call(CallReport(.ended, call: "a", reason: Reason("r", code: Int(number))))),
          .line(.seat(Seat(code: Int(number)))),
          .line(.unregistered(reason: "away", retryIn: Double(number), final: false)),
          .line(.level(input: Double(number), output: .nan)),
        ]
        for event in events {
          for case .tell(let fact) in desk.handle(event, at: now) {
            guard let line = facts.line(fact, desk, at: now) else { continue }
            _ = try JSONReader.read(line)
          }
          _ = PlainWords.standing(desk, at: now)
        }
        let key = try #require(AgentKey(team: "red", agent: "1001"))
        var floor = Floor(at: now)
        let update = SeatUpdate(
          stamp: Stamp(epoch: min(number, now.unix), sequence: 1), seat: Seat(code: Int(number)),
          since: number, sent: number)
        _ = floor.handle(.seat(key, update, retained: false), at: now)
        if let row = floor.row(key) { _ = JSONFloor.fields(row, "x", at: now) }
        _ = FloorSpeaker.numbers(floor, team: nil)
      }
    }
  }

  private static let account = DeskIdentity(shown: "sip 1001", key: "sip 1001")

  @Test("the owner of a lock may have begun whenever its file says", arguments: Extremes.integers)
  @MainActor func locks(since: Int64) throws {
    let sandbox = try Sandbox()
    let path = try sandbox.write(
      "desk-\(DeskLock.fileName(Self.account.key)).lock", "7 \(since) /dev/pts/1\n")
    let other = open(path, O_RDWR | O_CLOEXEC)
    try #require(other >= 0 && flock(other, LOCK_EX | LOCK_NB) == 0)
    defer { close(other) }
    let now = Instant(uptime: 0, unix: 1_763_900_000_000)
    do throws(Failure) {
      _ = try DeskLock.take(
        [Self.account], folder: sandbox.folder.path, at: now, zone: .utc)
      Issue.record("it is held twice")
    } catch { #expect(error.sentence?.contains("runs already, since") == true) }
  }

  @Test("a lock tells the day of its beginning, by the clock of the zone") @MainActor
  func lockDays() throws {
    let sandbox = try Sandbox()
    // 24 November 2025, two in the morning in Madrid; the desk began at one, which is the 23rd in Greenwich.
    let zone = Zone([.init(from: 0, secondsEast: 3_600)])
    let now = Instant(uptime: 0, unix: 1_763_946_000_000)
    let cases: [(Int64, String)] = [
      (60 * 60_000, "since 01:00:00, "), (3 * 3_600_000, "since Sun 23:00, "),
      (2 * 24 * 3_600_000, "since Sat 02:00, "), (30 * 24 * 3_600_000, "since 25 Oct 02:00, "),
    ]
    for (before, words) in cases {
      let path = try sandbox.write(
        "desk-\(DeskLock.fileName(Self.account.key)).lock", "7 \(now.unix - before) /dev/pts/1\n")
      let other = open(path, O_RDWR | O_CLOEXEC)
      try #require(other >= 0 && flock(other, LOCK_EX | LOCK_NB) == 0)
      defer { close(other) }
      do throws(Failure) {
        _ = try DeskLock.take(
          [Self.account], folder: sandbox.folder.path, at: now, zone: zone)
        Issue.record("it is held twice")
      } catch { #expect(error.sentence?.contains(words) == true, "\(error)") }
    }
  }

  @Test("numbers in key sequences") func keys() {
    for word in Self.words {
      var reader = KeyReader()
      for final in ["~", "A", "P", "u", "M", "R"] {
        _ = reader.feed(Array("\u{1B}[\(word);\(word)\(final)".utf8), at: 0)
        _ = reader.flush(at: Instant.second)
      }
    }
  }

  @Test("another side's clock may be off by anything", arguments: Extremes.integers)
  @MainActor func skews(skew: Int64) {
    #expect(TokenChecks.clock(Int(skew), by: "x").count == 1)
  }
}
