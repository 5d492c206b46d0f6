// The lines of `--json`, byte for byte: other people's programs read them.

import CCCore
import CCTestSupport
import CCView
import Foundation
import Testing

@testable import CCTerm

@Suite struct JSONFactsTests {
  private let now = Instant(uptime: 5_000_000_000, unix: 1_763_906_400_007)
  private var desk = Desk(
    settings: .init(line: "sip", account: "1001"), at: Instant(uptime: 0, unix: 0))
  private var facts = JSONFacts()

  private mutating func tell(_ event: DeskEvent) -> [String] {
    desk.handle(event, at: now).compactMap { effect in
      guard case .tell(let fact) = effect else { return nil }
      return facts.line(fact, desk, at: now).map { String(decoding: $0.dropLast(), as: UTF8.self) }
    }
  }

  private let at = #""at":"2025-11-23T14:00:00.007Z""#

  @Test mutating func linkAndSeat() {
    #expect(
      tell(.line(.started)) == [
        #"{"v":1,"type":"link","seq":1,\#(at),"state":"connecting","line":"sip","account":"1001"}"#
      ])
    #expect(
      tell(.line(.registered(account: "1001", expiresIn: nil, secure: "TLS"))) == [
        #"{"v":1,"type":"link","seq":2,\#(at),"state":"up","line":"sip","account":"1001","secure":"TLS","abilities":["dial"]}"#,
        #"{"v":1,"type":"seat","seq":3,\#(at),"code":2,"name":"idle","source":"desk","witnessed":true}"#,
      ])
    let down = tell(.line(.unregistered(reason: "gone", retryIn: 5, final: false)))
    #expect(
      down.first
        == #"{"v":1,"type":"link","seq":4,\#(at),"state":"down","line":"sip","account":"1001","reason":"line: gone","retryIn":5}"#
    )
    #expect(
      down.contains(
        #"{"v":1,"type":"seat","seq":5,\#(at),"code":null,"name":"unknown","source":"desk","witnessed":true}"#
      ))
    #expect(
      tell(.line(.evicted))
        == [
          #"{"v":1,"type":"link","seq":7,\#(at),"state":"evicted","line":"sip","account":"1001"}"#
        ])
  }

  @Test mutating func aDialIsToldTwice() {
    _ = tell(.line(.started))
    _ = tell(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(
      tell(.dial(phone: "132 1234 5678", info: "a \"b\"\n\u{1F600}")) == [
        #"{"v":1,"type":"dial","seq":4,\#(at),"attempt":1,"phone":"13212345678","info":"a \"b\"\n😀","outcome":null}"#
      ])
    _ = tell(.line(.call(CallReport(.calling, number: "13212345678", call: "a80d"))))
    let call = tell(
      .line(
        .call(
          CallReport(
            .notEstablished, number: "13212345678", call: "a80d", direction: .out,
            reason: Reason("busy here", code: 486), name: "Bob"))))
    #expect(
      call.contains { line in
        line.contains(#""type":"call""#)
          && line.hasSuffix(
            #""phase":"notEstablished","number":"13212345678","direction":"out","call":"a80d","name":"Bob","reason":"busy here","code":486,"by":"far","inferred":false,"held":false,"muted":false,"witnessed":true}"#
          )
      })
    #expect(
      call.contains {
        $0.contains(#""type":"dial""#)
          && $0.hasSuffix(
            #""attempt":1,"phone":"13212345678","outcome":"rejected","reason":"busy here","code":486}"#
          )
      })
  }

  @Test mutating func whatIsRefusedBeforeItGoesOutIsToldOnce() {
    #expect(
      tell(.dial(phone: "call me", info: "")).map { $0.contains(#""attempt":null"#) } == [true])
  }

  @Test mutating func anomaliesAndNotices() {
    #expect(
      tell(.line(.anomaly(.badJSON))) == [
        #"{"v":1,"type":"anomaly","seq":1,\#(at),"what":"badJSON","count":1}"#
      ])
    #expect(
      tell(.line(.log(.warning, "watch out"))) == [
        #"{"v":1,"type":"notice","seq":2,\#(at),"level":"warning","message":"watch out","from":"line"}"#
      ])
  }

  @Test func momentsAreRFC3339() {
    #expect(Timestamp.text(0) == "1970-01-01T00:00:00.000Z")
    #expect(Timestamp.text(-1) == "1969-12-31T23:59:59.999Z")
    #expect(Timestamp.text(951_782_399_999) == "2000-02-28T23:59:59.999Z")
    #expect(Timestamp.text(1_709_210_096_789) == "2024-02-29T12:34:56.789Z")
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    var random = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      let unix = Int64.random(in: -2_000_000_000...7_000_000_000, using: &random) * 1000
      let date = Date(timeIntervalSince1970: Double(unix) / 1000)
      #expect(Timestamp.text(unix) == formatter.string(from: date))
    }
  }
}

