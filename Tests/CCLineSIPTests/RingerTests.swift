// The tones beside the voices.

import Testing

@testable import CCLineSIP

@Suite struct RingerTests {
  /// Remembers what it was to play.
  private final class Ear: ToneOutput {
    var heard: [(count: Int, over: Bool, place: Tune.Place)] = []
    var silences = 0
    func play(_ samples: [Int16], over: Bool, on place: Tune.Place) {
      heard.append((samples.count, over, place))
    }
    func silence() { silences += 1 }
  }

  @Test(arguments: Tune.allCases)
  func everyTuneIsSoftAndNeverClicks(_ tune: Tune) {
    let samples = tune.samples
    #expect(samples.first == 0 && abs(samples.last ?? 1) < 60)
    #expect(samples.map { abs(Int($0)) }.max() ?? 0 > 3000)
    #expect(samples.map { abs(Int($0)) }.max() ?? 0 <= 5000)
    let steps = zip(samples, samples.dropFirst()).map { abs(Int($0) - Int($1)) }
    #expect(steps.max() ?? 0 < 1900)
  }

  @Test func ringsUntilItIsStopped() {
    let ringer = Ringer()
    ringer.play(.ringing)
    // A device that comes later takes over what is to be heard.
    let ear = Ear()
    ringer.output = ear
    #expect(ear.heard.map(\.over) == [true] && ear.heard[0].place == .ringer)
    ringer.stop()
    #expect(ear.silences == 1)
    ringer.output = Ear()
    #expect(ringer.now == nil)
    ringer.play(.waiting)
    #expect(ringer.now == nil)
  }
}
