// The ringer's tunes at the sound server.

/// Plays tunes on the ringer's device or on the loudspeaker.
final class PulseTones: ToneOutput {
  private let server: PulseServer
  private let choice: DeviceChoice
  private var stream: PulseStream?
  private let end = Timer()

  /// A tune may wait a little: what rings need not be quick.
  private static let latency = 60
  /// From one look whether it is over to the next, in milliseconds; and what the server keeps is out by then.
  private static let pause = 400
  /// A server that begins later than these never does.
  private static let mostLooks = 25

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
    if !over { end(after: player, looks: Self.mostLooks) }
  }

  /// A tune that is played once goes when its last note has been heard: the server may take its time to begin.
  private func end(after player: TonePlayer, looks: Int) {
    end.start(after: Self.pause) { [weak self] in
      guard let self else { return }
      looks == 0 ? silence() : end(after: player, looks: player.isOver ? 0 : looks - 1)
    }
  }

  func silence() {
    end.cancel()
    if let stream { server.remove(stream) }
    stream = nil
  }
}
