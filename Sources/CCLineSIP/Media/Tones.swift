// Keys that are pressed in a call, as events in its sound (RFC 4733).

import CLibre

/// Keys that wait to be sent and the one that is being sent.
///
/// While a key sounds its packets go out instead of sound. Each lasts what libre gives it (at least
/// 160 ms and three packets of its end), with a pause to the next one.
final class Tones {
  /// The name in a session description.
  static let name = "telephone-event"
  /// The payload type that our offers give them, by the clock of their durations: that of the codec that
  /// they stand beside (RFC 4733 section 2.1).
  static func usualPayload(clock: Int) -> UInt8 { clock == 8000 ? 101 : 102 }
  /// More keys than this do not wait.
  static let most = 256

  private let events = Slot()
  private var waiting: [UInt8] = []
  private var payload = Tones.usualPayload(clock: 8000)
  /// Ticks of the durations for one of libre's, which counts 8,000 a second.
  private var ticks: UInt16 = 1
  private var began: UInt32?
  private var pause = 0

  /// Beats between two keys.
  private static let pauseBeats = 4

  /// A packet to be sent, and released by whoever sends it.
  struct Packet {
    var packet: UnsafeMutablePointer<mbuf>
    var payload: UInt8
    var timestamp: UInt32
    var isFirst: Bool
  }

  /// Nil if there is no memory for it.
  init?() {
    guard telev_alloc(events.place, UInt32(Block.milliseconds)) == 0 else { return nil }
  }

  /// Takes keys (0 to 9, `*`, `#`, A to D); false if one is none of them, or too many wait.
  ///
  /// `clock`: ticks a second of their durations.
  func send(_ digits: String, payload: UInt8, clock: Int) -> Bool {
    let keys = Array(digits.utf8)
    guard keys.allSatisfy({ telev_digit2code(Int32($0)) >= 0 }),
      waiting.count + keys.count <= Self.most
    else { return false }
    self.payload = payload
    ticks = UInt16(clamping: max(1, clock / 8000))
    waiting += keys
    return true
  }

  /// The packet of this beat; nil while no key sounds.
  func next(at timestamp: UInt32) -> Packet? {
    if began == nil {
      if pause > 0 {
        pause -= 1
        return nil
      }
      guard !waiting.isEmpty else { return nil }
      let code = telev_digit2code(Int32(waiting.removeFirst()))
      telev_send(events.object, code, false)
      telev_send(events.object, 0, true)
    }
    guard let packet = mbuf_alloc(Int(RTP_HEADER_SIZE) + 16) else { return nil }
    mbuf_set_end(packet, Int(RTP_HEADER_SIZE))
    mbuf_set_pos(packet, Int(RTP_HEADER_SIZE))
    var isFirst = false
    guard telev_poll(events.object, &isFirst, packet) == 0 else {
      mem_deref(packet)
      began = nil
      pause = Self.pauseBeats
      return nil
    }
    mbuf_set_pos(packet, Int(RTP_HEADER_SIZE))
    if ticks > 1, mbuf_get_left(packet) >= 4, let bytes = mbuf_buf(packet) {
      let duration = UInt32(bytes[2]) << 8 | UInt32(bytes[3])
      let scaled = UInt16(clamping: duration * UInt32(ticks))
      (bytes[2], bytes[3]) = (UInt8(scaled >> 8), UInt8(scaled & 0xFF))
    }
    // All packets of a key carry the moment it was pressed.
    let start = isFirst ? timestamp : began ?? timestamp
    began = start
    return Packet(packet: packet, payload: payload, timestamp: start, isFirst: isFirst)
  }
}
