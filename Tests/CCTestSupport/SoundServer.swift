// A sound server without a sound card: PulseAudio with null sinks.

import Foundation

/// A PulseAudio of its own: whatever is played into one of its sinks can be recorded from its monitor.
public final class SoundServer: Sendable {
  /// What `PULSE_SERVER` is to be for those who use it.
  public let address: String
  private let folder: TestFolder
  private let peer: Mutexed<Peer>
  private let modules: [String]

  /// Starts one with these sinks and whatever else it is to load, and waits until it listens.
  public init(sinks: [String], modules: [String] = []) async throws {
    folder = try TestFolder()
    self.modules = sinks.map { Self.module($0) } + modules
    address = "unix:\(folder.path("native"))"
    peer = Mutexed(try await Self.start(folder, self.modules))
  }

  private static func module(_ sink: String) -> String {
    "module-null-sink sink_name=\(sink) rate=16000 channels=1 "
      + "sink_properties=device.description=The-\(sink)"
  }

  private static func start(_ folder: TestFolder, _ more: [String]) async throws -> Peer {
    let modules =
      ["module-native-protocol-unix auth-anonymous=1 socket=\(folder.path("native"))"] + more
    try? FileManager.default.removeItem(atPath: folder.path("native"))
    let peer = try Peer(
      "env",
      [
        "HOME=\(folder.url.path)", "XDG_RUNTIME_DIR=\(folder.url.path)",
        "PULSE_RUNTIME_PATH=\(folder.url.path)", "pulseaudio", "-n", "--daemonize=no",
        "--exit-idle-time=-1", "--use-pid-file=no", "--realtime=no", "--high-priority=no",
        "--disable-shm=yes", "--log-target=stderr",
      ] + modules.flatMap { ["-L", $0] }, in: folder)
    try await eventually("pulseaudio listens", within: 20) {
      if let code = peer.exitCodeIfEnded {
        throw NotInTime("pulseaudio ended with \(code): \(folder.read("env.out").suffix(500))")
      }
      return FileManager.default.fileExists(atPath: folder.path("native"))
    }
    return peer
  }

  /// Stops it; `start()` brings it back at the same address.
  public func stop() async { await peer.with({ $0 }).stop() }

  /// Starts it again.
  public func start() async throws {
    let again = try await Self.start(folder, modules)
    peer.with { $0 = again }
  }

  /// Runs `pactl`; its exit code.
  @discardableResult
  public func control(_ words: String...) async throws -> Int32 {
    await (try Peer("env", ["PULSE_SERVER=\(address)", "pactl"] + words, in: folder)).exitCode()
  }

  /// What `pactl` prints.
  public func ask(_ words: String...) async throws -> String {
    let answer = try TestFolder()
    let pactl = try Peer("env", ["PULSE_SERVER=\(address)", "pactl"] + words, in: answer)
    _ = await pactl.exitCode()
    return answer.read("env.out")
  }

  /// A sink appears, as when a headset is plugged in.
  public func plug(_ sink: String) async throws {
    _ = try await Peer(
      "env",
      ["PULSE_SERVER=\(address)", "pactl", "load-module"]
        + Self.module(sink).split(separator: " ").map(String.init), in: folder
    ).exitCode()
  }

  /// A sink goes away.
  public func unplug(_ sink: String) async throws {
    for line in try await ask("list", "short", "modules").split(separator: "\n") {
      let fields = line.split(separator: "\t")
      guard fields.count > 2, fields[2].split(separator: " ").contains("sink_name=\(sink)") else {
        continue
      }
      try await control("unload-module", String(fields[0]))
    }
  }

  /// A configuration of ALSA's, in which these names are devices of this server; its path.
  ///
  /// - Parameters:
  ///   - devices: names of ALSA's, and the sink or the source that each is.
  public func alsa(_ devices: KeyValuePairs<String, String>) throws -> String {
    let path = folder.path("asound.conf")
    let text =
      "</usr/share/alsa/alsa.conf>\n"
      + devices.map { name, device in
        "pcm.\(name) { type pulse server \"\(address)\" device \"\(device)\" }\n"
      }.joined()
    try Data(text.utf8).write(to: URL(filePath: path))
    return path
  }

  /// Plays samples (one channel) into a sink, until the voice is dropped.
  public func speak(_ samples: [Int16], rate: Int, into sink: String) throws -> Voice {
    let path = folder.path("voice-\(UUID().uuidString.prefix(8)).raw")
    try samples.withUnsafeBytes { Data($0) }.write(to: URL(filePath: path))
    return try Voice(
      Peer(
        "env",
        [
          "PULSE_SERVER=\(address)", "pacat", "--playback", "--raw", "--device=\(sink)",
          "--format=s16le", "--channels=1", "--rate=\(rate)", "--latency-msec=50", path,
        ], in: folder))
  }

  /// Somebody who speaks.
  public final class Voice: Sendable {
    private let peer: Peer
    init(_ peer: Peer) { self.peer = peer }
    /// Falls silent.
    public func stop() async { await peer.stop() }
  }

  /// Listens to what a sink plays.
  public func listen(to sink: String, rate: Int) throws -> Ear {
    let path = folder.path("ear-\(UUID().uuidString.prefix(8)).raw")
    return try Ear(
      Peer(
        "env",
        [
          "PULSE_SERVER=\(address)", "pacat", "--record", "--raw", "--device=\(sink).monitor",
          "--format=s16le", "--channels=1", "--rate=\(rate)", "--latency-msec=20", path,
        ], in: folder), path, sink, rate)
  }

  /// Somebody who listens.
  public final class Ear: Sendable {
    private let peer: Peer
    private let path: String
    private let sink: String
    private let rate: Int
    init(_ peer: Peer, _ path: String, _ sink: String, _ rate: Int) {
      (self.peer, self.path, self.sink, self.rate) = (peer, path, sink, rate)
    }

    /// How many samples were heard so far.
    public var count: Int {
      ((try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int ?? 0) / 2
    }

    /// The samples from a place on.
    public func samples(from start: Int = 0) -> [Int16] {
      guard let file = FileHandle(forReadingAtPath: path) else { return [] }
      try? file.seek(toOffset: UInt64(start * 2))
      let bytes = Array((try? file.readToEnd()) ?? Data())
      return stride(from: 0, to: bytes.count - 1, by: 2).map {
        Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)
      }
    }

    /// Waits until the last half second is a tone, or is silent.
    public func hears(_ tone: Tone?, within seconds: Double = 20) async throws {
      let what = tone.map { "\($0.hertz) Hz" } ?? "silence"
      try await eventually("\(what) at \(sink)", within: seconds) {
        let last = samples(from: max(0, count - rate / 2))
        guard last.count == rate / 2 else { return false }
        if let tone { return tone.presence(in: last) > Tone.amplitude * 0.58 }
        return last.allSatisfy { $0.magnitude < 60 }
      }
    }

    /// Goes away.
    public func stop() async { await peer.stop() }
  }
}
