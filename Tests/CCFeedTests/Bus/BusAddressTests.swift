// Where a bus is, as people write it.

import CCFeed
import Testing

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
}
