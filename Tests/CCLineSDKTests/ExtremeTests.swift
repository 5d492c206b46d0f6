// No figure of a page, a browser, a command or a setting ends the SDK line.

import CCCore
import CCJSON
import CCLine
import CCTestSupport
import Testing

@testable import CCLineSDK

@Suite("Extreme figures of the SDK line") struct SDKExtremeTests {
  @Test("every figure in every message of the page") func page() {
    let templates = [
      #"{"type":"page","state":"ready","secure":true,"rtc":true,"microphones":#}"#,
      #"{"type":"dialled","id":#}"#, #"{"type":"dialFailed","id":#,"error":"no"}"#,
      #"{"type":"onSeatStatus","detail":#}"#, #"{"type":"onCall","detail":#}"#,
      #"{"type":"onCall","detail":{"callStatus":#,"calledNumber":#}}"#,
    ]
    for template in templates {
      var driven = Driven.up()
      for text in Extremes.texts {
        let payload = template.replacing("#", with: text)
        _ = PageMessage(payload)
        if let value = try? JSONReader.read(payload) { driven.page(value) }
        driven.wait(0.01)
      }
    }
  }

  @Test("every figure in every message of the browser") func browser() {
    let templates = [
      #"{"id":#,"result":{}}"#, #"{"id":#,"error":{"code":#,"message":"no"}}"#,
      #"{"method":"Runtime.executionContextCreated","params":{"context":{"id":#,"auxData":{}}},"sessionId":"S"}"#,
      #"{"method":"Runtime.bindingCalled","params":{"executionContextId":#,"payload":"{}"},"sessionId":"S"}"#,
      #"{"method":"Network.loadingFailed","params":{"timestamp":#,"requestId":#},"sessionId":"S"}"#,
      #"{"method":"Network.responseReceived","params":{"response":{"status":#}},"sessionId":"S"}"#,
      #"{"method":"Fetch.requestPaused","params":{"responseStatusCode":#},"sessionId":"S"}"#,
    ]
    for template in templates {
      var driven = Driven.up()
      for text in Extremes.texts {
        driven.say(.message(DevToolsMessage(Array(template.replacing("#", with: text).utf8))))
      }
    }
  }

  @Test("every figure in every setting and command") func settings() {
    for name in ["scriptSeconds", "registerSeconds", "options", "window", "noSandbox", "origin"] {
      for text in Extremes.texts {
        guard let json = try? JSONReader.read(#"{"\#(name)":\#(text)}"#) else { continue }
        do throws(Settings.Unusable) {
          let settings = try Settings(json)
          #expect((1...120).contains(settings.scriptSeconds))
          #expect((1...120).contains(settings.registerSeconds))
        } catch { #expect(!error.sentence.isEmpty) }
      }
    }
    for number in Extremes.integers {
      var driven = Driven.up()
      driven.command(.setSeat(id: Int(number), status: Int(number)))
      driven.command(.callPhone(id: Int(number), phone: "\(number)", info: ""))
      driven.command(.ping(id: Int(number)))
      driven.page(["type": "dialled", "id": .int(number)])
      driven.wait(0.1)
    }
  }
}
