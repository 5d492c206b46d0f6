// The keys of a call's sound at work.

import CLibre

/// A key and what it is used by; the number of the choice that brought it is none of it.
struct SoundKey: Hashable {
  var suite: CryptoAttribute.Suite
  /// 16 bytes of key and 14 of salt.
  var master: [UInt8]
}

/// Encrypts what goes out and opens what comes in (SRTP and SRTCP); without keys it lets pass.
final class SoundCipher {
  private var outbound: SecureContext?
  private var inbound: SecureContext?
  /// Keys of this call that were replaced, with all that they have counted.
  private var formerOurs: [SecureContext] = []
  private var formerTheirs: [SecureContext] = []

  /// So many are remembered.
  private static let mostFormer = 8

  /// Whether it encrypts.
  var isOn: Bool { outbound != nil }

  /// Takes the keys of both directions.
  ///
  /// A key that was used in this call goes on counting where it stood, also after another one: begun anew it
  /// would make the same key stream a second time, and lose the far end's place in it. False if there is no
  /// memory for it.
  func use(ours: CryptoAttribute, theirs: CryptoAttribute) -> Bool {
    guard let outbound = context(ours.soundKey, after: outbound, &formerOurs),
      let inbound = context(theirs.soundKey, after: inbound, &formerTheirs)
    else { return false }
    (self.outbound, self.inbound) = (outbound, inbound)
    return true
  }

  private func context(
    _ key: SoundKey, after now: SecureContext?, _ former: inout [SecureContext]
  ) -> SecureContext? {
    if let now, now.key == key { return now }
    let old = former.firstIndex { $0.key == key }
    guard let context = old.map({ former.remove(at: $0) }) ?? SecureContext(key) else { return nil }
    if let now { former = former.suffix(Self.mostFormer - 1) + [now] }
    return context
  }

  /// Encrypts a packet of sound, or of its control; false: it must not go out.
  func seal(_ packet: UnsafeMutablePointer<mbuf>?, control: Bool) -> Bool {
    guard let outbound else { return true }
    guard let packet else { return false }
    return control ? outbound.sealControl(packet) : outbound.seal(packet)
  }

  /// Opens a packet; false if it is not from who has the key, or came twice.
  func open(_ packet: UnsafeMutablePointer<mbuf>, control: Bool) -> Bool {
    guard let inbound else { return true }
    return control ? inbound.openControl(packet) : inbound.open(packet)
  }
}
