// The sound of one call: its packets and its beat.

import CCCore
import CLibre
import Glibc

/// An audio line over RTP, from the offer to the end of the call.
final class MediaSession {
  private let local: sa
  private let sound: Sound
  private var negotiation: Negotiation
  private let rtp = Slot()
  private let ticket = Ticket()
  private let playout = Playout()
  private let beat = Beat()
  private let door = PacketDoor()
  private let rules: MediaRules
  /// What is spoken now, and how many packets of something else that was agreed came in a row.
  private var speaking: Agreement.Spoken?
  private var others = 0
  private var codec: Codec { speaking?.codec ?? .pcmu }
  /// Where sound goes.
  private var destination: sa?
  private var encoder: (codec: Codec, rate: Int, writer: any FrameEncoder)?
  private let tones: Tones
  private var running: Running?
  private var controlledAt = ""

  /// What is to be told of it.
  var news: ((MediaNews) -> Void)?
  /// Looks up the address of a name; nil where it has none.
  var lookUp: ((String, @escaping (sa?) -> Void) -> Void)?
  /// Why the last description was not accepted, where it was not for want of a common sound.
  var refusal: Reason? { negotiation.refusal }
  /// Whether encrypted sound was asked for that need not be.
  var mayOfferInTheClear: Bool { negotiation.mayOfferInTheClear }
  /// Whether its sound is encrypted.
  var isEncrypted: Bool { door.cipher.isOn }
  /// What was not let in.
  var dropped: PacketDoor.Dropped { door.dropped }

