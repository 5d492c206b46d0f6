// The devices of a sound server, found by name.

/// What can be spoken into and heard on.
struct SoundDevices: Hashable {
  /// One of them.
  struct Device: Hashable {
    /// The server's name of it: `alsa_input.usb-Jabra-00.mono-fallback`.
    var name: String
    /// As people know it: `Jabra Evolve2 40 Mono`.
    var description: String
    /// Whether it gives what another device plays.
    var isMonitor: Bool
  }

  var sources: [Device] = []
  var sinks: [Device] = []
  /// The server's name and version.
  var server = ""
  /// The server's own choice.
  var usualSource = ""
  /// The server's own choice.
  var usualSink = ""

  /// The device that the settings mean: its name, its description, or a part of one of them, in this
  /// order; nil if none is there, or none is named.
  func find(_ wanted: String, for way: SoundWay) -> Device? {
    guard !wanted.isEmpty else { return nil }
    let all = way == .record ? sources : sinks
    let lower = wanted.lowercased()
    // What a loudspeaker plays is no microphone, unless it is meant by its very name.
    let real = all.filter { !$0.isMonitor }
    return all.first { $0.name == wanted }
      ?? real.first { $0.description.lowercased() == lower }
      ?? real.first {
        Self.contains($0.description.lowercased(), lower)
          || Self.contains($0.name.lowercased(), lower)
      }
  }

  private static func contains(_ text: String, _ part: String) -> Bool {
    let (text, part) = (Array(text.utf8), Array(part.utf8))
    guard text.count >= part.count else { return false }
    return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
  }

  /// A text of libpulse's.
  static func text(_ text: UnsafePointer<CChar>?) -> String {
    text.map { String(cString: $0) } ?? ""
  }
}
