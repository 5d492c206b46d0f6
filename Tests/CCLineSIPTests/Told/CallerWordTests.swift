// Who calls, from all that a message says of it together.

import CCCore
import Testing

@testable import CCLineSIP

@Suite struct CallerWordTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var from = "<sip:9@pbx>;tag=1"
    var asserted: [String] = []
    var remote: [String] = []
    var privacy: [String] = []
    var number: String
    var name: String?

    var testDescription: String { "\(from) \(asserted) \(remote) \(privacy)" }
  }

  static let nora = "\"Nora Field\" <sip:300@pbx>;tag=1"

  @Test(arguments: [
    Case(from: nora, asserted: ["<sip:300@pbx>"], number: "300", name: "Nora Field"),
    Case(
      remote: ["\"Bob Hill\" <sip:300@pbx>;party=calling;privacy=off"], number: "300",
      name: "Bob Hill"),
    Case(from: nora, asserted: ["\"Bob\" <sip:400@pbx>"], number: "400", name: "Bob"),
    Case(
      from: nora, asserted: ["<sip:400@pbx>"], remote: ["\"Bob\" <sip:500@pbx>"], number: "400",
      name: "Bob"),
    // Several identities, in one header and in two.
    Case(
      asserted: ["\"Nora\" <sip:nora.field@pbx>, <tel:+44-20-7946-0123>"], number: "+442079460123",
      name: "Nora"),
    Case(
      asserted: ["<tel:+442079460123;phone-context=x>", "\"Nora, F.\" <sip:nora@pbx>"],
      number: "+442079460123", name: "Nora, F."),
    Case(asserted: ["sip:300@pbx"], number: "300", name: nil),
    Case(asserted: ["tel:300"], number: "300", name: nil),
    Case(
      asserted: ["<sip:+1-212-555-0101@gw;user=phone>"], number: "+12125550101", name: nil),
    Case(from: "\"Nora\" <sip:nora@pbx>", number: "nora", name: "Nora"),
    // Folded, quoted, escaped, encoded.
    Case(from: "\"Nora\r\n  Field\"\r\n\t<sip:300@pbx>", number: "300", name: "Nora Field"),
    Case(
      asserted: ["\"Nora \\\"the\\\" <Field>\" <sip:300@pbx>"], number: "300",
      name: "Nora \"the\" <Field>"),
    Case(asserted: ["Nora Field <sip:300@pbx>"], number: "300", name: "Nora Field"),
    Case(asserted: ["\"=?UTF-8?Q?N=C3=B6ra_F?=\" <sip:300@pbx>"], number: "300", name: "Nöra F"),
    Case(asserted: ["=?utf-8?B?TsO2cmE=?= <sip:300@pbx>"], number: "300", name: "Nöra"),
    Case(
      asserted: ["\"=?iso-8859-1?q?M=FCller?= =?UTF-8?q?_und_Sohn?=\" <sip:300@pbx>"],
      number: "300",
      name: "Müller und Sohn"),
    Case(asserted: ["\"=?x?y?z?=\" <sip:300@pbx>"], number: "300", name: "=?x?y?z?="),
    // A number in another form is no name, and neither is what a system writes where it knows none.
    Case(
      asserted: ["\"020 7946 0123\" <sip:+442079460123@pbx>"], number: "+442079460123", name: nil),
    Case(from: nora, asserted: ["\"300\" <sip:300@pbx>"], number: "300", name: "Nora Field"),
    Case(asserted: ["\"Outbound Call\" <sip:300@pbx>"], number: "300", name: nil),
    Case(from: nora, asserted: ["\"Unknown\" <sip:300@pbx>"], number: "300", name: "Nora Field"),
    // Privacy.
    Case(from: nora, asserted: ["<sip:300@pbx>"], privacy: ["id"], number: "", name: nil),
    Case(
      from: nora, asserted: ["<sip:300@pbx>"], privacy: ["none"], number: "300", name: "Nora Field"),
    Case(from: nora, privacy: ["user; id"], number: "", name: nil),
    Case(from: nora, privacy: ["id"], number: "300", name: "Nora Field"),
    Case(from: nora, remote: ["\"Bob\" <sip:300@pbx>;privacy=full"], number: "", name: nil),
    Case(from: nora, remote: ["\"Bob\" <sip:300@pbx>;privacy=full-network"], number: "", name: nil),
    Case(from: nora, remote: ["\"Bob\" <sip:300@pbx>;privacy=uri"], number: "", name: nil),
    Case(from: nora, remote: ["\"Bob\" <sip:300@pbx>;privacy=name"], number: "300", name: nil),
    Case(from: nora, remote: ["\"Bob\" <sip:300@pbx>"], privacy: ["id"], number: "", name: nil),
    Case(
      from: nora, asserted: ["\"Anonymous\" <sip:anonymous@anonymous.invalid>"], number: "",
      name: nil),
    // Garbage is as if it were not there.
    Case(from: nora, asserted: ["garbage", "<sip:>", "\"x"], number: "300", name: "Nora Field"),
    Case(
      from: nora, asserted: [String(repeating: "<sip:1@a>,", count: 900)], number: "300",
      name: "Nora Field"),
  ])
  func together(_ each: Case) {
    let caller = Caller(
      from: each.from, asserted: each.asserted, remoteParty: each.remote, privacy: each.privacy)
    #expect(caller.number == each.number && caller.name?.string == each.name)
  }

  @Test func inTheMiddleOfACall() {
    func now(
      _ asserted: [String], from: String? = nil, remote: [String] = [], _ privacy: [String] = []
    )
      -> Party?
    {
      Caller(changedTo: from, asserted: asserted, remoteParty: remote, privacy: privacy)?.party
    }
    #expect(now([]) == nil && now(["garbage"]) == nil && now([], ["id"]) == nil)
    #expect(now(["\"Nora\" <sip:300@pbx>"]) == Party(number: "300", name: "Nora"))
    #expect(now([], remote: ["<sip:300@pbx>;party=called"]) == Party(number: "300", name: nil))
    #expect(now([], from: "\"Nora\" <sip:300@pbx>") == Party(number: "300", name: "Nora"))
    #expect(now(["<sip:300@pbx>"], ["id"]) == Party(number: "", name: nil))
    #expect(now(["<sip:anonymous@anonymous.invalid>"]) == Party(number: "", name: nil))
  }

  @Test(
    arguments: [
      ("<sip:1001@pbx>", [], [], [], nil, nil), ("<sip:7000@pbx>", [], [], [], "7000", nil),
      ("\"Sales\" <sip:7000@pbx>", [], [], [], "7000", "Sales"),
      (
        "<sip:1001@pbx>", ["\"Second\" <sip:2@pbx>;reason=no-answer, \"Sales\" <tel:+44-20-1>"], [],
        [],
        "+44201", "Sales"
      ),
      ("<sip:1001@pbx>", ["<sip:2@pbx>;privacy=full"], [], [], nil, nil),
      ("<sip:1001@pbx>", [], ["<sip:7000@pbx>;index=1, <sip:1001@pbx>;index=1.1"], [], "7000", nil),
      ("<sip:1001@pbx>", [], [], ["<sip:7001@pbx>"], "7001", nil),
      ("garbage", ["garbage"], ["x"], [""], nil, nil),
      ("<sip:anonymous@anonymous.invalid>", [], [], [], nil, nil),
    ] as [(String, [String], [String], [String], String?, String?)])
  func whoWasCalled(
    _ to: String, _ diversion: [String], _ history: [String], _ called: [String],
    _ number: String?, _ name: String?
  ) {
    let party = CalledParty.read(
      to: to, account: "1001", diversion: diversion, history: history, called: called)
    #expect(party?.number?.string == number && party?.name?.string == name)
  }

  @Test(
    arguments: [
      (["<sip:x@pbx>;answer-after=0"], [], [], 0), ([";answer-after=5"], [], [], 5),
      (["answer-after=0"], [], [], 0),
      (["<http://x>;purpose=icon, <sip:x>;Answer-After=\"2\""], [], [], 2),
      (["<sip:x>;answer-after=61"], [], [], nil), (["<sip:x>;answer-after=-1"], [], [], nil),
      (["<sip:x;answer-after=0>"], [], [], nil),
      ([], ["<http://x>;info=alert-autoanswer;delay=3"], [], 3),
      ([], [";info=\"Auto Answer\""], [], 0), ([], ["<http://x>;info=alert-group"], [], nil),
      ([], [], ["Auto"], 0), ([], [], ["Auto;require"], 0), ([], [], ["Manual"], nil),
      ([], [], [], nil),
    ] as [([String], [String], [String], Int?)])
  func whatIsToBeTakenByItself(
    _ callInfo: [String], _ alertInfo: [String], _ mode: [String], _ seconds: Int?
  ) {
    #expect(
      AnswerAfter.seconds(callInfo: callInfo, alertInfo: alertInfo, answerMode: mode) == seconds)
  }
}
