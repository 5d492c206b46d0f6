// One key at work, for one direction of a call (SRTP and SRTCP, RFC 3711).

import CLibre

/// Seals packets with a key, or opens them.
///
/// libre's own keeps room for a source, and moves its counters, before it has looked at the signature: a few
/// packets of anybody would make a call deaf. Here nothing is kept of a packet that does not know the key.
final class SecureContext {
  let key: SoundKey
  private let sound: SessionKeys
  private let control: SessionKeys
  private var sent: [UInt32: (rounds: UInt32, last: UInt16)] = [:]
  private var sentControl: UInt32 = 0
  private var heard: [(source: UInt32, index: PacketIndex)] = []
  private var heardControl: [(source: UInt32, seen: SeenPackets)] = []

  /// A far end may have so many sources at a time; the one that was not heard for longest is forgotten.
  static let mostSources = 16
  /// Bytes of SRTCP's signature, whatever the suite (RFC 4568 section 6.2).
  private static let controlTag = 10
  /// Bytes of SRTCP's header that stay as they are, and of its index.
  private static let controlHead = 8

  /// nil where there is no memory.
  init?(_ key: SoundKey) {
    guard let sound = SessionKeys(key.master, for: .sound),
      let control = SessionKeys(key.master, for: .control)
    else { return nil }
    self.key = key
    self.sound = sound
    self.control = control
  }

  // MARK: Sound

  /// Encrypts and signs a packet; false where it is none, or there is no memory.
  func seal(_ packet: UnsafeMutablePointer<mbuf>) -> Bool {
    guard let head = RTPHead(packet.bytes) else { return false }
    var (rounds, last) = sent[head.source] ?? (0, head.number)
    if head.number < last, last - head.number > 0x8000 { rounds &+= 1 }
    let index = UInt64(rounds) << 16 | UInt64(head.number)
    guard sound.crypt(packet.bytes(from: head.length), source: head.source, index: index),
      let signature = sound.sign(Array(packet.bytes) + Self.bytes(of: rounds))
    else { return false }
    last = head.number
    sent[head.source] = (rounds, last)
    return packet.append(signature.prefix(key.suite.tagBytes))
  }

  /// Opens a packet in place; false if it does not know the key, or came before.
  func open(_ packet: UnsafeMutablePointer<mbuf>) -> Bool {
    let tag = key.suite.tagBytes
    guard let head = RTPHead(packet.bytes), packet.bytes.count >= head.length + tag else {
      return false
    }
    let known = heard.firstIndex { $0.source == head.source }
    var index = known.map { heard[$0].index } ?? PacketIndex(first: head.number)
    guard let number = index.guess(head.number) else { return false }
    let signed = packet.bytes.dropLast(tag)
    let rounds = UInt32(truncatingIfNeeded: number >> 16)
    guard sound.verifies(Array(signed) + Self.bytes(of: rounds), packet.bytes.suffix(tag)),
      index.accept(number)
    else { return false }
    if let known { heard.remove(at: known) }
    heard = heard.suffix(Self.mostSources - 1) + [(head.source, index)]
    packet.drop(tag)
    return sound.crypt(packet.bytes(from: head.length), source: head.source, index: number)
  }

  // MARK: Control

  /// The same for a packet of RTCP.
  func sealControl(_ packet: UnsafeMutablePointer<mbuf>) -> Bool {
    guard let source = Self.controlSource(packet) else { return false }
    let index = (sentControl &+ 1) & 0x7FFF_FFFF
    guard
      control.crypt(packet.bytes(from: Self.controlHead), source: source, index: UInt64(index)),
      packet.append(Self.bytes(of: index | 0x8000_0000)),
      let signature = control.sign(Array(packet.bytes))
    else { return false }
    sentControl = index
    return packet.append(signature.prefix(Self.controlTag))
  }

  /// The same for a packet of RTCP.
  func openControl(_ packet: UnsafeMutablePointer<mbuf>) -> Bool {
    guard let source = Self.controlSource(packet),
      packet.bytes.count >= Self.controlHead + 4 + Self.controlTag,
      control.verifies(
        Array(packet.bytes.dropLast(Self.controlTag)), packet.bytes.suffix(Self.controlTag))
    else { return false }
    packet.drop(Self.controlTag)
    let word = packet.bytes.suffix(4).reduce(0) { $0 << 8 | UInt32($1) }
    let known = heardControl.firstIndex { $0.source == source }
    var seen = known.map { heardControl[$0].seen } ?? SeenPackets()
    guard seen.take(UInt64(word & 0x7FFF_FFFF)) else { return false }
    if let known { heardControl.remove(at: known) }
    heardControl = heardControl.suffix(Self.mostSources - 1) + [(source, seen)]
    packet.drop(4)
    // The highest bit says whether it is encrypted at all.
    guard word & 0x8000_0000 != 0 else { return true }
    return control.crypt(
      packet.bytes(from: Self.controlHead), source: source, index: UInt64(word & 0x7FFF_FFFF))
  }

  private static func controlSource(_ packet: UnsafeMutablePointer<mbuf>) -> UInt32? {
    guard packet.bytes.count >= controlHead else { return nil }
    return packet.bytes[4..<8].reduce(0) { $0 << 8 | UInt32($1) }
  }

  private static func bytes(of number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
  }
}

/// What of a packet of sound is not encrypted (RFC 3550 section 5.1).
struct RTPHead: Hashable {
  var number: UInt16
  var source: UInt32
  /// Its bytes, with sources and extension.
  var length: Int

  /// Reads one; nil if it is none, or cut.
  init?(_ bytes: some RandomAccessCollection<UInt8>) {
    func byte(_ place: Int) -> UInt8 { bytes[bytes.index(bytes.startIndex, offsetBy: place)] }
    guard bytes.count >= 12, byte(0) >> 6 == 2 else { return nil }
    var length = 12 + 4 * Int(byte(0) & 15)
    if byte(0) & 0x10 != 0 {
      guard bytes.count >= length + 4 else { return nil }
      length += 4 + 4 * (Int(byte(length + 2)) << 8 | Int(byte(length + 3)))
    }
    guard bytes.count >= length else { return nil }
    number = UInt16(byte(2)) << 8 | UInt16(byte(3))
    source = (8..<12).reduce(0) { $0 << 8 | UInt32(byte($1)) }
    self.length = length
  }
}

extension UnsafeMutablePointer<mbuf> {
  /// What has not been read of it.
  fileprivate var bytes: UnsafeMutableBufferPointer<UInt8> {
    UnsafeMutableBufferPointer(start: mbuf_buf(self), count: mbuf_get_left(self))
  }

  fileprivate func bytes(from place: Int) -> UnsafeMutableBufferPointer<UInt8> {
    UnsafeMutableBufferPointer(rebasing: bytes[place...])
  }

  /// Adds bytes at its end; false where there is no memory.
  fileprivate func append(_ bytes: some Collection<UInt8>) -> Bool {
    let place = pointee.pos
    pointee.pos = pointee.end
    let error = mbuf_write_mem(self, Array(bytes), bytes.count)
    pointee.pos = place
    return error == 0
  }

  /// Takes bytes off its end.
  fileprivate func drop(_ count: Int) { pointee.end -= count }
}
