// A call's microphone and loudspeaker, and the ringer's tunes, on ALSA's devices.

/// Two devices of ALSA, for one call.
final class AlsaSound: Sound {
  let rate = AlsaStream.rate
  let hasMicrophone = true
  let hasClock = true
  private let devices: AlsaDevices
  private let choice: DeviceChoice
  private var microphone: Microphone?
  private var uses: [Int] = []

  init(_ choice: DeviceChoice, on devices: AlsaDevices) {
    self.choice = choice
    self.devices = devices
  }

  func open(wide: Bool, ear: Playout) {
    guard uses.isEmpty else { return }
    let microphone = Microphone(rate: rate)
    self.microphone = microphone
    uses = [
      devices.add(.record, on: choice.microphone) { microphone.put($0) },
      devices.add(.playback, on: choice.loudspeaker) { ear.take($0, at: Playout.now) },
    ]
  }

  func capture(_ block: UnsafeMutableBufferPointer<Int16>) {
    guard let microphone else { return block.update(repeating: 0) }
    microphone.take(block)
  }

  func play(_ block: UnsafeMutableBufferPointer<Int16>) {}

  func finish() {
    for use in uses { devices.remove(use) }
    uses = []
    microphone = nil
  }
}

/// Plays tunes on the ringer's device or on the loudspeaker, mixed with what is heard there.
final class AlsaTones: ToneOutput {
  private let devices: AlsaDevices
  private let choice: DeviceChoice
  private var use: Int?
  private let end = Timer()

  init(_ choice: DeviceChoice, on devices: AlsaDevices) {
    self.choice = choice
    self.devices = devices
  }

  func play(_ samples: [Int16], over: Bool, on place: Tune.Place) {
    silence()
    guard !samples.isEmpty else { return }
    let player = TonePlayer(samples, over: over)
    use = devices.add(.playback, on: choice.device(of: place)) { player.fill($0) }
    guard !over else { return }
    end.start(after: samples.count * 1000 / Tune.rate + 500) { [weak self] in self?.silence() }
  }

  func silence() {
    end.cancel()
    if let use { devices.remove(use) }
    use = nil
  }
}
