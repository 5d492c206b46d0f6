// Who may send packets to a call, before anything reads them.

import CLibre
import Glibc

/// Stands before the ports of a call: drops and counts what is no packet of sound, what comes from
/// elsewhere, and what has not the call's key.
final class PacketDoor {
  /// What was dropped.
  struct Dropped: Hashable {
    /// Not a packet of this protocol at all.
    var garbage = 0
    /// From an address that is not the far end's.
    var strangers = 0
    /// Not encrypted with the call's key, or seen before.
    var unsealed = 0
  }

  let cipher = SoundCipher()
  private(set) var dropped = Dropped()
  /// How many were let in.
  private(set) var taken = 0
  /// Shut until sound may flow.
  var isOpen = false
  private var heard = HeardSource()
  private let sound = Slot()
  private let control = Slot()
  private let ticket = Ticket()

  /// A new description names an address: whom to hear is chosen anew.
  func negotiate(_ address: sa?) { heard.negotiate(address) }

  /// Takes its place before both ports; libre's error number, or 0.
  ///
  /// libre hands out what the port owns: it is held here too, so that either may end first.
  func stand(before rtp: OpaquePointer?) -> Int32 {
    let me = ticket.of(self)
    var error = udp_register_helper(
      sound.place, OpaquePointer(rtp_sock(rtp)), 10,
      { error, _, packet, argument in PacketDoor.leave(error, packet, argument, control: false) },
      { source, packet, argument in
        guard let door = Ticket.holder(argument, as: PacketDoor.self), let source, let packet else {
          return true
        }
        return !door.takesSound(packet, from: source.pointee)
      }, me)
    guard error == 0 else { return error }
    sound.hold()
    error = udp_register_helper(
      control.place, OpaquePointer(rtcp_sock(rtp)), 10,
      { error, _, packet, argument in PacketDoor.leave(error, packet, argument, control: true) },
      { source, packet, argument in
        guard let door = Ticket.holder(argument, as: PacketDoor.self), let source, let packet else {
          return true
        }
        return !door.takesControl(packet, from: source.pointee)
      }, me)
    if error == 0 { control.hold() }
    return error
  }

  /// Lets nothing in any more; after the ports were closed.
  func leave() {
    isOpen = false
    sound.release()
    control.release()
  }

  private static func leave(
    _ error: UnsafeMutablePointer<Int32>?, _ packet: UnsafeMutablePointer<mbuf>?,
    _ argument: UnsafeMutableRawPointer?, control: Bool
  ) -> Bool {
    // Who cannot seal it sends nothing.
    guard let me = Ticket.holder(argument, as: PacketDoor.self) else { return true }
    let isSealed = me.cipher.seal(packet, control: control)
    error?.pointee = isSealed ? 0 : EPERM
    // True: libre sends nothing.
    return !isSealed
  }

  /// Whether a packet of sound gets in; it is opened then.
  func takesSound(_ packet: UnsafeMutablePointer<mbuf>, from source: sa) -> Bool {
    guard isOpen else { return false }
    guard mbuf_get_left(packet) >= Int(RTP_HEADER_SIZE), let bytes = mbuf_buf(packet),
      bytes[0] >> 6 == RTP_VERSION
    else {
      dropped.garbage += 1
      return false
    }
    guard heard.mayBeHeard(source) else {
      dropped.strangers += 1
      return false
    }
    guard cipher.open(packet, control: false) else {
      dropped.unsealed += 1
      return false
    }
    heard.hear(source)
    taken += 1
    return true
  }

  /// Whether a packet of RTCP gets in; it is opened then.
  func takesControl(_ packet: UnsafeMutablePointer<mbuf>, from source: sa) -> Bool {
    guard isOpen, mbuf_get_left(packet) >= 8, heard.mayControl(source) else { return false }
    return cipher.open(packet, control: true)
  }
}
