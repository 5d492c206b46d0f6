// The ringer's tunes at the sound server.

/// Plays tunes on the ringer's device or on the loudspeaker.
final class PulseTones: ToneOutput {
  private struct Playing {
    var samples: [Int16]
    var position = 0
    var over: Bool
  }

  private let server: PulseServer
  private let choice: PulseSound.Choice
  private var stream: PulseStream?
  private let end = Timer()

  /// A tune may wait a little: what rings need not be quick.
  private static let latency = 60

  init(_ choice: PulseSound.Choice, on server: PulseServer) {
    self.choice = choice
    self.server = server
  }

  func play(_ samples: [Int16], over: Bool, on place: Tune.Place) {
    silence()
    guard !samples.isEmpty else { return }
    let playing = Lock(Playing(samples: samples, over: over))
    let ringer = choice.ringer.isEmpty ? choice.loudspeaker : choice.ringer
    let setup = PulseStream.Setup(
      kind: .playback, device: place == .ringer ? ringer : choice.loudspeaker, rate: Tune.rate,
      role: place == .ringer ? "event" : "phone", latency: Self.latency)
    let stream = PulseStream(setup, on: server) { block in
      playing.with { playing in
        for index in block.indices {
          if playing.position == playing.samples.count, playing.over { playing.position = 0 }
          guard playing.position < playing.samples.count else {
            block[index] = 0
            continue
          }
          block[index] = playing.samples[playing.position]
          playing.position += 1
        }
      }
    }
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
