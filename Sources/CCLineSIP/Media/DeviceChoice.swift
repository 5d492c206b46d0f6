// The devices that the settings name.

/// What is spoken into, heard on and rung on; empty: the usual one.
struct DeviceChoice: Hashable {
  var microphone = ""
  var loudspeaker = ""
  var ringer = ""
  var cancelsEcho = false

  /// Where tones are heard.
  func device(of place: Tune.Place) -> String {
    place == .ringer && !ringer.isEmpty ? ringer : loudspeaker
  }
}

/// Which way sound goes through a device.
enum SoundWay: Hashable, Sendable {
  case record, playback
  /// The device, as it is told.
  var word: String { self == .record ? "microphone" : "loudspeaker" }
}
