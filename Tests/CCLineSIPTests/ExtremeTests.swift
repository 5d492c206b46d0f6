// No figure of a configuration, a command, a registrar or a file of calls ends the SIP line.

import CCCore
import CCJSON
import CCTestSupport
import Testing

@testable import CCLineSIP

@Suite struct SIPExtremeTests {
  @Test("every figure in every setting") func settings() throws {
    let names = [
      "firstAnswerSeconds", "ringSeconds", "autoAnswerSeconds", "keepalive", "registrar", "account",
      "callWaiting", "levels", "dialPlan", "emergency", "codecs", "audio", "seat", "codes",
    ]
    for name in names {
      for text in Extremes.texts {
        let text = #"{"registrar":"pbx.example","account":"1001","\#(name)":\#(text)}"#
        guard let json = try? JSONReader.read(text) else { continue }
        do throws(Settings.Unusable) {
          let settings = try Settings(json, token: nil)
          #expect(settings.firstAnswer >= 0)
        } catch { #expect(!error.sentence.isEmpty) }
      }
    }
    for port in Extremes.integers {
      let json = try JSONReader.read(
        #"{"registrar":"pbx.example:\#(port)","account":"1001"}"#)
      _ = try? Settings(json, token: nil)
    }
  }

  @Test("whatever a registrar grants is refreshed within its day") func lifetimes() {
    for text in Extremes.integers.map({ "\($0)" }) + [
      "", " 60 ", "1e400", "-0", "0x10", "9999999999999999999",
    ] {
      for asked in [0, 30, 600, 86_400] {
        let granted = Lifetime.granted(
          contacts: ["<sip:1001@here>;expires=\(text)"], own: "sip:1001@here", expires: text,
          asked: asked)
        let refresh = Lifetime.refresh(granted)
        #expect((1_800...77_760_000).contains(refresh))
      }
    }
  }

  @Test("a number of a call that a file or a stranger gives is a number or none") func records()
    throws
  {
    for text in Extremes.texts {
      guard let json = try? JSONReader.read("{\"sequence\":\(text)}") else { continue }
      _ = RecordReader(json).number("sequence")
    }
  }
}
