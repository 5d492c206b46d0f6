// The token service's rules: hashes, the list of agents, the door.

import CCCloud
import CCCore
import Testing

@Suite struct SecretHashTests {
  @Test("a secret is known again, another one is not, and two hashes differ")
  func hashes() throws {
    let secret = Secret("correct horse battery")
    let hash = try #require(SecretHash.make(secret, cost: 10))
    #expect(hash.matches(secret))
    #expect(!hash.matches(Secret("correct horse batterz")))
    #expect(!hash.matches(Secret("")))
    #expect(SecretHash.make(secret, cost: 10) != hash)
    #expect(!hash.text.contains("horse"))
    #expect(SecretHash(hash.text) == hash)
  }

  /// RFC 7914, section 12: N=16384, r=8, p=1, of whose 64 bytes ours are the first 32.
  @Test("the vector of RFC 7914")
  func vector() throws {
    let text =
      "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofI"
    let known = try #require(SecretHash(text))
    #expect(known.matches(Secret("pleaseletmein")))
    #expect(!known.matches(Secret("pleaseletmeout")))
    #expect(known.text == text)
  }

  @Test(
    "what is no hash, or costs too much, is refused",
    arguments: [
      "", "$", "$scrypt$ln=14,r=8,p=1$$", "$scrypt$ln=30,r=8,p=1$c2FsdHNhbHQ$AAAA",
      "$argon2$x$y$z", "$scrypt$ln=14,r=8,p=1$c2FsdHNhbHQ$AAAA",
    ])
  func refused(text: String) { #expect(SecretHash(text) == nil) }

  @Test("new secrets differ and are long")
  func fresh() throws {
    let one = try #require(SecretHash.newSecret())
    let two = try #require(SecretHash.newSecret())
    #expect(one != two)
    #expect(one.revealed.count == 32)
  }
}

@Suite struct AgentListTests {
  @Test("written and read it is the same; a broken line is named")
  func roundTrip() throws {
    let hash = try #require(SecretHash.make(Secret("x"), cost: 10))
    var list = AgentList()
    list.put(ServiceAgent(name: "liwei", account: "0705C245_001", hash: hash))
    list.put(ServiceAgent(name: "ana@red", account: "0705C245_002", hash: hash))
    #expect(try AgentList(list.text) == list)
    #expect(list.holder(of: "0705C245_002")?.name == "ana@red")
    let removed = list.remove("liwei")
    #expect(removed && list["liwei"] == nil)
    for (text, line) in [("\nx:y", 2), ("a b:c:\(hash.text)", 1), ("a:b:$scrypt$", 1)] {
      do throws(AgentList.Wrong) {
        _ = try AgentList(text)
        Issue.record("it was read: \(text)")
      } catch { #expect(error.line == line) }
    }
    #expect(throws: AgentList.Wrong.self) { try AgentList(list.text + list.text) }
  }
}

@Suite struct TokenDoorTests {
  private let second = Instant.second
  private var limits: TokenDoor.Limits {
    var limits = TokenDoor.Limits()
    limits.addressPerMinute = 6
    limits.agentPerMinute = 100
    limits.failures = 3
    limits.addresses = 10
    return limits
  }

  @Test("an address may ask so often and no more, and again later")
  func addresses() {
    var door = TokenDoor(limits)
    for _ in 0..<6 { #expect(door.knock(agent: nil, address: "a", at: 0) == .look) }
    #expect(door.knock(agent: nil, address: "a", at: 0) == .wait(10))
    #expect(door.knock(agent: nil, address: "b", at: 0) == .look)
    #expect(door.knock(agent: nil, address: "a", at: 9 * second) == .wait(1))
    #expect(door.knock(agent: nil, address: "a", at: 10 * second) == .look)
  }

  @Test("wrong secrets in a row lock, ever longer; a right one opens a new count")
  func locks() {
    var limits = limits
    limits.addressPerMinute = 1000
    var door = TokenDoor(limits)
    var now: Int64 = 0
    func fail(_ door: inout TokenDoor) -> Int? {
      #expect(door.knock(agent: "li", address: "a", at: now) == .look)
      return door.refused(agent: "li", at: now)
    }
    #expect([fail(&door), fail(&door), fail(&door)] == [nil, nil, 60])
    #expect(door.knock(agent: "li", address: "b", at: now + 59 * second) == .locked(1))
    now += 60 * second
    #expect([fail(&door), fail(&door), fail(&door)] == [nil, nil, 120])
    now += 120 * second
    #expect(door.knock(agent: "li", address: "a", at: now) == .look)
    door.welcomed(agent: "li")
    #expect([fail(&door), fail(&door), fail(&door)] == [nil, nil, 60])
    door.forget(["li"])
    #expect(door.knock(agent: "li", address: "a", at: now) == .look)
  }

  @Test("locks end, and never last longer than the longest")
  func longest() {
    var limits = limits
    limits.failures = 1
    limits.addressPerMinute = 1000
    var door = TokenDoor(limits)
    var now: Int64 = 0
    var lock = 0
    for _ in 0..<20 {
      _ = door.knock(agent: "li", address: "a", at: now)
      lock = door.refused(agent: "li", at: now) ?? 0
      now += Int64(lock) * second
    }
    #expect(lock == 3600)
  }

  @Test("what it remembers of strangers is bounded")
  func bounded() {
    var door = TokenDoor(limits)
    for index in 0..<1000 {
      _ = door.knock(agent: nil, address: "\(index)", at: Int64(index))
      _ = door.refused(agent: "nobody\(index)", at: 0)
    }
    #expect(door.remembered == 10)
  }
}
