// The sound of one call: its description, its packets, its beat.

import CCCore
import CLibre
import Glibc

/// An audio line over RTP, from the offer to the end of the call.
final class MediaSession {
  private let local: sa
  private let sound: Sound
  private let description = Slot()
  private let rtp = Slot()
  private let playout = Playout()
  private let beat = Beat()
  // Owned by the description.
  private var line: OpaquePointer?
  private let door = PacketDoor()
  private let rules: MediaRules
  private var codec = Codec.pcmu
  private var payload = Codec.pcmu.usualPayload
  private var encoder: (codec: Codec, rate: Int, writer: any FrameEncoder)?
  private let tones: Tones
  private var running: Running?
  private var ours: CryptoAttribute?
  /// The far end's description that counts.
  private var accepted: (bytes: [UInt8], isOffer: Bool)?
  private var sends = true
  private var receives = true

  /// What is to be told of it.
  var news: ((MediaNews) -> Void)?
  /// Why the last description was not accepted, where it was not for want of a common sound.
  private(set) var refusal: Reason?
  /// Whether its sound is encrypted.
  var isEncrypted: Bool { door.cipher.isOn }
  /// What was not let in.
  var dropped: PacketDoor.Dropped { door.dropped }

  /// Whether the call was answered: until then nobody need be heard.
  var isAnswered = false
  private var sent = 0

  /// Whether silence goes out instead of the microphone.
  var isMuted = false

  /// What only a running stream has.
  private struct Running {
    var ticks: UInt64 = 0
    var timestamp = UInt32.random(in: .min ... .max)
    var watch = SoundWatch()
    /// Packets that had come by the last beat.
    var taken = 0
  }

  /// What could not be opened.
  struct Failure: Error { var error: Int32 }

  /// Binds a pair of ports (RTP, RTCP) and makes the description.
  ///
  /// No sound flows yet.
  init(local: sa, sound: Sound, rules: MediaRules = MediaRules()) throws(Failure) {
    guard let tones = Tones() else { throw Failure(error: ENOMEM) }
    self.local = local
    self.sound = sound
    self.rules = rules
    self.tones = tones
    var address = local
    var error = sdp_session_alloc(description.place, &address)
    if error == 0 {
      error = rtp_listen(
        rtp.place, Int32(IPPROTO_UDP), &address, 16_384, 32_766, true,
        { MediaSession.onPacket($0, $1, $2, $3) }, nil,
        Unmanaged.passUnretained(self).toOpaque())
    }
    if error == 0 {
      error = sdp_media_add(
        &line, description.object, "audio", sa_port(rtp_local(rtp.object)),
        rules.protection == .required ? "RTP/SAVP" : "RTP/AVP")
    }
    if error == 0 { error = cc_profiles(line) }
    if error == 0 { error = door.stand(before: rtp.object) }
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
    guard error == 0 else { throw Failure(error: error) }
  }

  /// Our description, to be released by the caller.
  func offer() -> UnsafeMutablePointer<mbuf>? { encoded(isOffer: true) }
  /// Our answer to an offer, to be released by the caller.
  func answer() -> UnsafeMutablePointer<mbuf>? { encoded(isOffer: false) }

  private func encoded(isOffer: Bool) -> UnsafeMutablePointer<mbuf>? {
    var buffer: UnsafeMutablePointer<mbuf>?
    return sdp_encode(&buffer, description.object, isOffer) == 0 ? buffer : nil
  }

  /// Takes the far end's description; false if there is no common codec, or sound may not go there.
  ///
  /// libre takes it apart in place: the one before counts again where this one cannot be taken.
  func accept(_ text: UnsafeMutablePointer<mbuf>?, isOffer: Bool) -> Bool {
    guard let text else { return false }
    let bytes = Array(UnsafeBufferPointer(start: mbuf_buf(text), count: mbuf_get_left(text)))
    if take(text, isOffer: isOffer) {
      accepted = (bytes, isOffer)
      return true
    }
    guard let accepted, let old = mbuf_alloc(accepted.bytes.count) else { return false }
    defer { mem_deref(old) }
    mbuf_write_mem(old, accepted.bytes, accepted.bytes.count)
    mbuf_set_pos(old, 0)
    sdp_decode(description.object, old, accepted.isOffer)
    return false
  }

