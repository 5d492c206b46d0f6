// A call's microphone and loudspeaker at the sound server.

/// Two streams at the sound server, for one call.
final class PulseSound: Sound {
  private(set) var rate = Block.narrow
  let hasMicrophone = true
  let hasClock = true
  private let server: PulseServer
  private let choice: DeviceChoice
  private var microphone: Microphone?
  private var streams: [PulseStream] = []

  /// What the devices may hold, in milliseconds: mouth to ear is to take 60.
  static let recorded = 5
  static let played = 16

  init(_ choice: DeviceChoice, on server: PulseServer) {
    self.choice = choice
    self.server = server
  }

  func open(wide: Bool, ear: Playout) {
    guard streams.isEmpty else { return }
    rate = wide ? Block.wide : Block.narrow
    let microphone = Microphone(rate: rate)
    self.microphone = microphone
    var setup = PulseStream.Setup(
      way: .record, device: choice.microphone, rate: rate, cancelsEcho: choice.cancelsEcho,
      latency: Self.recorded)
    streams.append(PulseStream(setup, on: server) { microphone.put($0) })
    setup.way = .playback
    setup.device = choice.loudspeaker
    setup.latency = Self.played
    streams.append(PulseStream(setup, on: server) { ear.take($0, at: Playout.now) })
    for stream in streams { server.add(stream) }
  }

  func capture(_ block: UnsafeMutableBufferPointer<Int16>) {
    guard let microphone else { return block.update(repeating: 0) }
    microphone.take(block)
  }

  func play(_ block: UnsafeMutableBufferPointer<Int16>) {}

  func finish() {
    for stream in streams { server.remove(stream) }
    streams = []
    microphone = nil
  }
}
