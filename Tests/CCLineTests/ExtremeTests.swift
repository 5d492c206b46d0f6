// No figure of a line, of a recording or of a command ends the desk, the line or the replay.

import CCCore
import CCJSON
import CCLine
import CCTestSupport
import Testing

@Suite("Extreme figures of lines") @MainActor struct LineExtremeTests {
  /// Every message of a line that carries a figure, with `#` where it goes.
  private static let messages = [
    #"{"type":"hello","protocol":#,"line":"x"}"#,
    #"{"type":"hello","line":#,"abilities":[#]}"#,
    #"{"type":"registered","account":#,"expiresIn":#,"secure":#}"#,
    #"{"type":"unregistered","reason":"away","retryIn":#}"#,
    #"{"type":"onSeatStatus","detail":#}"#,
    #"{"type":"onSeatStatus","detail":{"seatStatus":#}}"#,
    #"{"type":"onCall","detail":#,"call":"a"}"#,
    #"{"type":"onCall","detail":{"callStatus":#,"calledNumber":"1020"},"call":"a"}"#,
    #"{"type":"onCall","detail":{"callStatus":2,"calledNumber":#},"call":#,"direction":"in"}"#,
    #"{"type":"onCall","detail":{"callStatus":5},"call":"a","code":#,"reason":#,"name":#}"#,
    #"{"type":"callState","call":#,"held":#,"muted":true}"#,
    #"{"type":"transfer","call":#,"state":"trying","reason":#}"#,
    #"{"type":"level","in":#,"out":#}"#,
    #"{"type":"result","id":#,"ok":false,"error":#}"#,
    #"{"type":"log","level":#,"message":#}"#,
    #"{"type":"started","t":#}"#, #"{"type":"died","retryIn":#,"t":#}"#,
  ]

  @Test("every figure in every message of a line, read, heard and written again")
  func messages() {
    for template in Self.messages {
      for text in Extremes.texts {
        let bytes = Array(template.replacing("#", with: text).utf8)
        var now = Instant(uptime: 0, unix: 1_763_900_000_000)
        var desk = Desk(settings: .init(), at: now)
        _ = desk.handle(.line(.started), at: now)
        for event in LineCodec.decode(bytes) {
          _ = desk.handle(.line(event), at: now)
          now = now.advanced(by: Instant.second)
          let written = LineCodec.encode(event)
          #expect(written.isEmpty || !LineCodec.decode(written.dropLast()).isEmpty)
        }
      }
    }
  }

  @Test("every figure in every command, at a line's door") func commands() {
    let commands = [
      "register", "callPhone", "hangUp", "answer", "reject", "hold", "mute", "dtmf", "transfer",
      "setSeat", "ping", "quit",
    ]
    for command in commands {
      for text in Extremes.texts {
        for name in ["id", "status", "phone", "call", "digits", "to", "with", "on"] {
          let line = #"{"type":"\#(command)","\#(name)":\#(text)}"#
          switch LineCodec.decodeCommand(line.utf8) {
          case .success(let (command, _)): _ = LineCodec.encode(command, configuration: nil)
          case .failure(let error): #expect(!error.sentence.isEmpty)
          }
        }
      }
    }
  }

  @Test("a recording plays to its end whatever its moments and its speed")
  func replays() {
    for text in Extremes.texts {
      let recording = """
        {"type":"onSeatStatus","detail":2,"t":\(text)}
        {"type":"died","reason":"gone","retryIn":\(text),"t":\(text)}
        {"type":"onSeatStatus","detail":3,"t":5}
        """
      for speed in Extremes.doubles {
        let line = ReplayLine(bytes: Array(recording.utf8), speed: speed)
        var events = line.start(at: 1_000)
        var before: Int64 = 1_000
        while let due = line.deadline {
          #expect(due >= before)
          before = due
          events += line.ready(at: due)
        }
        #expect(events.last == .died(reason: "the recording is over", retryIn: nil))
      }
    }
  }

  @Test("a record of any figures at any moment is a record")
  func records() throws {
    for number in Extremes.integers {
      let writer = RecordWriter(startingAt: number)
      for now in Extremes.integers {
        let line = writer.line(.died(reason: "gone", retryIn: number), at: now)
        _ = try JSONReader.read(line)
      }
    }
    for number in Extremes.doubles {
      let writer = RecordWriter(startingAt: 0)
      _ = try JSONReader.read(writer.line(.level(input: number, output: number), at: 5))
      _ = try JSONReader.read(
        writer.line(.unregistered(reason: "a", retryIn: number, final: false), at: 5))
    }
  }
}