  private func take(_ text: UnsafeMutablePointer<mbuf>?, isOffer: Bool) -> Bool {
    guard sdp_decode(description.object, text, isOffer) == 0,
      let chosen = chosen(),
      let address = sdp_media_raddr(line)?.pointee,
      MediaAddress(local: local).mayAccept(address)
    else { return false }
    guard agreeOnKeys(isOffer: isOffer) else { return false }
    self.codec = chosen.codec
    payload = chosen.payload
    door.negotiate(address)
    return true
  }

  /// The first codec of the far end's description that is spoken here, and its payload type there.
  private func chosen() -> (codec: Codec, payload: UInt8)? {
    let format = sdp_media_format_apply(
      line, false, nil, -1, nil, -1, -1,
      { format, _ in
        guard let format = format?.pointee, format.sup else { return false }
        return MediaSession.codec(of: format) != nil
      }, nil)
    guard let format, let codec = Self.codec(of: format.pointee),
      let payload = UInt8(exactly: format.pointee.pt)
    else { return nil }
    return (codec, payload)
  }

  private static func codec(of format: sdp_format) -> Codec? {
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
      rules.protection == .required || isEncrypted
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
    return door.cipher.use(ours: ours, theirs: theirs)
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

  /// Lets sound flow, once there is a description of the far end.
  ///
  /// A second time changes nothing.
  func start() {
    guard running == nil else { return }
    running = Running()
    sound.open(wide: codec.isWide, ear: playout)
    playout.open(rate: sound.rate)
    door.isOpen = true
    news?(.protection(isEncrypted))
    var control = sa()
    sdp_media_raddr_rtcp(line, &control)
    if MediaAddress(local: local).maySend(to: control) {
      rtcp_start(rtp.object, "ccterm", &control)
    }
    beat.start(every: Block.milliseconds) { [weak self] beats in self?.tick(beats) }
  }

  /// Which way sound may flow, as the next description will say it; at once here.
  ///
  /// Holding a call is sending nothing and hearing nothing.
  func setDirection(send: Bool, receive: Bool) {
    sends = send
    receives = receive
    playout.setOpen(receive)
    let direction: sdp_dir =
      switch (send, receive) {
      case (true, true): SDP_SENDRECV
      // A held far end is told that it only listens: RFC 3264 section 8.4, and what PBXs play music on.
      case (true, false), (false, false): SDP_SENDONLY
      case (false, true): SDP_RECVONLY
      }
    sdp_media_set_ldir(line, direction)
  }

  /// Whether the far end's last description puts us on hold.
  var isHeldByFarEnd: Bool {
    sdp_media_rdir(line).rawValue & SDP_SENDONLY.rawValue == 0
  }

  /// Sends keys as tones, one after another; false if the far end takes none (RFC 4733).
  func sendDTMF(_ digits: String) -> Bool {
    guard let format = sdp_media_rformat(line, "telephone-event"),
      let payload = UInt8(exactly: format.pointee.pt)
    else { return false }
    return tones.send(digits, payload: payload)
  }

  /// Ends it.
  func stop() {
    beat.stop()
    if running != nil {
      news?(.over(SoundReport(sent: sent, counts: playout.counts, dropped: door.dropped)))
    }
    running = nil
    door.leave()
    rtp.release()
    sound.finish()
  }

  // MARK: The beat

  /// Every 20 ms, on an absolute schedule: one block out, and one in where no device asks for it.
  ///
  /// After a stop (a suspended machine) no burst of old blocks follows: the time that passed was silence.
  private func tick(_ beats: Int) {
    let made = min(beats, Self.mostBeats)
    running?.timestamp &+= codec.ticks &* UInt32(clamping: beats - made)
    for _ in 0..<made { tick() }
  }

  /// So many blocks are made up for after a pause of the program.
  private static let mostBeats = 5

  private func tick() {
    guard var running else { return }
    let samples = sound.rate * Block.milliseconds / 1000
    withUnsafeTemporaryAllocation(of: Int16.self, capacity: samples) { block in
      block.initialize(repeating: 0)
      sound.capture(block)
      let spoken = isMuted || !sends ? nil : block.map { Int($0.magnitude) }.max()
      if isMuted { block.update(repeating: 0) }
      if sends { send(UnsafeBufferPointer(block), running) }
      if !sound.hasClock {
        playout.take(block, at: Playout.now)
        sound.play(block)
      }
      watch(spoken, &running)
    }
    running.ticks += 1
    running.timestamp &+= codec.ticks
    self.running = running
  }

  private func watch(_ spoken: Int?, _ running: inout Running) {
    let came = door.taken != running.taken
    running.taken = door.taken
    let isToCome = isAnswered && receives && !isHeldByFarEnd
    let block = SoundWatch.Block(
      spoken: sound.hasMicrophone && isAnswered ? spoken : nil, heard: playout.loudest(),
      came: isToCome ? came : nil)
    for item in running.watch.take(block, levels: rules.tellsLevels && sends) { news?(item) }
  }

  private func send(_ block: UnsafeBufferPointer<Int16>, _ running: Running) {
    guard var destination = sdp_media_raddr(line)?.pointee,
      MediaAddress(local: local).maySend(to: destination),
      sdp_media_dir(line).rawValue & SDP_SENDONLY.rawValue != 0
    else { return }
    if let tone = tones.next(at: running.timestamp) {
      rtp_send(
        rtp.object, &destination, false, tone.isFirst, tone.payload, tone.timestamp, tone.packet)
      mem_deref(tone.packet)
      return
    }
    guard let bytes = encoded(block), let packet = mbuf_alloc(headerBytes + bytes.count + 16) else {
      return
    }
    defer { mem_deref(packet) }
    mbuf_set_end(packet, headerBytes)
    mbuf_set_pos(packet, headerBytes)
    mbuf_write_mem(packet, bytes, bytes.count)
    mbuf_set_pos(packet, headerBytes)
    sent += 1
    rtp_send(
      rtp.object, &destination, false, running.ticks == 0, payload, running.timestamp, packet)
  }

  private func encoded(_ block: UnsafeBufferPointer<Int16>) -> [UInt8]? {
    if encoder?.codec != codec || encoder?.rate != sound.rate {
      encoder = codec.encoder(rate: sound.rate).map { (codec, sound.rate, $0) }
    }
    return encoder?.writer.packet(of: block)
  }

  private static func onPacket(
    _: UnsafePointer<sa>?, _ header: UnsafePointer<rtp_header>?,
    _ packet: UnsafeMutablePointer<mbuf>?,
    _ argument: UnsafeMutableRawPointer?
  ) {
    guard let header = header?.pointee, let packet, let argument else { return }
    Unmanaged<MediaSession>.fromOpaque(argument).takeUnretainedValue().take(header, packet)
  }

  private func take(_ header: rtp_header, _ packet: UnsafeMutablePointer<mbuf>) {
    // In our numbers: those of our description, which an answer may have taken from the offer.
    guard let format = sdp_media_lformat(line, Int32(header.pt))?.pointee,
      let codec = Self.codec(of: format), let bytes = mbuf_buf(packet)
    else { return }
    let left = min(mbuf_get_left(packet), Self.longestPayload)
    playout.put(
      SoundPacket(
        number: header.seq, timestamp: header.ts, codec: codec,
        bytes: Array(UnsafeBufferPointer(start: bytes, count: left))),
      source: header.ssrc, at: Playout.now)
  }

  /// More is no sound of a telephone.
  private static let longestPayload = 1_600
}

/// RTP's fixed header, which libre writes in front of the block.
private let headerBytes = Int(RTP_HEADER_SIZE)
