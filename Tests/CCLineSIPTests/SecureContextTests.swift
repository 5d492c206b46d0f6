// Encrypted packets: against the vectors of RFC 3711, against libre's own, and against strangers.

import CLibre
import Testing

@testable import CCLineSIP

@Suite struct SecureContextTests {
  private static func hexadecimal(_ text: String) -> [UInt8] {
    stride(from: 0, to: text.count, by: 2).map { place in
      let start = text.index(text.startIndex, offsetBy: place)
      return UInt8(text[start..<text.index(start, offsetBy: 2)], radix: 16) ?? 0
    }
  }

  private static let master = hexadecimal(
    "E1F97A0D3E018BE0D64FA32C06DE41390EC675AD498AFEEBB6960B3AABE6")
  static let key = SoundKey(suite: .long, master: master)

  /// A packet of sound in a buffer, with what stands around it.
  static func packet(
    _ number: UInt16, source: UInt32 = 7, fill: UInt8 = 0xD5, sources: Int = 0,
    extends: Bool = false
  ) -> [UInt8] {
    var bytes: [UInt8] = [0x80 | UInt8(sources) | (extends ? 0x10 : 0), 0]
    bytes += [UInt8(number >> 8), UInt8(number & 255), 0, 0, 0, 1]
    bytes += (0..<4).map { UInt8(truncatingIfNeeded: source >> (24 - 8 * $0)) }
    bytes += [UInt8](repeating: 9, count: 4 * sources)
    if extends { bytes += [0xBE, 0xDE, 0, 1, 1, 2, 3, 4] }
    return bytes + [UInt8](repeating: fill, count: 160)
  }

  /// Runs a body over the bytes in a buffer of libre's; what they became, or nil if it said no.
  static func over(
    _ bytes: [UInt8], _ body: (UnsafeMutablePointer<mbuf>) -> Bool
  ) -> [UInt8]? {
    guard let buffer = mbuf_alloc(bytes.count + 64) else { return nil }
    defer { mem_deref(buffer) }
    // As a packet stands in one: something is before it.
    mbuf_write_mem(buffer, [1, 2, 3, 4], 4)
    mbuf_write_mem(buffer, bytes, bytes.count)
    mbuf_set_pos(buffer, 4)
    guard body(buffer) else { return nil }
    return Array(UnsafeBufferPointer(start: mbuf_buf(buffer), count: mbuf_get_left(buffer)))
  }

  private func sealed(_ context: SecureContext, _ bytes: [UInt8]) throws -> [UInt8] {
    try #require(Self.over(bytes) { context.seal($0) })
  }

  private func opened(_ context: SecureContext, _ bytes: [UInt8]) -> [UInt8]? {
    Self.over(bytes) { context.open($0) }
  }

  @Test func keysAsInRFC3711() {
    let derived: [(UInt8, Int, String)] = [
      (0, 16, "C61E7A93744F39EE10734AFE3FF7A087"), (2, 14, "30CBBC08863D8C85D49DB34A9AE1"),
      (1, 20, "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"),
    ]
    for (label, count, text) in derived {
      #expect(SessionKeys.derived(Self.master, label, count) == Self.hexadecimal(text))
    }
  }

