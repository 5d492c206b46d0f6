// The ringer's tunes at the sound server.

/// Plays tunes on the ringer's device or on the loudspeaker.
final class PulseTones: ToneOutput {
  private let server: PulseServer
  private let choice: DeviceChoice
  private var stream: PulseStream?
  private let end = Timer()

  /// A tune may wait a little: what rings need not be quick.
  private static let latency = 60

  init(_ choice: DeviceChoice, on server: PulseServer) {
    self.choice = choice
    self.server = server
  }

  func play(_ samples: [Int16], over: Bool, on place: Tune.Place) {
    silence()
    guard !samples.isEmpty else { return }
    let player = TonePlayer(samples, over: over)
    let setup = PulseStream.Setup(
      way: .playback, device: choice.device(of: place), rate: Tune.rate,
      role: place == .ringer ? "event" : "phone", latency: Self.latency)
    let stream = PulseStream(setup, on: server) { player.fill($0) }
    self.stream = stream
    server.add(stream)
    guard !over else { return }
    let length = samples.count * 1000 / Tune.rate
    end.start(after: length + 500) { [weak self] in self?.silence() }
  }

  func silence() {
    end.cancel()
    if let stream { server.remove(stream) }
    stream = nil
  }
}
