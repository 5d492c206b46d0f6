// A sound server with one sink of two channels: what goes into a mouth, and what comes out at an ear.

import Glibc

/// PulseAudio without a card.
///
/// The left channel is the mouth, which the line's microphone hears; the
/// right one is the ear, on which its loudspeaker plays. Both are recorded as one stream, so the way
/// from one to the other is counted in samples and no clock is compared with another.
final class Wire {
  static let rate = 48_000
  let address: String
  private let server: Program
  private let recorder: Program
  private let mouth: Program
  private var bytes: [UInt8] = []
  private let started: Int64

  init(_ house: House) throws {
    let socket = "\(house.folder)/run/sound"
    address = "unix:\(socket)"
    unlink(socket)
    let map = "channel_map=mono remix=no"
    let modules = [
      "module-native-protocol-unix auth-anonymous=1 socket=\(socket)",
      "module-null-sink sink_name=wire rate=\(Self.rate) channels=2 "
        + "channel_map=front-left,front-right",
      "module-remap-sink sink_name=mouth master=wire channels=1 "
        + "master_channel_map=front-left \(map)",
      "module-remap-sink sink_name=ear master=wire channels=1 "
        + "master_channel_map=front-right \(map)",
      "module-remap-source source_name=hears master=wire.monitor channels=1 "
        + "master_channel_map=front-left \(map)",
    ]
    server = try Program.onPipes(
      [
        "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
        "--realtime=no", "--high-priority=no",
      ] + modules.flatMap { ["-L", $0] }, environment: house.environment)
    let end = now() + 10 * second
    while access(socket, F_OK) != 0, now() < end { pause(5 * millisecond) }
    let environment = house.environment + ["PULSE_SERVER=\(address)"]
    let sound = [
      "--raw", "--format=s16le", "--rate=\(Self.rate)", "--latency-msec=20",
    ]
    recorder = try Program.onPipes(
      [
        "pacat", "--record", "--device=wire.monitor", "--channels=2",
        "--channel-map=front-left,front-right",
      ] + sound, environment: environment)
    guard recorder.wait() != nil else { throw BenchError("the sound server does not record") }
    mouth = try Program.onPipes(
      ["pacat", "--playback", "--device=mouth", "--channels=1"] + sound, environment: environment)
    started = now()
  }

  /// Says 10 ms of a tone, with silence after it, as long as asked.
  func say(milliseconds: Int) {
    var samples = [Int16](repeating: 0, count: milliseconds * Self.rate / 1000)
    for index in 0..<(Self.rate / 100) {
      samples[index] = Int16(20_000 * sin(2 * .pi * 900 * Double(index) / Double(Self.rate)))
    }
    samples.withUnsafeBytes { raw in
      var sent = 0
      while sent < raw.count {
        let count = write(mouth.input, raw.baseAddress?.advanced(by: sent), raw.count - sent)
        if count > 0 { sent += count } else if errno != EINTR { return }
      }
    }
  }

  /// Takes what was recorded since.
  func listen() { bytes += recorder.taken() }

  /// For each tone that was said, how much later it was heard, in milliseconds.
  func delays() -> Sample {
    let (left, right) = (onsets(channel: 0), onsets(channel: 1))
    var sample = Sample()
    for said in left {
      guard let heard = right.first(where: { $0 > said && $0 < said + Self.rate * 4 / 10 }) else {
        continue
      }
      sample.add(Double(heard - said) * 1000 / Double(Self.rate))
    }
    return sample
  }

  /// The samples at which a tone begins after silence.
  private func onsets(channel: Int) -> [Int] {
    var onsets: [Int] = []
    var quiet = Self.rate
    for frame in 0..<(bytes.count / 4) {
      let at = frame * 4 + channel * 2
      let sample = Int16(bitPattern: UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8)
      if sample.magnitude > 3_000 {
        if quiet > Self.rate / 5 { onsets.append(frame) }
        quiet = 0
      } else {
        quiet += 1
      }
    }
    return onsets
  }

  func stop() {
    for program in [mouth, recorder, server] { program.stop() }
  }
}
