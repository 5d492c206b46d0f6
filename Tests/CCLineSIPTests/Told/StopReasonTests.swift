// Why a call stopped ringing, and why one that talked was ended: what telephone systems write.

import CCCore
import Testing

@testable import CCLineSIP

@Suite struct StopReasonTests {
  @Test(
    arguments: [
      // RFC 3326, and what Asterisk and FreeSWITCH send when a colleague was quicker.
      (["SIP;cause=200;text=\"Call completed elsewhere\""], .answeredElsewhere),
      (["SIP;cause=200;text=\"Call completed elsewhere\", Q.850;cause=26"], .answeredElsewhere),
      (["Q.850;cause=26", "SIP;cause=200"], .answeredElsewhere),
      (["Q.850;cause=26;text=\"Answered elsewhere\""], .answeredElsewhere),
      ([" sip ; cause = 200 "], .answeredElsewhere),
      (["Q.850;cause=16, SIP ;text=\"Call completed elsewhere\" ;cause=200"], .answeredElsewhere),
      (["SIP;text=\"Answered Elsewhere\""], .answeredElsewhere),
      (["FreeSWITCH;cause=502;text=\"LOSE_RACE\""], .answeredElsewhere),
      (["sofia;cause=605;text=\"PICKED_OFF\""], .answeredElsewhere),
      (["SIP;cause=200;text=\"Call completed\r\n elsewhere\""], .answeredElsewhere),
      // The caller.
      (["Q.850;cause=16"], .callerGaveUp), (["Q.850;cause=127"], .callerGaveUp),
      (["SIP;cause=487"], .callerGaveUp),
      (["SIP;cause=487;text=\"ORIGINATOR_CANCEL\""], .callerGaveUp),
      (["FreeSWITCH;cause=487;text=\"ORIGINATOR_CANCEL\""], .callerGaveUp), ([], .callerGaveUp),
      // A queue whose time is over.
      (["Q.850;cause=19;text=\"NO_ANSWER\""], .rangOut), (["Q.850;cause=18"], .rangOut),
      (["SIP;cause=408"], .rangOut), (["Q.850;cause=102"], .rangOut),
      (["FreeSWITCH;cause=607;text=\"PROGRESS_TIMEOUT\""], .rangOut),
      // What cannot be told apart: Asterisk says 0 of a time-out and of a caller who left its queue.
      (["Q.850;cause=0"], .stoppedRinging), (["Q.850;cause=31"], .stoppedRinging),
      (["Q.850"], .stoppedRinging), (["SIP;cause=486"], .stoppedRinging), ([""], .callerGaveUp),
      (["X;cause=7"], .stoppedRinging),
      (["SIP;cause=600;text=\"Busy Everywhere\""], .stoppedRinging),
      (["SIP;cause=603;text=\"Declined elsewhere\""], .stoppedRinging),
      (["Q.850;cause=999999999999999999999999"], .stoppedRinging),
    ] as [([String], EndKind)])
  func whyItStoppedRinging(_ headers: [String], _ kind: EndKind) {
    #expect(StopReason(headers).ofRinging.kind == kind)
  }

  @Test func inWords() {
    func words(_ header: String...) -> Reason { StopReason(header).ofRinging.reason }
    #expect(words("SIP;cause=200").text == "answered by a colleague")
    #expect(
      words("SIP;cause=200", "Q.850;cause=26") == Reason("answered by a colleague", cause: 26))
    #expect(words().text == "the caller hung up (487)")
    #expect(words("Q.850;cause=19").text == "it rang out here, the caller waits on")
    #expect(words("Q.850;cause=0").text == "it stopped ringing")
    #expect(words("SIP;cause=603").text == "it was refused at another telephone")
  }

  @Test(
    arguments: [
      (
        ["FreeSWITCH;cause=604;text=\"MEDIA_TIMEOUT\""],
        "the telephone system heard no sound and ended it"
      ),
      (["SIP;cause=602;text=\"ALLOTTED_TIMEOUT\""], "the time allowed for the call is over"),
      (["Q.850;cause=38"], "the network is out of order"), (["Q.850;cause=16"], nil),
      (["Q.850;cause=16;text=\"NORMAL_CLEARING\""], nil), ([], nil), (["SIP;cause=200"], nil),
      (["x;cause=601;text=\"ATTENDED_TRANSFER\""], nil), (["Q.850;cause=17"], nil),
    ] as [([String], String?)])
  func whyItEnded(_ headers: [String], _ words: String?) {
    #expect(StopReason(headers).ofTalk?.words.string == words)
  }

  @Test func valuesOfTheHeader() {
    let read = ReasonHeader.read([
      #"Q.850 ;cause=16 ;text="Gone; so, \"they\" say" ;location=lpn, SIP;cause=200"#, "", ";x",
      "A",
    ])
    #expect(read.map(\.scheme) == ["Q.850", "SIP", "A"])
    #expect(read.first?.text == #"Gone; so, "they" say"# && read.first?.location == "LPN")
    #expect(read.first?.q850 == 16 && read[1].q850 == nil)
    for cause in ["-1", "0", "128", "1000", "1e2", "+5x", ""] {
      #expect(ReasonHeader("Q.850;cause=\(cause)")?.q850 == nil, "\(cause)")
    }
    #expect(ReasonHeader.read([String(repeating: "A,", count: 2_000)]).isEmpty)
    #expect(ReasonHeader.read([String(repeating: "A,", count: 100)]).count == ReasonHeader.most)
  }
}
