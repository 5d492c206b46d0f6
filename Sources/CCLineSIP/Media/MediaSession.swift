// The sound of one call: its packets and its beat.

import CCCore
import CLibre
import Glibc

/// An audio line over RTP, from the offer to the end of the call.
final class MediaSession {
  private let local: sa
  private let sound: Sound
  private let description: SoundDescription
  private let rtp = Slot()
  private let ticket = Ticket()
  private let playout = Playout()
  private let beat = Beat()
  private var line: OpaquePointer? { description.line }
  private let door = PacketDoor()
  private let rules: MediaRules
  private var codec: Codec { description.codec }
  private var encoder: (codec: Codec, rate: Int, writer: any FrameEncoder)?
  private let tones: Tones
  private var running: Running?
  private var sends = true
  private var receives = true

  /// What is to be told of it.
  var news: ((MediaNews) -> Void)?
  /// Why the last description was not accepted, where it was not for want of a common sound.
  var refusal: Reason? { description.refusal }
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
    description = SoundDescription(local: local, rules: rules, cipher: door.cipher)
    var address = local
    var error = rtp_listen(
      rtp.place, Int32(IPPROTO_UDP), &address, 16_384, 32_766, true,
      { MediaSession.onPacket($0, $1, $2, $3) }, nil,
      ticket.of(self))
    if error == 0 { error = door.stand(before: rtp.object) }
    if error == 0 { error = description.open(port: sa_port(rtp_local(rtp.object))) }
    guard error == 0 else { throw Failure(error: error) }
  }

  /// Our description, to be released by the caller.
  func offer() -> UnsafeMutablePointer<mbuf>? { description.encoded(isOffer: true) }
  /// Our answer to an offer, to be released by the caller.
  func answer() -> UnsafeMutablePointer<mbuf>? { description.encoded(isOffer: false) }

  /// Takes the far end's description; false if there is no common codec, or sound may not go there.
  func accept(_ text: UnsafeMutablePointer<mbuf>?, isOffer: Bool) -> Bool {
    guard let address = description.accept(text, isOffer: isOffer) else { return false }
    door.negotiate(address)
    return true
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

  /// Ends it; again is harmless.
  func stop() {
    guard rtp.object != nil else { return }
    beat.stop()
    if running != nil {
      news?(.over(SoundReport(sent: sent, counts: playout.counts, dropped: door.dropped)))
    }
    running = nil
    // The door stands until the last word of RTCP is out: it seals that too.
    rtp.release()
    door.leave()
    sound.finish()
  }

  deinit { stop() }

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
      rtp.object, &destination, false, running.ticks == 0, description.payload, running.timestamp,
      packet)
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
    guard let header = header?.pointee, let packet else { return }
    Ticket.holder(argument, as: MediaSession.self)?.take(header, packet)
  }

  private func take(_ header: rtp_header, _ packet: UnsafeMutablePointer<mbuf>) {
    // In our numbers: those of our description, which an answer may have taken from the offer.
    guard let format = sdp_media_lformat(line, Int32(header.pt))?.pointee,
      let codec = SoundDescription.codec(of: format), let bytes = mbuf_buf(packet)
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
