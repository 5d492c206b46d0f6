// The order, the wait and the samples of one stream that arrives.

/// Puts packets in order, lets each wait as long as the way is uneven, makes up what is missing, and
/// follows a sender whose clock runs otherwise than the listener's.
///
/// All times are milliseconds of one steady clock.
struct PlayoutStream {
  /// What became of the packets.
  struct Counts: Hashable {
    var taken = 0
    /// Came after something else had been heard in their place, or twice.
    var late = 0
    /// Never came, or too late.
    var lost = 0
    /// Times at which nothing was there at all.
    var gaps = 0
    /// Made no sense to their codec.
    var unreadable = 0
  }

  private(set) var counts = Counts()
  var isOpen = true
  var loudest = 0
  /// How long a packet that comes at its best waits.
  var wait: Double { jitter.wait }

  private var rate = Block.narrow
  private var queue = PacketQueue()
  private var jitter = Jitter()
  private var decoder: (codec: Codec, reader: any FrameDecoder)?
  /// Samples that are ready.
  private var ready: [Int16] = []
  private var readyFrom = 0
  /// Samples of the last packet, on the clock of the sender.
  private var lastFrame = 0
  /// The codec of what comes.
  private var codec: Codec?
  /// A timestamp that came, and the ticks since the first one.
  private var reference: (stamp: UInt32, ticks: Int64)?
  /// The timestamp after the last packet that was heard or made up.
  private var after: UInt32?
  /// Samples made up since then for want of anything.
  private var starved = 0
  private var pace = Pace()
  /// How much is taken at a time, in milliseconds.
  private var pull = 0.0
  private var wasGap = false
  /// Whether it has begun to be heard.
  private var hasBegun = false

  /// So many milliseconds are made up for want of anything; then it is silent.
  private static let longest = 80

  mutating func open(rate: Int) {
    self.rate = rate
    decoder = nil
    forget()
  }

  private mutating func forget() {
    queue.clear()
    codec = nil
    restart()
    ready = []
    readyFrom = 0
    lastFrame = rate * Block.milliseconds / 1000
    starved = 0
  }

  // MARK: In

  mutating func put(_ packet: SoundPacket, source: UInt32, at now: Double) {
    if codec != packet.codec { restart() }
    codec = packet.codec
    let verdict = queue.put(packet, source: source)
    if verdict == .restart { restart() }
    if reference == nil { reference = (packet.timestamp, 0) }
    switch verdict {
    case .double: counts.late += 1
    // It came, only late: the way is that uneven.
    case .late:
      counts.late += 1
      jitter.arrived(at: now, sent: sent(packet))
    case .taken, .restart:
      counts.taken += 1
      jitter.arrived(at: now, sent: sent(packet))
      reference = (packet.timestamp, ticks(of: packet))
    }
  }

  /// Another sender, or another codec of the same: what was learnt of its clock is void.
  private mutating func restart() {
    jitter.restart()
    reference = nil
    after = nil
    pace.restart()
    hasBegun = false
  }

  /// The sender's clock when the packet was sent, however often the timestamp has wrapped.
  private func ticks(of packet: SoundPacket) -> Int64 {
    guard let reference else { return 0 }
    return reference.ticks + Int64(Int32(bitPattern: packet.timestamp &- reference.stamp))
  }

  /// The same in milliseconds.
  private func sent(_ packet: SoundPacket) -> Double {
    Double(ticks(of: packet)) * 1000 / Double(packet.codec.clock)
  }

  // MARK: Out

  mutating func take(_ block: UnsafeMutableBufferPointer<Int16>, at now: Double) {
    pull = Double(block.count) * 1000 / Double(rate)
    var filled = 0
    while filled < block.count {
      // At `now`, and not when the sample will be heard: what has not come by now is not there.
      if readyFrom == ready.count { refill(at: now) }
      let count = min(block.count - filled, ready.count - readyFrom)
      guard count > 0 else { break }
      for index in 0..<count { block[filled + index] = ready[readyFrom + index] }
      readyFrom += count
      filled += count
    }
    for index in filled..<block.count { block[index] = 0 }
    guard isOpen else { return block.update(repeating: 0) }
    for sample in block { loudest = max(loudest, Int(sample.magnitude)) }
  }

  private mutating func refill(at now: Double) {
    ready.removeAll(keepingCapacity: true)
    readyFrom = 0
    switch queue.next {
    case .packet(let packet): play(packet, at: now)
    case .lost(let follower):
      counts.lost += 1
      wasGap = false
      // What was made up before its follower came to show that it is lost.
      let made = min(starved, lastFrame)
      starved -= made
      if let codec = decoder?.codec {
        after = after.map { $0 &+ UInt32(lastFrame * codec.clock / rate) }
      }
      queue.advance()
      let count = lastFrame - made
      guard count > 0 else { return refill(at: now) }
      ready = decoder?.reader.invented(count, follower: follower?.bytes) ?? silence(count)
    case .nothing: starve()
    }
  }

  private mutating func play(_ packet: SoundPacket, at now: Double) {
    let due = (jitter.base ?? now) + sent(packet) + jitter.wait
    if !hasBegun {
      guard now >= due else { return starve() }
      hasBegun = true
    }
    // A pause of the sender is a pause here, as far as it has not been one already.
    if let after, decoder?.codec == packet.codec {
      let pause = Int(Int32(bitPattern: packet.timestamp &- after)) * rate / packet.codec.clock
      if pause > starved + rate / 200, pause < rate * 2, now < due { return starve() }
    }
    queue.advance()
    wasGap = false
    starved = 0
    if decoder?.codec != packet.codec {
      decoder = packet.codec.decoder(rate: rate).map { (packet.codec, $0) }
    }
    guard let samples = decoder?.reader.samples(of: packet.bytes) else {
      counts.unreadable += 1
      ready = silence(lastFrame)
      return
    }
    lastFrame = samples.count
    let waited = now - (due - jitter.wait)
    after = packet.timestamp &+ UInt32(samples.count * packet.codec.clock / rate)
    ready = pace.paced(samples, waited: waited, wait: jitter.wait, pull: pull, rate: rate)
  }

  /// Nothing is there: a little is made up, 5 ms at a time, so that what comes is heard at once.
  private mutating func starve() {
    let count = rate / 200
    if hasBegun, !wasGap {
      counts.gaps += 1
      wasGap = true
    }
    starved += count
    // After a long silence the next packet waits as the first one did.
    if starved > rate / 2 { hasBegun = false }
    guard hasBegun, starved <= rate * Self.longest / 1000 else {
      ready = silence(count)
      return
    }
    ready = decoder?.reader.invented(count, follower: nil) ?? silence(count)
  }

  private func silence(_ count: Int) -> [Int16] { [Int16](repeating: 0, count: count) }
}
