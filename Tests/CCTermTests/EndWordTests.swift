// How calls end before the answer, who is there now, and what goes with a call: in sentences and in JSON.

import CCCore
import CCJSON
import CCView
import Testing

@testable import CCTerm

@Suite struct EndWordTests {
  private let maria: SafeText = "+34612345678"

  /// After five seconds of ringing, or of talk.
  private func ended(_ kind: EndKind?, _ reason: Reason? = nil, talked: Bool = false) -> Plain {
    var plain = Plain()
    plain.call(.ringing, maria, id: "a", .in, "María López")
    if talked { plain.call(.talking, maria, id: "a", .in) }
    plain.wait(5)
    plain.said = []
    plain.tell(
      .line(
        .call(
          CallReport(
            talked ? .ended : .notEstablished, number: maria, call: "a", direction: .in,
            reason: reason, kind: kind))))
    return plain
  }

  @Test(
    arguments: [
      (
        .answeredElsewhere,
        "answered by a colleague: María López, +34 612 34 56 78, rang 5 seconds."
      ),
      (.stoppedRinging, "stopped ringing: María López, +34 612 34 56 78, rang 5 seconds."),
      (.callerGaveUp, "missed: María López, +34 612 34 56 78, rang 5 seconds: the caller hung up."),
      (
        .rangOut,
        "missed: María López, +34 612 34 56 78, rang 5 seconds: it rang out here and went on."
      ),
      (
        .notTaken,
        "could not be taken: María López, +34 612 34 56 78, rang 5 seconds: no sound (480)."
      ),
      (nil, "missed: María López, +34 612 34 56 78, rang 5 seconds."),
    ] as [(EndKind?, String)])
  func inASentence(_ kind: EndKind?, _ words: String) {
    #expect(ended(kind, Reason("no sound", code: 480)).said == [words])
  }

  @Test(
    arguments: [
      (.answeredElsewhere, "answered by a colleague"), (.stoppedRinging, "stopped ringing"),
      (.callerGaveUp, "missed"), (.notTaken, "could not be taken: no sound (480)"),
    ] as [(EndKind, String)])
  func inRecent(_ kind: EndKind, _ words: String) {
    var plain = ended(kind, Reason("no sound", code: 480))
    plain.said = []
    plain.type("recent")
    #expect(plain.said.contains { $0.hasSuffix("in, María López, +34 612 34 56 78, \(words).") })
  }

  /// Nobody hung up: the customer wants to be called back.
  @Test(
    arguments: [
      (
        "the far end has lost the call", "It was cut off: the far end has lost the call.", "cut off"
      ),
      ("the far end hung up", nil, "answered"), ("", nil, "answered"),
    ] as [(SafeText, String?, String)])
  func aTalkThatWasCutOff(_ reason: SafeText, _ words: String?, _ result: String) {
    var plain = ended(nil, Reason(reason), talked: true)
    let said = ["ended, 5 seconds.", words, "post-call, 30 seconds, then idle."]
    #expect(plain.said == [said.compactMap { $0 }.joined(separator: " ")])
    plain.said = []
    plain.type("recent")
    #expect(plain.said.contains { $0.contains("34 56 78, \(result), 5 seconds") })
  }

  @Test func severalThatCouldNotBeTaken() {
    var plain = Plain()
    for id in ["r1", "r2", "r3"] {
      plain.tell(
        .line(
          .call(
            CallReport(
              .notEstablished, number: maria, call: id, direction: .in,
              reason: Reason("busy", code: 486), kind: .notTaken))))
    }
    #expect(plain.said == ["Could not be taken: busy (486), +34612345678."])
    plain.said = []
    plain.type("recent")
    #expect(plain.said.contains { $0.hasSuffix("3 could not be taken: last busy (486).") })
  }

