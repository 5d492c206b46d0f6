// What the two ends of a call say of its sound: SDP (RFC 4566, 3264), with keys (RFC 4568).

import CCCore
import CLibre

/// Our description and the far end's, and what they agree on.
final class SoundDescription {
  private let local: sa
  private let rules: MediaRules
  private let cipher: SoundCipher
  private let session = Slot()
  /// libre's audio line, owned by its session.
  private(set) var line: OpaquePointer?
  /// What both speak, and its payload type at the far end.
  private(set) var codec = Codec.pcmu
  private(set) var payload = Codec.pcmu.usualPayload
  /// Why the last description was not accepted, where it was not for want of a common sound.
  private(set) var refusal: Reason?
  private var ours: CryptoAttribute?
  /// The far end's description that counts.
  private var accepted: (bytes: [UInt8], isOffer: Bool)?

  /// `cipher` gets the keys that are agreed on.
  init(local: sa, rules: MediaRules, cipher: SoundCipher) {
    self.local = local
    self.rules = rules
    self.cipher = cipher
  }

  /// Makes ours, with sound at this port; libre's error number, or 0.
  func open(port: UInt16) -> Int32 {
    var address = local
    var error = sdp_session_alloc(session.place, &address)
    if error == 0 {
      error = sdp_media_add(
        &line, session.object, "audio", port,
        rules.protection == .required ? "RTP/SAVP" : "RTP/AVP")
    }
    if error == 0 { error = cc_profiles(line) }
    for codec in rules.codecs where error == 0 && codec.isHere {
      error = cc_codec(
        line, String(codec.usualPayload), codec.name, UInt32(codec.clock), codec.channels,
        codec.parameters)
    }
    if error == 0 { error = cc_tones(line, String(Tones.usualPayload)) }
    if error == 0 { error = cc_attribute(line, "ptime", String(Block.milliseconds)) }
    if error == 0, rules.protection != .off {
      error = offer(CryptoAttribute(tag: 1, suite: .long))
    }
    return error
  }

  /// Ours, to be released by the caller.
  func encoded(isOffer: Bool) -> UnsafeMutablePointer<mbuf>? {
    var buffer: UnsafeMutablePointer<mbuf>?
    return sdp_encode(&buffer, session.object, isOffer) == 0 ? buffer : nil
  }

  /// Takes the far end's description; where its sound is to go, or nil if there is no common codec, or
  /// sound may not go there.
  ///
  /// libre takes it apart in place: the one before counts again where this one cannot be taken.
  func accept(_ text: UnsafeMutablePointer<mbuf>?, isOffer: Bool) -> sa? {
    guard let text else { return nil }
    let bytes = Array(UnsafeBufferPointer(start: mbuf_buf(text), count: mbuf_get_left(text)))
    if let address = take(text, isOffer: isOffer) {
      accepted = (bytes, isOffer)
      return address
    }
    guard let accepted, let old = mbuf_alloc(accepted.bytes.count) else { return nil }
    defer { mem_deref(old) }
    mbuf_write_mem(old, accepted.bytes, accepted.bytes.count)
    mbuf_set_pos(old, 0)
    sdp_decode(session.object, old, accepted.isOffer)
    return nil
  }

  private func take(_ text: UnsafeMutablePointer<mbuf>?, isOffer: Bool) -> sa? {
    guard sdp_decode(session.object, text, isOffer) == 0,
      let chosen = chosen(),
      let address = sdp_media_raddr(line)?.pointee,
      MediaAddress(local: local).mayAccept(address), agreeOnKeys(isOffer: isOffer)
    else { return nil }
    (codec, payload) = chosen
    return address
  }

  /// The first codec of the far end's description that is spoken here, and its payload type there.
  private func chosen() -> (codec: Codec, payload: UInt8)? {
    let format = sdp_media_format_apply(
      line, false, nil, -1, nil, -1, -1,
      { format, _ in
        guard let format = format?.pointee, format.sup else { return false }
        return SoundDescription.codec(of: format) != nil
      }, nil)
    guard let format, let codec = Self.codec(of: format.pointee),
      let payload = UInt8(exactly: format.pointee.pt)
    else { return nil }
    return (codec, payload)
  }

  /// The codec of a format, by its name or its number.
  static func codec(of format: sdp_format) -> Codec? {
    if let name = format.name { return Codec(name: String(cString: name)) }
    return Codec.allCases.first { !$0.isWide && Int32($0.usualPayload) == format.pt }
  }

  // MARK: Keys

  private func offer(_ attribute: CryptoAttribute) -> Int32 {
    ours = attribute
    return cc_attribute(line, "crypto", attribute.text)
  }

  /// Whether the far end's description and the settings agree on how sound travels.
  ///
  /// A call that was encrypted stays so.
  private func agreeOnKeys(isOffer: Bool) -> Bool {
    refusal = nil
    let mustBe =
      rules.protection == .required || cipher.isOn
      || String(cString: sdp_media_proto(line)).hasPrefix("RTP/SAVP")
    guard rules.protection != .off, let theirs = remoteKey(isOffer: isOffer) else {
      if mustBe {
        refusal = rules.protection == .off ? Reasons.soundEncrypted : Reasons.soundInTheClear
        return false
      }
      sdp_media_del_lattr(line, "crypto")
      return true
    }
    if isOffer {
      var answer = ours ?? CryptoAttribute(tag: theirs.tag, suite: theirs.suite)
      if answer.suite != theirs.suite {
        answer = CryptoAttribute(tag: theirs.tag, suite: theirs.suite)
      }
      answer.tag = theirs.tag
      guard offer(answer) == 0 else { return false }
    }
    guard let ours else { return false }
    return cipher.use(ours: ours, theirs: theirs)
  }

  /// The first key of theirs that can be used: in an answer, one that answers ours.
  private func remoteKey(isOffer: Bool) -> CryptoAttribute? {
    var seen = SeenKeys(answers: isOffer ? nil : ours)
    _ = withUnsafeMutablePointer(to: &seen) { seen in
      sdp_media_rattr_apply(
        line, "crypto",
        { _, value, argument in
          guard let value, let argument else { return false }
          return argument.assumingMemoryBound(to: SeenKeys.self).pointee
            .take(String(cString: value))
        }, seen)
    }
    return seen.chosen
  }

  private struct SeenKeys {
    var answers: CryptoAttribute?
    var chosen: CryptoAttribute?

    /// Looks at one attribute; true at the one that is chosen.
    mutating func take(_ value: String) -> Bool {
      guard let key = CryptoAttribute(value) else { return false }
      if let answers, key.tag != answers.tag || key.suite != answers.suite { return false }
      chosen = key
      return true
    }
  }
}
