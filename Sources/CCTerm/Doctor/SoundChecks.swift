// The sound of the SIP line: what it would use on this machine.

/// Asks the line program itself, which looks for devices as it does before a call.
@MainActor enum SoundChecks {
  static func findings(_ configuration: Configuration) -> [Finding] {
    let audio = configuration.text("sip.audio") ?? "auto"
    if audio == "none" {
      return [
        .warning("sound", "sip.audio is none: calls are silent", mend: "set sip.audio: auto")
      ]
    }
    if audio.hasPrefix("file:") { return [.ok("sound", audio)] }
    // That it is missing is said elsewhere.
    guard let program = Beside.program("ccterm-line-sip") else { return [] }
    let names = ["sip.microphone", "sip.loudspeaker", "sip.ringer"]
      .map { configuration.text($0) ?? "" }
    let run = ProbeRun.run([program, "--sound", audio] + names, seconds: 5)
    let lines = run?.output.split(separator: "\n").map(String.init) ?? []
    guard run?.code == 0, lines.count >= 2 else {
      return [.warning("sound", "it could not be looked at", mend: "see sip.audio in docs/sip.md")]
    }
    return finding(audio, lines[0], lines[1])
      + lines.dropFirst(2).map {
        .warning("sound", $0, mend: "see sip.audio and its devices in docs/sip.md")
      }
  }

  private static func finding(_ audio: String, _ choice: String, _ words: String) -> [Finding] {
    guard choice == "none" else { return [.ok("sound", words)] }
    let mend =
      audio == "alsa"
      ? "aplay -L and arecord -L name the devices"
      : "sudo apt install pipewire-pulse (or pulseaudio), and sign in anew"
    return [
      audio == "auto"
        ? .warning("sound", "calls are silent: \(words)", mend: mend)
        : .missing("sound", words, mend: mend)
    ]
  }
}