  @Test func whoTalksNowAndHoldThere() {
    var plain = Plain()
    plain.call(.ringing, "1001", id: "a", .in, "Anna")
    plain.call(.talking, "1001", id: "a", .in)
    plain.said = []
    plain.tell(.line(.party(call: "a", Party(number: maria, name: "María López"))))
    plain.tell(.line(.farHold(call: "a", true)))
    plain.wait(3)
    plain.type("status")
    plain.tell(.line(.farHold(call: "a", false)))
    #expect(plain.said.first == "Now talking to María López, +34 612 34 56 78.")
    #expect(plain.said[1] == "the far end holds the call.")
    #expect(
      plain.said.contains {
        $0.contains(
          "Talking to María López, +34 612 34 56 78, 3 seconds, on hold there for 3 seconds.")
      })
    #expect(plain.said.last == "the far end is back.")
  }

  @Test func whomTheCallerWanted() {
    var plain = Plain()
    plain.tell(
      .line(
        .call(
          CallReport(
            .ringing, number: maria, call: "a", direction: .in,
            called: Party(number: "1800", name: "Sales")))))
    #expect(
      plain.said == ["Incoming: +34 612 34 56 78, for Sales, 1800. answer or reject?"])
  }

  @Test func aWarningOfACall() {
    var plain = Plain()
    plain.call(.ringing, "1001", id: "a", .in)
    plain.call(.talking, "1001", id: "a", .in)
    plain.said = []
    plain.tell(.line(.remark(call: "a", .warning, "you hear nothing")))
    plain.tell(.line(.remark(call: "a", .info, "200 packets")))
    plain.tell(.line(.remark(call: "a", .cleared, "sound comes again")))
    #expect(plain.said == ["line: you hear nothing", "line: sound comes again"])
    plain.call(.ended, "1001", id: "a", .in)
    plain.said = []
    plain.tell(.line(.remark(call: "a", .warning, "you hear nothing")))
    #expect(plain.said.isEmpty)
  }

  // MARK: JSON

  private struct Reader {
    var desk = Desk(
      settings: .init(line: "sip", account: "1001"), at: Instant(uptime: 0, unix: 0))
    var facts = JSONFacts()
    let now = Instant(uptime: 5_000_000_000, unix: 1_763_906_400_007)

    init() {
      tell(.line(.started))
      tell(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    }

    @discardableResult
    mutating func tell(_ event: DeskEvent) -> [JSONValue] {
      desk.handle(event, at: now).compactMap { effect in
        guard case .tell(let fact) = effect, let line = facts.line(fact, desk, at: now) else {
          return nil
        }
        return try? JSONReader.read(line.dropLast())
      }
    }
  }

  @Test func recordsOfCalls() throws {
    var reader = Reader()
    let lines = reader.tell(
      .line(
        .call(
          CallReport(
            .notEstablished, number: maria, call: "r1", direction: .in,
            reason: Reason("no common sound", code: 488, cause: 88), name: "María", kind: .notTaken,
            count: 4))))
    let record = try #require(lines.first { $0["type"]?.string == "record" })
    #expect(record["result"]?.string == "notTaken" && record["kind"]?.string == "notTaken")
    #expect(record["number"]?.string == "+34612345678" && record["name"]?.string == "María")
    #expect(record["code"]?.int == 488 && record["cause"]?.int == 88 && record["count"]?.int == 4)
    #expect(record["call"]?.string == "r1" && record["direction"]?.string == "in")
    #expect(record["began"]?.string == "2025-11-23T14:00:00.007Z" && record["answered"] == nil)
  }

  @Test func whatACallTells() throws {
    var reader = Reader()
    reader.tell(
      .line(.call(CallReport(.ringing, number: "1001", call: "a", direction: .in, name: "Anna"))))
    reader.tell(.line(.call(CallReport(.talking, number: "1001", call: "a", direction: .in))))
    let now = reader.tell(.line(.party(call: "a", Party(number: maria, name: nil))))
    #expect(now.first?["number"]?.string == "+34612345678")
    #expect(now.first?["first"]?["name"]?.string == "Anna" && now.first?["name"] == nil)
    #expect(now.first?["first"]?["number"]?.string == "1001" && now.first?["farHeld"] == nil)
    let held = reader.tell(.line(.farHold(call: "a", true)))
    #expect(held.first?["farHeld"]?.bool == true)
    let warned = reader.tell(.line(.remark(call: "a", .warning, "you hear nothing")))
    #expect(warned.first?["call"]?.string == "a" && warned.first?["from"]?.string == "line")
    reader.tell(.line(.call(CallReport(.ringing, number: "7", call: "b", direction: .in))))
    let gone = reader.tell(
      .line(
        .call(
          CallReport(
            .notEstablished, number: "7", call: "b", direction: .in,
            reason: Reason("answered by a colleague", cause: 26), kind: .answeredElsewhere))))
    let end = try #require(gone.first { $0["type"]?.string == "call" })
    #expect(end["kind"]?.string == "answeredElsewhere" && end["cause"]?.int == 26)
  }
}