  /// Whether the call was answered: until then nobody need be heard.
  var isAnswered = false
  /// Whether the far end is handing the call on: nothing is to be heard of it.
  var isHandingOn = false
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
    negotiation = Negotiation(local: local, rules: rules, port: 0)
    var address = local
    var error = rtp_listen(
      rtp.place, Int32(IPPROTO_UDP), &address, 16_384, 32_766, true,
      { MediaSession.onPacket($0, $1, $2, $3) }, nil,
      ticket.of(self))
    if error == 0 { error = door.stand(before: rtp.object) }
    guard error == 0 else { throw Failure(error: error) }
    negotiation = Negotiation(local: local, rules: rules, port: sa_port(rtp_local(rtp.object)))
  }

  /// Our description, to be released by the caller.
  ///
  /// `everything`: the far end asked what we can, and not only what was agreed.
  func offer(of everything: Bool = false) -> UnsafeMutablePointer<mbuf>? {
    Self.buffer(negotiation.offer(of: everything))
  }
  /// Our answer to an offer, to be released by the caller.
  func answer() -> UnsafeMutablePointer<mbuf>? { Self.buffer(negotiation.answer()) }
  /// Encrypted sound was refused: the next offer is in the clear.
  func offerInTheClear() { negotiation.offerInTheClear() }

  private static func buffer(_ text: String) -> UnsafeMutablePointer<mbuf>? {
    guard let buffer = mbuf_alloc(text.utf8.count) else { return nil }
    mbuf_write_str(buffer, text)
    mbuf_set_pos(buffer, 0)
    return buffer
  }

  /// Takes the far end's description; false if there is no common codec, or sound may not go there, and
  /// then all is as it was.
  func accept(_ bytes: [UInt8], isOffer: Bool) -> Bool {
    guard let description = Description(bytes) else { return false }
    var next = negotiation
    let isTaken = isOffer ? next.take(offer: description) : next.take(answer: description)
    guard isTaken, let agreed = next.agreed else {
      negotiation.refusal = next.refusal
      return false
    }
    if let keys = agreed.protection, !door.cipher.use(ours: keys.ours, theirs: keys.theirs) {
      return false
    }
    let old = negotiation.agreed
    negotiation = next
    if speaking.map({ !agreed.spoken.contains($0) }) != false { speaking = agreed.spoken.first }
    others = 0
    defer { if running != nil { controls() } }
    guard !next.isOff, old?.host != agreed.host || old?.port != agreed.port else { return true }
    destination = agreed.host.address(port: agreed.port)
    door.negotiate(destination)
    if case .name(let name) = agreed.host { find(name) }
    return true
  }

  /// A description names a host: sound goes there once its address is known.
  private func find(_ name: String) {
    lookUp?(name) { [weak self] address in
      guard let self, let agreed = negotiation.agreed, agreed.host == .name(name) else { return }
      guard let address, MediaAddress(local: local).maySend(to: address.with(port: agreed.port))
      else { return }
      destination = address.with(port: agreed.port)
      door.negotiate(destination)
      if running != nil { controls() }
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
    controls()
    beat.start(every: Block.milliseconds) { [weak self] beats in self?.tick(beats) }
  }

  /// RTCP goes where the far end's last description wants it.
  private func controls() {
    guard var control = destination?.with(port: negotiation.agreed?.controlPort ?? 0),
      MediaAddress(local: local).maySend(to: control), control.hostPort != controlledAt
    else { return }
    controlledAt = control.hostPort
    rtcp_start(rtp.object, "ccterm", &control)
  }

  /// Whom the agent listens and speaks to.
  enum Attention: Hashable {
    case talking
    /// Not to this one: it hears silence, and is not heard.
    case aside
    /// The same, and both sides know it: nothing goes out.
    case held
  }

  /// How it is now, at once.
  var attention = Attention.talking {
    didSet { playout.setOpen(attention == .talking) }
  }

  /// What the next description says of hold.
  ///
  /// A held far end is told that it only listens: RFC 3264 section 8.4, and what PBXs play music on.
  func describe(held: Bool) { negotiation.flow = Flow(sends: true, receives: !held) }

  /// Whether the far end's last description puts us on hold.
  var isHeldByFarEnd: Bool { negotiation.isHeldByFarEnd }

  /// Sends keys as tones, one after another; false if the far end takes none (RFC 4733).
  func sendDTMF(_ digits: String) -> Bool {
    guard let keys = negotiation.agreed?.keys else { return false }
    return tones.send(digits, payload: keys.theirs, clock: keys.clock)
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
      let isSilent = isMuted || attention != .talking
      let spoken = isSilent || !sound.hasMicrophone ? nil : Self.loudest(of: block)
      if isSilent { block.update(repeating: 0) }
      if attention != .held { send(UnsafeBufferPointer(block), running) }
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

  private static func loudest(of block: UnsafeMutableBufferPointer<Int16>) -> Int {
    var loudest = 0
    for sample in block { loudest = max(loudest, Int(sample.magnitude)) }
    return loudest
  }

  private func watch(_ spoken: Int?, _ running: inout Running) {
    let came = door.taken != running.taken
    running.taken = door.taken
    let isToCome = isAnswered && attention == .talking && !isHeldByFarEnd && !isHandingOn
    let block = SoundWatch.Block(
      spoken: isAnswered ? spoken : nil, heard: playout.loudest(),
      came: isToCome ? came : nil)
    for item in running.watch.take(block, levels: rules.tellsLevels && attention == .talking) {
      news?(item)
    }
  }

  private func send(_ block: UnsafeBufferPointer<Int16>, _ running: Running) {
    guard var destination, MediaAddress(local: local).maySend(to: destination),
      let agreed = negotiation.agreed, agreed.theirFlow.receives, !negotiation.isOff
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
      rtp.object, &destination, false, running.ticks == 0, speaking?.theirs ?? 0, running.timestamp,
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
    guard let spoken = negotiation.agreed?.spoken(as: header.pt), let bytes = mbuf_buf(packet)
    else {
      return
    }
    follow(spoken)
    let codec = spoken.codec
    let left = min(mbuf_get_left(packet), Self.longestPayload)
    playout.put(
      SoundPacket(
        number: header.seq, timestamp: header.ts, codec: codec,
        bytes: Array(UnsafeBufferPointer(start: bytes, count: left))),
      source: header.ssrc, at: Playout.now)
  }

  /// A far end that speaks something else that was agreed is spoken to in the same: some systems drop
  /// what they do not speak themselves.
  private func follow(_ spoken: Agreement.Spoken) {
    guard spoken.codec != codec else {
      others = 0
      return
    }
    others += 1
    guard others >= Self.enoughToFollow else { return }
    speaking = spoken
    others = 0
  }

  /// So many packets in a row are no straggler.
  private static let enoughToFollow = 3
  /// More is no sound of a telephone.
  private static let longestPayload = 1_600
}

/// RTP's fixed header, which libre writes in front of the block.
private let headerBytes = Int(RTP_HEADER_SIZE)