  @Test(arguments: [CryptoAttribute.Suite.long, .short])
  func asLibreDoesIt(_ suite: CryptoAttribute.Suite) throws {
    let key = SoundKey(suite: suite, master: Self.master)
    let ours = try #require(SecureContext(key))
    let back = try #require(SecureContext(key))
    let (theirs, there) = (Slot(), Slot())
    for slot in [theirs, there] {
      #expect(
        srtp_alloc(
          slot.place,
          suite == .long ? SRTP_AES_CM_128_HMAC_SHA1_80 : SRTP_AES_CM_128_HMAC_SHA1_32,
          key.master, key.master.count, 0) == 0)
    }
    // Over the end of the numbers, two times.
    for step in 0..<70_000 where step % 7 == 0 || step % 65_536 < 3 {
      let number = UInt16(truncatingIfNeeded: 65_000 + step)
      let plain = Self.packet(number, sources: step % 3, extends: step % 2 == 0)
      let mine = try sealed(ours, plain)
      #expect(mine.count == plain.count + suite.tagBytes)
      #expect(mine == Self.over(plain) { srtp_encrypt(theirs.object, $0) == 0 })
      try #require(opened(back, mine) == plain)
      try #require(Self.over(mine) { srtp_decrypt(there.object, $0) == 0 } == plain)
    }
    guard suite == .long else { return }
    for length in [8, 28, 60] {
      let plain = [0x80, 200, 0, UInt8(length / 4 - 1)] + [UInt8](repeating: 5, count: length - 4)
      let mine = try #require(Self.over(plain) { ours.sealControl($0) })
      #expect(mine == Self.over(plain) { srtcp_encrypt(theirs.object, $0) == 0 })
      #expect(Self.over(mine) { back.openControl($0) } == plain)
      #expect(Self.over(mine) { back.openControl($0) } == nil)
    }
  }

  /// RFC 4568 section 6.2: the short suite is short for sound alone.
  @Test func controlIsSignedAtLength() throws {
    let key = SoundKey(suite: .short, master: Self.master)
    let (ours, theirs) = (try #require(SecureContext(key)), try #require(SecureContext(key)))
    let plain = [0x80, 200, 0, 6] + [UInt8](repeating: 5, count: 24)
    let mine = try #require(Self.over(plain) { ours.sealControl($0) })
    #expect(mine.count == plain.count + 4 + 10)
    #expect(Self.over(mine) { theirs.openControl($0) } == plain)
  }

  /// Packets of anybody: of many sources, of the far end's own with any number, before it and between.
  @Test func strangersMoveNothing() throws {
    let (far, here) = (try #require(SecureContext(Self.key)), try #require(SecureContext(Self.key)))
    func strangers() {
      for source in 1...40 as ClosedRange<UInt32> {
        for number in [0, 1, 0x7FFF, 0x8000, 0xFFFF] as [UInt16] {
          #expect(
            opened(here, Self.packet(number, source: source) + [UInt8](repeating: 0, count: 10))
              == nil)
        }
      }
      let control = [0x80, 200, 0, 6] + [UInt8](repeating: 5, count: 24 + 14)
      for source in 1...40 as ClosedRange<UInt8> {
        var bytes = control
        bytes[7] = source
        #expect(Self.over(bytes) { here.openControl($0) } == nil)
      }
    }
    strangers()
    for step in 0..<200 {
      let plain = Self.packet(UInt16(truncatingIfNeeded: 65_436 + step))
      let packet = try sealed(far, plain)
      if step % 20 == 0 { strangers() }
      try #require(opened(here, packet) == plain, "\(step)")
      // Again, as a stranger may have heard it.
      #expect(opened(here, packet) == nil)
    }
    let plain = [0x80, 200, 0, 6] + [UInt8](repeating: 5, count: 24)
    let control = try #require(Self.over(plain) { far.sealControl($0) })
    #expect(Self.over(control) { here.openControl($0) } == plain)
  }

  /// A far end that changes its source again and again, as telephone systems do.
  @Test func manySources() throws {
    let (far, here) = (try #require(SecureContext(Self.key)), try #require(SecureContext(Self.key)))
    for source in 1...100 as ClosedRange<UInt32> {
      for number in 0..<3 as Range<UInt16> {
        let plain = Self.packet(number, source: source)
        #expect(opened(here, try sealed(far, plain)) == plain)
      }
    }
  }

  @Test func whatIsCutOrOldIsNotOpened() throws {
    let (far, here) = (try #require(SecureContext(Self.key)), try #require(SecureContext(Self.key)))
    let packets = try (0..<100).map { try sealed(far, Self.packet(UInt16($0 + 10))) }
    #expect(opened(here, packets[99]) != nil)
    #expect(opened(here, packets[98]) != nil)
    #expect(opened(here, packets[36]) != nil)
    #expect(opened(here, packets[35]) == nil)
    for length in 0..<30 { #expect(opened(here, Array(packets[97].prefix(length))) == nil) }
    var changed = packets[97]
    for place in changed.indices {
      changed[place] ^= 1
      #expect(opened(here, changed) == nil)
      changed[place] ^= 1
    }
    #expect(opened(here, packets[97]) != nil)
  }

  /// The same key under another number is the same key; and one that comes back goes on where it stood.
  @Test func noKeyStreamTwice() throws {
    func attribute(_ tag: Int, _ fill: UInt8) -> CryptoAttribute {
      var attribute = CryptoAttribute(tag: tag, suite: .long)
      attribute.key = [UInt8](repeating: fill, count: 30)
      return attribute
    }
    let cipher = SoundCipher()
    #expect(cipher.use(ours: attribute(1, 1), theirs: attribute(1, 2)))
    var seen: Set<[UInt8]> = []
    for (step, (tag, ours)) in [(1, 1), (2, 1), (2, 3), (9, 1), (9, 3), (1, 1)].enumerated() {
      #expect(cipher.use(ours: attribute(tag, UInt8(ours)), theirs: attribute(tag, 2)))
      for number in [65_534, 65_535, 0, 1] as [UInt16] where step < 100 {
        let out = try #require(Self.over(Self.packet(number)) { cipher.seal($0, control: false) })
        #expect(seen.insert(Array(out[12..<172])).inserted, "\(step) \(number)")
      }
    }
  }
}
