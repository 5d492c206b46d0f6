// The sound of the line: whatever the settings want, opened when it is needed.

import CCCore

/// Makes each call's sound, and rings.
///
/// `auto` looks at the machine after the line has registered, in a process of its own, and opens what it
/// found when the first call comes: a line that waits holds no library and no connection for it.
final class LineSound {
  private weak var owner: (any SoundOwner)?
  private let ringer = Ringer()
  private var audio = Settings.Audio.none
  /// The samples of `file:IN`.
  private var samples: [Int16] = []
  private var pulse: PulseServer?
  private var alsa: AlsaDevices?
  /// What the ringer's output is of.
  private var opened = Settings.Audio.none
  private var search: SoundSearch?
  /// What `auto` found last.
  private var found: SoundFinding?
  private var lookedAt: UInt64?
  /// Whether somebody waits for what will be found.
  private var isWanted = false
  /// Calls that may have begun before anything was found.
  private var late: [Late] = []

  private struct Late {
    weak var sound: LateSound?
  }

  /// How long it is before the machine is looked at again, in milliseconds.
  private static let pause = 3_000

  init(owner: any SoundOwner) { self.owner = owner }

  /// Takes what the settings want.
  func use(_ audio: Settings.Audio) throws(SoundUnusable) {
    if case .file(let input?, _) = audio { samples = try FileSound.samples(of: input) }
    if audio != self.audio {
      search?.cancel()
      (search, found, lookedAt) = (nil, nil, nil)
    }
    // Of `auto` nothing is opened yet; what it replaces is closed.
    if case .auto = audio { if audio != self.audio { try open(.none) } } else { try open(audio) }
    self.audio = audio
  }

  // MARK: Calls

  /// The sound of a new call.
  ///
  /// - Parameters:
  ///   - isFirst: whether there is no other call; a file belongs to one at a time.
  func ofCall(isFirst: Bool) throws -> any Sound {
    wake()
    switch audio {
    case .auto:
      let sound = LateSound { [weak self] in self?.ofDevices() }
      late = late.filter { $0.sound != nil } + [Late(sound: sound)]
      return sound
    case .pulse, .alsa: return ofDevices() ?? NoSound()
    case .file(_, let output) where isFirst:
      let sound = try FileSound(samples: samples, output: output)
      if let path = sound.recordingPath { owner?.note(.info, SafeText("recording to \(path)")) }
      return sound
    case .file, .none: return NoSound()
    }
  }

  private func ofDevices() -> (any Sound)? {
    switch opened {
    case .pulse(let choice): pulse.map { PulseSound(choice, on: $0) }
    case .alsa(let choice): alsa.map { AlsaSound(choice, on: $0) }
    default: nil
    }
  }

  /// Plays a tune; nil: silence.
  func ring(_ tune: Tune?) {
    guard let tune else { return ringer.stop() }
    wake()
    if tune != ringer.now { ringer.play(tune) }
  }

  // MARK: Devices

  private func open(_ audio: Settings.Audio) throws(SoundUnusable) {
    guard audio != opened, let owner else { return }
    switch audio {
    case .pulse(let choice):
      let server: PulseServer
      if let pulse { server = pulse } else { server = try PulseServer(owner: owner) }
      pulse = server
      server.expects(choice)
      ringer.output = PulseTones(choice, on: server)
    case .alsa(let choice):
      let devices: AlsaDevices
      if let alsa { devices = alsa } else { devices = try AlsaDevices(owner: owner) }
      alsa = devices
      ringer.output = AlsaTones(choice, on: devices)
      closePulse()
    case .none, .file, .auto:
      ringer.output = nil
      closePulse()
    }
    opened = audio
  }

  private func closePulse() {
    pulse?.close()
    pulse = nil
  }

  /// Something is to be heard now.
  private func wake() {
    guard case .auto(let choice) = audio else { return }
    let chosen: Settings.Audio
    switch found?.choice {
    case .pulse: chosen = .pulse(choice)
    case .alsa: chosen = .alsa(choice)
    case .silence, nil:
      isWanted = true
      return look()
    }
    do throws(SoundUnusable) {
      try open(chosen)
    } catch {
      owner?.note(.warning, SafeText(error.sentence))
    }
  }

  // MARK: Looking for devices

  /// Looks which devices there are, where that is not known yet.
  func look() {
    guard search == nil, found == nil || found?.choice == .silence else { return }
    if let lookedAt, Timer.since(lookedAt) < UInt64(Self.pause) { return }
    lookedAt = Timer.now
    switch audio {
    case .auto(let choice): look("auto", choice)
    case .alsa(let choice): look("alsa", choice)
    case .none, .file, .pulse: break
    }
  }

  private func look(_ word: String, _ choice: DeviceChoice) {
    let search = SoundSearch { [weak self] finding in self?.took(finding, choice) }
    self.search = search
    search.start(word, choice)
  }

  private func took(_ finding: SoundFinding, _ choice: DeviceChoice) {
    search = nil
    let isNews = finding != found
    found = finding
    if isNews { tell(finding, choice) }
    guard isWanted, finding.choice != .silence else { return }
    isWanted = false
    wake()
    for late in late { late.sound?.tryAgain() }
  }

  private func tell(_ finding: SoundFinding, _ choice: DeviceChoice) {
    if finding.choice == .silence {
      let words = "calls are silent: \(finding.words); ccterm doctor looks again"
      owner?.note(.warning, SafeText(words, limit: 240))
    } else if case .auto = audio {
      owner?.note(.info, SafeText("sound: \(finding.words)", limit: 240))
    }
    for lack in finding.lacks { owner?.note(.warning, SafeText(lack, limit: 240)) }
    if choice.cancelsEcho, finding.choice == .alsa {
      owner?.note(.warning, "there is no echo canceller without a sound server")
    }
  }
}