@Suite struct JSONCommandTests {
  private var desk: Desk = {
    var desk = Desk(settings: .init(line: "sip"), at: Instant(uptime: 0, unix: 0))
    _ = desk.handle(.line(.started), at: Instant(uptime: 0, unix: 0))
    _ = desk.handle(
      .line(.hello(line: "sip", abilities: Abilities(rawValue: 0x3FF))),
      at: Instant(uptime: 0, unix: 0))
    return desk
  }()

  private func read(_ line: String) -> JSONCommands.Reading {
    JSONCommands.read(Array(line.utf8), desk)
  }

  @Test func dialGoesToTheMachineWhateverItIs() {
    #expect(
      read(#"{"command":"dial","phone":"12","info":"x"}"#) == .event(.dial(phone: "12", info: "x")))
    #expect(read(#"{"command":"dial","phone":"x"}"#) == .event(.dial(phone: "x", info: "")))
  }

  @Test func quitIsTheProgramsOwn() {
    #expect(read(#"{"command":"quit"}"#) == .quit)
  }

  @Test func statusByWordAndByNumber() {
    #expect(
      read(#"{"command":"status","status":5}"#)
        == read(#"{"command":"status","status":"short break"}"#))
  }

  /// The page of the keys names those that are commands, and no other.
  @Test func everyNameOfThePageIsACommand() throws {
    let page = try String(contentsOfFile: Repository.path("docs/keys.md"), encoding: .utf8)
    let table = try #require(page.components(separatedBy: "| words | `--json` |").last)
    let named = table.split(separator: "\n").prefix { $0.hasPrefix("|") || $0.hasPrefix(" ") }
      .compactMap { $0.split(separator: "|").dropFirst().first.map { $0.filter { $0.isLetter } } }
      .filter { !$0.isEmpty }
    #expect(Set(named).isSuperset(of: ["dial", "hangUp", "takeBack", "dtmf"]) && named.count > 20)
    for name in named {
      if case .refused(.error, let said) = read(#"{"command":"\#(name)"}"#) {
        #expect(!said.string.contains("no command"), "\(name): \(said)")
      }
    }
    for row in CommandTable.rows where !named.contains(row.name.rawValue) {
      guard case .refused(.error, let said) = read(#"{"command":"\#(row.name.rawValue)"}"#) else {
        Issue.record("\(row.name) is a command that the page does not name")
        continue
      }
      #expect(said.string.contains("no command"))
    }
  }

  @Test(
    arguments: [
      ("x", "This is no JSON object: see byte 0."),
      ("[1]", "An object with a “command” is expected."),
      (#"{"command":7}"#, "An object with a “command” is expected."),
      (#"{"command":"hangup"}"#, "There is no command hangup; did you mean hangUp?"),
      (#"{"command":"nextField"}"#, nil),
      (#"{"command":"help"}"#, "help is a word of plain mode, and no command here."),
      (#"{"command":"quiet"}"#, "quiet is a word of plain mode, and no command here."),
      (#"{"command":"dial"}"#, "dial needs a \"phone\"."),
      (#"{"command":"status"}"#, "status needs a \"status\"."),
      (#"{"command":"dtmf"}"#, "dtmf needs \"digits\"."),
      (#"{"command":"transfer"}"#, "transfer needs a \"to\"."),
      (#"{"command":"consult"}"#, "consult needs a \"to\"."),
      (#"{"command":"transfer","consult":true}"#, "transfer needs a \"to\"."),
      (#"{"command":"dial","phone":"12","info":5}"#, "dial takes an \"info\" that is a text."),
      (#"{"command":"dial","phone":"12","info":["a"]}"#, "dial takes an \"info\" that is a text."),
    ] as [(String, String?)])
  func badLinesAreNamed(_ line: String, _ words: String?) {
    guard case .refused(.error, let said) = read(line) else {
      Issue.record("\(line) was taken")
      return
    }
    if let words { #expect(said.string == words) }
  }

  /// What is longer than what is kept is said to be cut.
  @Test func aCutIsSaid() {
    let long = String(repeating: "\u{1F600}", count: 501)
    #expect(
      JSONCommands.cut(.dial(phone: "12", info: long))
        == "The info has 1002 units: what is over 1000 is cut.")
    #expect(
      JSONCommands.cut(.note(Call.ID(1), long))
        == "The note has 1002 units: what is over 1000 is cut.")
    #expect(JSONCommands.cut(.dial(phone: "12", info: String(long.dropLast()))) == nil)
    #expect(
      read(#"{"command":"dial","phone":"x","info":null}"#) == .event(.dial(phone: "x", info: "")))
  }

  @Test func whatCannotBeDoneNowIsAWarning() {
    #expect(read(#"{"command":"hangUp"}"#) == .refused(.warning, "No call is open."))
  }
}
