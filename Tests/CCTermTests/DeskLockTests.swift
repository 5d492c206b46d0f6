// One account, one desk: whatever the account is called, and however it is written.

import CCTestSupport
import Foundation
import Testing

@testable import CCTerm

@Suite struct DeskLockTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  private func keys(_ line: String, _ options: [String]) throws -> Set<String> {
    let configuration = try Configuration.load(system: nil, user: nil, options: options)
    return Set(DeskIdentity.all(try LineChoice(line), configuration).map(\.key))
  }

  private static let account = ["sip.account=1001", "sip.registrar=pbx.example"]

  /// Forms of one account; nothing else is the same.
  @Test(arguments: [
    ["sip.account=1001", "sip.registrar=PBX.Example"],
    ["sip.account=1001", "sip.registrar=pbx.example:5060"],
    ["sip.account=1001", "sip.registrar=pbx.example:5061", "sip.transport=tls"],
    ["sip.account=1001", "sip.registrar=pbx.example."],
    ["sip.account=1001@pbx.example", "sip.registrar=pbx.example"],
    ["sip.account=1001@PBX.EXAMPLE", "sip.registrar=pbx.example"],
    ["sip.account=sip:1001@pbx.example", "sip.registrar=pbx.example"],
    ["sip.account=SIP:1001", "sip.registrar=sip:pbx.example"],
    ["sip.account=%31001", "sip.registrar=pbx.example"],
    ["sip.account=sips:%31%30%30%31@pbx.example", "sip.registrar=pbx.example"],
    ["sip.account=1001;user=phone", "sip.registrar=pbx.example"],
    ["sip.account=sip:1001@pbx.example;transport=tls?x=y", "sip.registrar=pbx.example"],
    // Wherever it is registered: the domain is whose the account is.
    ["sip.account=1001@pbx.example", "sip.registrar=sbc.example"],
    ["sip.account=1001@pbx.example", "sip.registrar=192.0.2.7:5070"],
    ["sip.account=1001", "sip.domain=pbx.example.", "sip.registrar=b.example, 192.0.2.7"],
    ["sip.account=1001", "sip.domain=pbx.example", "sip.registrar=pbx.example"],
    ["sip.account=1001@other.example", "sip.domain=Pbx.example", "sip.registrar=pbx.example"],
    ["sip.account=1001", "sip.domain=pbx.example", "sip.registrar=b.example, pbx.example"],
    ["sip.account=1001", "sip.registrar=pbx.example", "desk.account=Ana Ruiz"],
    ["sip.account=1001", "sip.registrar=pbx.example", "sip.transport=udp"],
    ["sip.account=1001", "sip.registrar=pbx.example", "token.from=command", "token.command=x"],
  ])
  func formsOfOneAccount(_ options: [String]) throws {
    let own = try keys("sip", Self.account)
    for line in ["sip", "exec:ccterm-line-sip", "exec:ssh my-pc ccterm line sip"] {
      #expect(!own.isDisjoint(with: try keys(line, options)), "\(line) \(options)")
    }
  }

  @Test(arguments: [
    ["sip.account=1002", "sip.registrar=pbx.example"],
    ["sip.account=1001", "sip.registrar=other.example"],
    ["sip.account=1001", "sip.registrar=pbx.example:5070"],
    ["sip.account=1001@other.example", "sip.registrar=pbx.example"],
    ["sip.account=1001", "sip.domain=other.example", "sip.registrar=pbx.example"],
    ["sip.account=1001@192.0.2.7", "sip.registrar=pbx.example"],
    ["sip.account=1001@localhost", "sip.registrar=pbx.example"],
    ["sip.account=1001;phone-context=a.example", "sip.registrar=pbx.example"],
    ["sip.account=1001%20", "sip.registrar=pbx.example"],
  ])
  func otherAccounts(_ options: [String]) throws {
    #expect(
      try keys("sip", Self.account).isDisjoint(with: try keys("sip", options)), "\(options)")
    let same = try keys("sip", Self.account + ["desk.account=x"])
    #expect(same == (try keys("sip", Self.account + ["desk.account=y"])))
  }

  @Test func addressesHaveOneSpelling() throws {
    let forms = ["[::1]", "[::1]:5060", "::1", "[0:0:0:0:0:0:0:1]"].map {
      ["sip.account=1001", "sip.registrar=\($0)"]
    }
    #expect(Set(try forms.map { try keys("sip", $0) }).count == 1)
    for forms in [
      [
        "192.0.2.7", "::ffff:192.0.2.7", "[::ffff:c000:207]", "0xc0.0.2.7", "192.0.519",
        "3221225991",
      ],
      ["[2001:db8::7]", "2001:DB8:0::7", "[2001:0db8::0007]:5060"],
      [
        "localhost", "LOCALHOST.", "127.0.0.1", "127.1", "0x7f.1", "0177.0.0.1", "2130706433",
        "[::1]",
        "::ffff:127.0.0.1", "ip6-localhost", "localhost.localdomain", "pbx.localhost", "0.0.0.0",
        "[::]",
      ],
    ] {
      let found = try forms.map { try keys("sip", ["sip.account=1001", "sip.registrar=\($0)"]) }
      #expect(Set(found).count == 1, "\(zip(forms, found).map { "\($0): \($1)" })")
    }
    // Others are others.
    let others = [
      "127.0.0.2", "127.0.0.1:5070", "[::1]:5080", "192.0.2.7", "192.0.2.71", "192.0.2.8", "[::2]",
      "[::ffff:192.0.2.9]", "local.host", "host", "notlocalhost", "10.1", "10.0.0.2",
    ]
    #expect(
      Set(try others.map { try keys("sip", ["sip.account=1001", "sip.registrar=\($0)"]) }).count
        == others.count)
  }

  /// Two machines in a row are one account, in whatever order they are asked.
  @Test func theOrderOfRegistrarsMakesNoOtherAccount() throws {
    let one = try keys("sip", ["sip.account=1001", "sip.registrar=a.example, b.example"])
    let two = try keys("sip", ["sip.account=1001", "sip.registrar=b.example:5060 a.example"])
    #expect(one == two && one.count == 2)
  }

  /// A domain that every machine has is one at each registrar.
  @Test func aDomainOfThisMachineIsNoNameForTheWorld() throws {
    let found = try ["a.example", "b.example"].map {
      try keys("sip", ["sip.account=1001@localhost", "sip.registrar=\($0)"])
    }
    #expect(found[0].isDisjoint(with: found[1]))
  }

  @Test func capitalLettersOfAUserAreOthers() throws {
    for (user, other) in [("ana", "Ana"), ("%61na", "Ana"), ("%E4", "%F6"), ("a%2541", "aA")] {
      let found = try [user, other].map {
        try keys("sip", ["sip.account=\($0)", "sip.registrar=pbx.example"])
      }
      #expect(found[0].isDisjoint(with: found[1]), "\(user) \(other)")
    }
  }

  @Test func theSDKGoesByWhereItsTokenComesFrom() throws {
    let one = ["token.from=url", "token.url=https://cc.example/t", "token.user=li"]
    #expect(try keys("sdk", one + ["desk.account=a"]) == keys("sdk", one + ["desk.account=b"]))
    #expect(try keys("sdk", one) == keys("exec:ccterm-line-sdk", one))
    #expect(try keys("sdk", one) != keys("sdk", one + ["token.user=ana"]))
    #expect(try keys("sdk", ["token.from=file", "token.file=/a"]) != keys("sdk", one))
  }

  @Test func anotherCommandIsTheSameInOtherWords() throws {
    #expect(try keys("exec:/bin/cat  -u", []) == keys("exec:'/bin/cat' -u", []))
    #expect(try keys("exec:/bin/cat -u", []) == keys("exec:/bin/../bin/cat -u", []))
    #expect(try keys("exec:/bin/cat -u", []) != keys("exec:/bin/cat -v", []))
    #expect(try keys("exec:a", ["desk.account=1001"]) != keys("exec:a", ["desk.account=1002"]))
    #expect(try keys("demo", []).isEmpty && keys("replay:x", []).isEmpty)
  }

  /// Two desks at work: the second one is told of the first, under any other name.
  @Test func theSecondDeskIsTurnedAway() throws {
    let port = Ports.free()
    let one = [
      "--json", "--line", "sip", "-c", "sip.account=1001", "-c", "sip.registrar=127.0.0.1:\(port)",
    ]
    let first = try Running(one + ["-c", "desk.account=Ana"], in: sandbox)
    #expect(
      first.wait(for: ["type": "link", "state": "connecting"]) || first.wait(for: ["type": "link"]))
    for other in [["-c", "desk.account=Ben"], ["-c", "sip.account=sip:1001@127.0.0.1"]] {
      let second = try Running.once(one + other, in: sandbox)
      #expect(second.code == 1, "\(other): \(second.errors)")
      #expect(second.errors.contains("a desk for sip 1001@127.0.0.1 runs already, since "))
    }
  }
}
