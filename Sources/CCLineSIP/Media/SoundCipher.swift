// The keys of a call's sound at work.

import CLibre

/// Encrypts what goes out and opens what comes in (SRTP and SRTCP); without keys it lets pass.
final class SoundCipher {
  private let outbound = Slot()
  private let inbound = Slot()
  private(set) var ours: CryptoAttribute?
  private(set) var theirs: CryptoAttribute?

  /// Whether it encrypts.
  var isOn: Bool { outbound.object != nil }

  /// Takes the keys of both directions; a key that is the same goes on counting, whatever number its
  /// description gives it: begun anew it would encrypt other sound with what was used before.
  ///
  /// False if there is no memory for it.
  func use(ours: CryptoAttribute, theirs: CryptoAttribute) -> Bool {
    if self.ours?.isSame(as: ours) != true || !isOn {
      guard Self.open(outbound, ours) else { return false }
      self.ours = ours
    }
    if self.theirs?.isSame(as: theirs) != true || inbound.object == nil {
      guard Self.open(inbound, theirs) else { return false }
      self.theirs = theirs
    }
    return true
  }

  /// Lets everything pass again.
  func clear() {
    outbound.release()
    inbound.release()
    ours = nil
    theirs = nil
  }

  private static func open(_ slot: Slot, _ attribute: CryptoAttribute) -> Bool {
    slot.release()
    return srtp_alloc(
      slot.place, attribute.suite.libre, attribute.key, attribute.key.count, 0) == 0
  }

  /// Encrypts a packet of sound, or of its control; libre's error number, or 0.
  func seal(_ packet: UnsafeMutablePointer<mbuf>?, control: Bool) -> Int32 {
    guard let key = outbound.object else { return 0 }
    return control ? srtcp_encrypt(key, packet) : srtp_encrypt(key, packet)
  }

  /// Opens a packet; false if it is not from who has the key, or came twice.
  func open(_ packet: UnsafeMutablePointer<mbuf>?, control: Bool) -> Bool {
    guard let key = inbound.object else { return true }
    return (control ? srtcp_decrypt(key, packet) : srtp_decrypt(key, packet)) == 0
  }
}
