// `ccterm-line-sip --sound`: looks which sound this machine has, and says so.

import CALSA
import CCCore
import CLibre
import Glibc

/// One look, in a process that ends after it: what libraries load and leave behind goes with it.
final class SoundProbe: SoundOwner {
  private let choice: DeviceChoice
  private var lacks: [String] = []

  /// How long the server may take to answer, in milliseconds.
  private static let patience = 2_000

  private init(_ choice: DeviceChoice) { self.choice = choice }

  func note(_ level: NoticeLevel, _ message: SafeText) {
    if level == .warning { lacks.append(message.string) }
  }

  /// Looks, prints a `SoundFinding`, and returns the exit code.
  ///
  /// - Parameters:
  ///   - words: `auto`, `pulse` or `alsa`, then microphone, loudspeaker and ringer as the settings name
  ///     them, each of which may be missing.
  static func run(_ words: [String]) -> Int32 {
    func word(_ index: Int) -> String { words.indices.contains(index) ? words[index] : "" }
    let probe = SoundProbe(
      DeviceChoice(microphone: word(1), loudspeaker: word(2), ringer: word(3)))
    guard libre_init() == 0 else { return 1 }
    print(probe.look(word(0)).text, terminator: "")
    return 0
  }

  private func look(_ wanted: String) -> SoundFinding {
    guard wanted != "alsa" else { return lookAtALSA() }
    switch lookAtServer() {
    case .success(let name):
      return SoundFinding(.pulse, "the sound server (\(name))", lacks: lacks)
    case .failure(let why):
      // Who names a server means that one: its sound is not to come out of another machine.
      let isNamed = getenv("PULSE_SERVER") != nil
      guard wanted == "auto", !isNamed else {
        let words = "no sound server answers: \(why.words)"
        return isNamed && wanted == "auto"
          ? SoundFinding(.pulse, "the sound server that PULSE_SERVER names", lacks: [words])
          : SoundFinding(.silence, words)
      }
      return lookAtALSA(since: "no sound server answers (\(why.words))")
    }
  }

  // MARK: The sound server

  private struct Why: Error { var words: String }

  private func lookAtServer() -> Result<String, Why> {
    guard let server = try? PulseServer(owner: self) else {
      return .failure(Why(words: "libpulse is not installed"))
    }
    var result = Result<String, Why>.failure(Why(words: "it does not answer"))
    server.news = { news in
      switch news {
      case .ready: result = .success(server.devices.server)
      case .lost(let why): result = .failure(Why(words: why))
      }
      re_cancel()
    }
    server.expects(choice)
    let deadline = Timer()
    deadline.start(after: Self.patience) { re_cancel() }
    _ = re_main(nil)
    deadline.cancel()
    server.news = nil
    server.close()
    if case .failure = result { lacks = [] }
    return result
  }

  // MARK: ALSA

  private func lookAtALSA(since reason: String? = nil) -> SoundFinding {
    let before = reason.map { "\($0), and " } ?? ""
    guard let library = cc_alsa()?.pointee else {
      return SoundFinding(.silence, before + "libasound is not installed")
    }
    var lacks: [String] = []
    var works = false
    var wanted = [(choice.microphone, SoundWay.record), (choice.loudspeaker, .playback)]
    if !choice.ringer.isEmpty { wanted.append((choice.ringer, .playback)) }
    for (name, way) in wanted {
      if let why = Self.fault(name, way, library) {
        lacks.append("\(AlsaWords.device(name, way)) \(AlsaWords.reason(why, library))")
        // What is named may come later.
        if reason != nil, !name.isEmpty, Self.fault("", way, library) == nil { works = true }
      } else {
        works = true
      }
    }
    guard works else { return SoundFinding(.silence, before + lacks.joined(separator: ", ")) }
    return SoundFinding(
      .alsa, "ALSA's devices" + (reason.map { ", since \($0)" } ?? ""), lacks: lacks)
  }

  private static func fault(_ name: String, _ way: SoundWay, _ library: cc_alsa) -> Int32? {
    do throws(AlsaPCM.Failure) {
      try AlsaPCM(name, way, rate: AlsaStream.rate, latency: 30, library: library).close()
      return nil
    } catch {
      // Somebody else uses it now; it is there.
      return error.error == EBUSY ? nil : error.error
    }
  }
}
