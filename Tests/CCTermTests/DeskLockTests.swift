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
