// What a line could not read of its telephone system is counted, and told to who asks.

import CCTestSupport
import Testing

@testable import CCCore

@Suite struct UnreadableTests {
  private func why(_ desk: Script) -> String {
    desk.desk.explain(at: desk.now) { _ in "now" }.string
  }

  @Test func itIsToldAndCounted() {
    var desk = Script.up([.dial])
    #expect(!why(desk).contains("could not read"))
    desk.say(.line(.unreadable(total: 1, last: "no branch, from 192.0.2.1")))
    #expect(
      why(desk).hasSuffix(
        " The line could not read 1 message of the telephone system, the last 0 s ago: "
          + "no branch, from 192.0.2.1."))
    desk.say(.line(.unreadable(total: 20, last: "no end")))
    #expect(why(desk).contains("20 messages"))
    #expect(desk.desk.anomalies[.unreadable] == 20)
  }

  @Test func aLineThatWasStartedAnewCountsAnew() {
    var desk = Script.up([.dial])
    desk.say(.line(.unreadable(total: 20, last: "no end")))
    desk.say(.line(.unreadable(total: 20, last: "no end")))
    desk.say(.line(.unreadable(total: 3, last: "no end")))
    #expect(desk.desk.anomalies[.unreadable] == 23)
    desk.say(.line(.unreadable(total: .max, last: "no end")))
    #expect(desk.desk.anomalies[.unreadable] == .max)
  }
}
