// Where a bus is, as people write it.

import Testing

@testable import CCFeed

@Suite struct BusAddressTests {
  @Test(arguments: [
    ("mqtt://broker", "mqtt://broker:1883"),
    ("mqtts://broker", "mqtts://broker:8883"),
    ("mqtts://broker:443/", "mqtts://broker:443"),
    ("mqtt://a,b:1884,127.0.0.1", "mqtt://a:1883,b:1884,127.0.0.1:1883"),
    ("mqtts://[::1],[2001:db8::7]:8884", "mqtts://[::1]:8883,[2001:db8::7]:8884"),
    ("mqtt://[fe80::1%eth0]", "mqtt://[fe80::1%eth0]:1883"),
  ])
  func theseAre(text: String, meaning: String) throws {
    #expect(try BusAddress(text).description == meaning)
    #expect(try BusAddress(meaning).description == meaning)
    #expect(try BusAddress(text).isSecure == text.hasPrefix("mqtts"))
  }

  @Test(arguments: [
    ("", "mqtt://HOST"), ("broker", "mqtt://HOST"), ("http://broker", "mqtt://HOST"),
    ("mqtt://", "lacks a host"), ("mqtt://a,,b", "lacks a host"), ("mqtt://:1883", "lacks a host"),
    ("mqtt://user:hush@broker", "holds no user"), ("mqtt://a b", "no host"),
    ("mqtt://a/path", "no host"), ("mqtt://b\u{1B}[2J", "no host"), ("mqtt://::1", "stands in [ ]"),
    ("mqtt://[::1", "without its ]"), ("mqtt://[broker]", "IPv6"), ("mqtt://a:0", "1 to 65535"),
    ("mqtt://a:65536", "1 to 65535"), ("mqtt://a:+1", "1 to 65535"), ("mqtt://a:", "1 to 65535"),
    ("mqtt://[::1]8883", "1 to 65535"),
    ("mqtt://" + Array(repeating: "a", count: 17).joined(separator: ","), "at most 16"),
  ])
  func theseAreNot(text: String, words: String) {
    do throws(BusAddress.Refusal) {
      let address = try BusAddress(text)
      Issue.record("\(address) is no address")
    } catch {
      #expect(error.sentence.contains(words), "\(error.sentence)")
      #expect(!error.sentence.contains("hush") && !error.sentence.contains("\u{1B}"))
    }
  }

  @Test func boundsFromBothSides() throws {
    let name = String(repeating: "x", count: 253)
    #expect(try BusAddress("mqtt://\(name)").hosts == [.init(name: name, port: 1883)])
    #expect(throws: BusAddress.Refusal.self) { _ = try BusAddress("mqtt://\(name)x") }
    let names = Array(repeating: "a", count: BusAddress.most)
    #expect(BusAddress.most == 16)
    #expect(try BusAddress("mqtt://" + names.joined(separator: ",")).hosts.count == 16)
    for port in [1, 2, 65_534, 65_535] as [UInt16] {
      #expect(try BusAddress("mqtt://a:\(port)").hosts == [.init(name: "a", port: port)])
      #expect(try BusAddress("mqtt://[::1]:\(port)").hosts == [.init(name: "::1", port: port)])
    }
    for port in ["٣", "1 ", " 1", "-1", "1:2", "0", "00"] {
      #expect(throws: BusAddress.Refusal.self) { _ = try BusAddress("mqtt://a:\(port)") }
      #expect(throws: BusAddress.Refusal.self) { _ = try BusAddress("mqtt://[::1]:\(port)") }
    }
  }

  /// What a name may be made of, and every ASCII sign that it may not.
  @Test func signsOfAName() {
    let letters = "abcdefghijklmnopqrstuvwxyz"
    let allowed = Set(letters + letters.uppercased() + "0123456789-._")
    for value in 0x20...0x7E {
      let sign = Character(Unicode.Scalar(UInt8(value)))
      // These have a meaning of their own.
      guard !"@,:/[".contains(sign) else { continue }
      let isHost =
        (try? BusAddress("mqtt://a\(sign)b").hosts) == [.init(name: "a\(sign)b", port: 1883)]
      #expect(isHost == allowed.contains(sign), "\(sign)")
      guard sign != "]" else { continue }
      let isAddress = (try? BusAddress("mqtt://[::\(sign)b]")) != nil
      #expect(isAddress == (allowed.contains(sign) || sign == "%"), "[\(sign)]")
    }
    #expect((try? BusAddress("mqtt://a/")) != nil && (try? BusAddress("mqtt://a//")) == nil)
  }

  @Test func whatNeverLeavesThisMachine() throws {
    #expect(try BusAddress("mqtt://127.0.0.1,localhost,[::1]").isThisMachine)
    #expect(try !BusAddress("mqtt://127.0.0.1,broker.example").isThisMachine)
  }
}
