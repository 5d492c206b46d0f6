// The ids of calls that a line writes as numbers.

import CCCore
import Testing

@testable import CCLine

@Suite struct CallIDTests {
  private func read(_ id: String) -> [LineEvent] {
    LineCodec.decode(
      Array(
        #"{"type":"onCall","detail":{"callStatus":2,"calledNumber":"1020"},"call":\#(id)}"#.utf8))
  }

  /// A whole number is an id, as a double too; one beyond what every reader keeps is none, and the call
  /// shows.
  @Test(
    arguments: [
      ("7", "7"), ("7.0", "7"), ("-7.0", "-7"), ("9223372036854775807", "9223372036854775807"),
      ("9223372036854775808", nil), ("18446744073709551615", nil), ("1e300", nil), ("null", nil),
    ] as [(String, String?)])
  func aWholeNumberIsAnID(_ text: String, _ id: String?) {
    #expect(read(text) == [.call(CallReport(.ringing, number: "1020", call: id))])
  }

  @Test(arguments: ["7.5", "[7]", "true"]) func whatIsNoIDIsNone(_ text: String) {
    #expect(read(text) == [.anomaly(.badDetail)])
  }

  /// It goes back as a number.
  @Test(arguments: ["7", "7.0"]) func itGoesBackAsANumber(_ text: String) {
    var numbered = NumberedCalls()
    let line = Array(
      #"{"type":"onCall","detail":{"callStatus":2},"call":\#(text)}"#.utf8)
    numbered.note(LineCodec.decode(line), of: line)
    #expect(numbered.json("7") == .int(7) && numbered.json("8") == .string("8"))
  }
}
