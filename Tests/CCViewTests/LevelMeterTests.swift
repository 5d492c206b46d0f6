// The small meter of a call's sound.

import CCCore
import CCTestSupport
import Testing

@Suite struct LevelMeterTests {
  private func row(_ stage: Stage) -> String? { stage.text.first { $0.contains("you ") } }

  @Test func showsBothWhileTheyTalk() throws {
    var stage = Stage()
    stage.talk()
    // A line that tells no levels has no meter.
    #expect(row(stage) == nil)
    stage.line(.level(input: 0.5, output: 0.125))
    #expect(try #require(row(stage)).contains("you ▒▒··  far ▒···"))
    stage.line(.level(input: 0, output: 1))
    #expect(try #require(row(stage)).contains("you ····  far ▒▒▒▒"))
  }

  @Test func saysNothingOfAMutedMicrophoneNorOfAHeldCall() throws {
    var stage = Stage()
    stage.talk()
    stage.line(.level(input: 1, output: 1))
    stage.line(.callState(call: "c", held: nil, muted: true))
    #expect(try #require(row(stage)).contains("you ····  far ▒▒▒▒"))
    stage.line(.callState(call: "c", held: true, muted: false))
    #expect(row(stage) == nil)
    stage.line(.callState(call: "c", held: false, muted: false))
    stage.call(.ended, id: "c")
    #expect(row(stage) == nil)
  }
}
