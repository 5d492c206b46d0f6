// Numbers in plain mode and `--json`: offers, extensions, callers, the country's key.

import CCCore
import CCJSON
import CCView
import Testing

@testable import CCTerm

@Suite struct NumberModesTests {
  @Test func plainOffersWhatLettersSpell() {
    var plain = Plain()
    plain.type("dial 1-800-FLOWERS")
    plain.type("n")
    plain.type("dial 1-800-FLOWERS")
    plain.type("y")
    plain.call(.calling, "18003569377")
    #expect(
      plain.said == [
        "> dial 1-800-FLOWERS", "1-800-FLOWERS spells 1 800 356 9377. Dial that? y or n", "> n",
        "not dialled.", "> dial 1-800-FLOWERS",
        "1-800-FLOWERS spells 1 800 356 9377. Dial that? y or n", "> y", "calling 180 0356 9377.",
      ])
    #expect(plain.desk.active?.number == "18003569377")
  }

  @Test func plainKeepsTheExtensionAndSendsItByWord() {
    var plain = Plain()
    plain.type("check +1 201 555 0123 ext. 5")
    plain.type("dial +1 201 555 0123 ext. 5")
    plain.call(.calling, "+12015550123")
    plain.type("then")
    plain.call(.talking, "+12015550123")
    plain.type("then")
    plain.type("then")
    plain.type("tones 12-34#")
    #expect(
      plain.said == [
        "> check +1 201 555 0123 ext. 5", "would send plus 1, 2 0 1, 5 5 5, 0 1 2 3, then 5.",
        "> dial +1 201 555 0123 ext. 5", "calling +1 201 555 0123, then 5.", "> then",
        "No call is talking.", "talking. then sends 5.", "> then", "sent 5.", "> then",
        "Nothing was dialled behind the number.", "> tones 12-34#", "sent 1 2 3 4 #.",
      ])
  }

  @Test func plainCountsNobodyAndKnowsTwoForms() {
    var plain = Plain()
    plain.call(.ringing, "anonymous", id: "a", .in)
    plain.call(.notEstablished, "anonymous", id: "a")
    plain.call(.ringing, "Unavailable", id: "b", .in, "Unavailable")
    plain.call(.notEstablished, "Unavailable", id: "b")
    plain.call(.ringing, "07911123456", id: "c", .in)
    plain.call(.notEstablished, "07911123456", id: "c")
    plain.call(.ringing, "+447911123456", id: "d", .in)
    #expect(
      plain.said == [
        "Incoming: number withheld. answer or reject?", "missed: number withheld, rang 0 seconds.",
        "Incoming: number withheld. answer or reject?", "missed: number withheld, rang 0 seconds.",
        "Incoming: 079 1112 3456. answer or reject?", "missed: 079 1112 3456, rang 0 seconds.",
        "Incoming: +44 7911 123456. answer or reject? 1 call today, last 14:00.",
      ])
    plain.said = []
    plain.type("recent")
    #expect(
      plain.said.dropFirst(2) == [
        "14:00 in, number withheld, missed.", "14:00 in, number withheld, missed.",
      ])
  }

  /// The lines of `--json` that come of events.
  private struct JSON {
    var desk = Desk(settings: .init(line: "sip"), at: Instant(uptime: 0, unix: 0))
    var facts = JSONFacts()
    let now = Instant(uptime: 5_000_000_000, unix: 1_763_906_400_007)

    init() {
      for event in [
        LineEvent.started, .hello(line: "sip", abilities: Abilities(rawValue: 0xFF)),
        .registered(account: nil, expiresIn: nil, secure: nil),
      ] { _ = tell(.line(event)) }
    }

    mutating func tell(_ event: DeskEvent) -> [JSONValue] {
      desk.handle(event, at: now).compactMap { effect in
        guard case .tell(let fact) = effect, let line = facts.line(fact, desk, at: now) else {
          return nil
        }
        return try? JSONReader.read(line)
      }
    }

    mutating func send(_ command: String) -> [JSONValue] {
      guard case .event(let event) = JSONCommands.read(Array(command.utf8), desk) else { return [] }
      return tell(event)
    }
  }

  @Test func jsonRefusesLettersAndNamesTheOffer() throws {
    var json = JSON()
    let told = json.send(#"{"command":"dial","phone":"1-800-FLOWERS"}"#)
    let dial = try #require(told.first { $0["type"]?.string == "dial" })
    #expect(dial["outcome"] == "refused" && dial["offer"] == "18003569377")
    #expect(dial["reason"] == "Letters are not sent; they spell 1 800 356 9377.")
    #expect(json.desk.attempt == nil)
    let other = json.send(#"{"command":"dial","phone":"bob"}"#)
    #expect(other.first?["offer"] == nil)
  }

  @Test(arguments: [
    #"{"command":"transfer","to":"1-800-FLOWERS"}"#, #"{"command":"consult","to":"1-800-FLOWERS"}"#,
    #"{"command":"transfer","to":"1-800-FLOWERS","consult":true}"#,
  ])
  func jsonOffersForATransferToo(_ command: String) throws {
    var json = JSON()
    _ = json.tell(.line(.call(CallReport(.talking, number: "1020", call: "a", direction: .out))))
    guard case .offered(let number) = JSONCommands.read(Array(command.utf8), json.desk) else {
      Issue.record("it was not offered")
      return
    }
    let told = try JSONReader.read(json.facts.refusal(offering: number, at: json.now))
    #expect(
      told["type"] == "notice" && told["level"] == "warning" && told["offer"] == "18003569377")
  }

  @Test func jsonCarriesTheExtensionAndSendsItByCommand() throws {
    var json = JSON()
    let dial = json.send(#"{"command":"dial","phone":"+1 201 555 0123;ext=55"}"#)
    #expect(dial.first?["phone"] == "+12015550123" && dial.first?["tones"] == "55")
    let call = json.tell(
      .line(.call(CallReport(.talking, number: "+12015550123", call: "a", direction: .out))))
    #expect(call.first { $0["type"]?.string == "call" }?["tones"] == "55")
    let sent = json.send(#"{"command":"then"}"#)
    #expect(sent.contains { $0["type"] == "tones" && $0["digits"] == "55" })
    #expect(sent.contains { $0["type"] == "call" && $0["tones"] == nil })
    guard
      case .refused(_, let why) = JSONCommands.read(Array(#"{"command":"then"}"#.utf8), json.desk)
    else { return #expect(Bool(false), "nothing is left to send") }
    #expect(why == "Nothing was dialled behind the number.")
  }

  @Test func jsonSaysThatAWithheldNumberIsNone() throws {
    var json = JSON()
    let told = json.tell(
      .line(
        .call(
          CallReport(
            .ringing, number: "Restricted", call: "a", direction: .in, name: "Anonymous"))))
    let call = try #require(told.first { $0["type"]?.string == "call" })
    #expect(call["number"] == "" && call["name"] == nil)
  }

  @Test func theCountryIsALetterOrACode() throws {
    let key = try #require(ConfigKey.named("numbers.country"))
    for right in ["GB", "gb", "44", "+44", ""] {
      #expect(throws: Never.self) { try key.checked(right).get() }
    }
    for wrong in ["England", "999", "G", "4 4"] {
      #expect(throws: ConfigKey.Wrong.self) { try key.checked(wrong).get() }
    }
  }
}
