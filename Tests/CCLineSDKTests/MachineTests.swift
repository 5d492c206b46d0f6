// The line's machine, driven bare: an event in, the exact effects out, and a clock that is turned.

import CCCore
import CCJSON
import CCLine
import Testing

@testable import CCLineSDK

@Suite("The line's machine") struct MachineTests {
  @Test("comes up in one order, and the token is in no effect's words") func comesUp() {
    let driven = Driven.up()
    #expect(
      driven.sent == [
        "Browser.getVersion", "Target.setDiscoverTargets", "Target.attachToTarget",
        "Browser.setPermission", "Page.enable", "Runtime.enable", "Inspector.enable",
        "Network.enable", "Runtime.addBinding", "Fetch.enable", "Page.navigate",
      ])
    #expect(
      driven.told.suffix(2) == [
        .registered(account: "A_1", expiresIn: nil, secure: nil), .seat(.idle),
      ])
    #expect(!"\(driven.log)".contains("aaaaaaaa"))
    var dumped = ""
    dump(driven.line, to: &dumped)
    #expect(!dumped.contains("Bearer"))
  }

  @Test("a browser that does not answer, or has no page, is given 10 s each") func opening() {
    var driven = Driven()
    driven.register()
    driven.say(.browserStarted)
    driven.wait(9.9)
    #expect(driven.exit == nil)
    driven.wait(0.2)
    #expect(driven.exit?.0 == 75 && driven.exit?.1 == Troubles.noFirstAnswer)

    driven = Driven()
    driven.register()
    driven.say(.browserStarted)
    driven.answer("Browser.getVersion")
    driven.wait(10.1)
    #expect(driven.exit?.1 == Troubles.noPage)
  }

  @Test("a script that hangs is given 20 s, then the page is loaded anew, ever later") func hangs()
  {
    var driven = Driven()
    driven.loading()
    driven.wait(19.9)
    #expect(driven.reasons.isEmpty)
    driven.wait(0.2)
    #expect(driven.reasons.last?.contains("did not answer within 20 s") == true)
    var loads: [Int64] = []
    for _ in 0..<4 {
      let start = driven.now
      let before = driven.sent.count { $0 == "Page.navigate" }
      while driven.sent.count(where: { $0 == "Page.navigate" }) == before { driven.wait(0.5) }
      loads.append((driven.now - start) / Instant.second)
      driven.page(["type": "page", "state": "noSDK"], context: 7)
      driven.created(7, "T")
      driven.page(["type": "page", "state": "noSDK"])
    }
    #expect(loads == [2, 4, 8, 16])
    driven.wait(31)
    driven.created(7, "T")
    driven.loaded()
    driven.page(["type": "onSeatStatus", "detail": [2]])
    #expect(driven.told.last == .seat(.idle))
  }

  @Test(
    "the network's word on the script is the one that is told",
    arguments: [
      ("net::ERR_NAME_NOT_RESOLVED", "does not resolve"),
      ("net::ERR_INTERNET_DISCONNECTED", "has no network"),
      ("net::ERR_CONNECTION_REFUSED", "refuses the connection"),
      ("net::ERR_CERT_AUTHORITY_INVALID", "certificate that does not fit"),
      ("net::ERR_FAILED", "could not be loaded: net::ERR_FAILED"),
    ])
  func network(_ error: String, _ words: String) {
    var driven = Driven()
    driven.loading()
    driven.event(
      "Network.requestWillBeSent",
      ["requestId": "9", "request": ["url": "https://cc-sdk.itniotech.com/sip-sdk.js"]])
    driven.event("Network.loadingFailed", ["requestId": "8", "errorText": "net::ERR_ABORTED"])
    driven.event("Network.loadingFailed", ["requestId": "9", "errorText": .string(error)])
    driven.page(["type": "page", "state": "scriptFailed"])
    #expect(driven.reasons.last?.contains(words) == true, "\(driven.reasons)")
  }

  @Test("a portal's page and a missing script are told from each other") func portal() {
    for (response, words): (JSONValue, String) in [
      (["status": 404, "mimeType": "text/html"], "HTTP 404"),
      (["status": 200, "mimeType": "text/html"], "a captive portal or a proxy?"),
    ] {
      var driven = Driven()
      driven.loading()
      driven.event(
        "Network.requestWillBeSent",
        ["requestId": "9", "request": ["url": "https://cc-sdk.itniotech.com/sip-sdk.js"]])
      driven.event("Network.responseReceived", ["requestId": "9", "response": response])
      driven.page(["type": "page", "state": "script"])
      driven.page(["type": "page", "state": "noSDK"])
      #expect(driven.reasons.last?.contains(words) == true)
    }
  }

  @Test("register that says nothing has 15 s, then a fresh token is asked for by starting over")
  func silent() {
    var driven = Driven()
    driven.loading()
    driven.loaded()
    driven.page(["type": "onSeatStatus", "detail": 1])
    driven.wait(14.9)
    #expect(driven.reasons.isEmpty && !driven.told.contains(.seat(.offline)))
    driven.wait(0.2)
    #expect(driven.reasons.last?.contains("within 15 s") == true)
    #expect(driven.exit == nil)
    driven.wait(30.1)
    #expect(driven.exit?.0 == 75)
  }

  @Test("a browser that slept with the machine has its whole time again") func slept() {
    var driven = Driven.up()
    driven.wait(2.1, answering: false)
    driven.now += 3600 * Instant.second
    driven.say(.woke)
    driven.say(.time)
    driven.wait(4.8, answering: false)
    #expect(driven.exit == nil)
    driven.wait(0.3, answering: false)
    #expect(driven.exit?.1 == Troubles.browserHangs)

    driven = Driven()
    driven.loading()
    driven.now += 3600 * Instant.second
    driven.say(.woke)
    driven.say(.time)
    #expect(driven.reasons.isEmpty && driven.exit == nil)
  }

  @Test("browser and page are asked every 2 s, and given 5") func pings() {
    var driven = Driven.up()
    driven.wait(60)
    #expect(driven.exit == nil)
    driven.wait(7.5, answering: false)
    #expect(driven.exit?.1 == Troubles.browserHangs)
    #expect(driven.log.contains(.kill))

    driven = Driven.up()
    // The browser answers, its page does not.
    while driven.exit == nil {
      driven.now = driven.line.deadline ?? driven.now
      for effect in driven.say(.time) {
        guard case .send(let id, let command) = effect, command.method == "Browser.getVersion"
        else { continue }
        driven.say(.message(.answer(id: id, [:])))
      }
    }
    #expect(driven.exit?.1 == Troubles.pageHangs)
  }

  @Test("a seat that goes offline is judged after 3 s, by what the page knows") func offline() {
    func ends(_ more: (String, JSONValue)...) -> [LineEvent] {
      var driven = Driven.up()
      var message: JSONObject = JSONObject([
        .init(name: "type", value: "onSeatStatus"), .init(name: "detail", value: 1),
      ])
      for (name, value) in more { message[name] = value }
      driven.page(.object(message))
      let before = driven.told.count
      driven.wait(2.9)
      #expect(driven.told.count == before)
      driven.wait(0.2)
      return Array(driven.told[before...])
    }
    #expect(ends() == [.evicted])
    #expect(
      ends(("online", false))
        == [.unregistered(reason: SafeText(Troubles.networkGone), retryIn: nil, final: false)])
    #expect(
      ends(("touched", true))
        == [.unregistered(reason: SafeText(Troubles.wentOffline), retryIn: nil, final: true)])

    var driven = Driven.up()
    driven.page(["type": "onSeatStatus", "detail": 1])
    driven.wait(1)
    driven.page(["type": "onSeatStatus", "detail": 2])
    driven.wait(10)
    #expect(!driven.told.contains(.evicted), "an SDK that came back by itself was not evicted")
  }

  @Test("evicted in a call leaves the call, and out of one leaves the page") func evicted() {
    var driven = Driven.up()
    driven.page(["type": "onCall", "detail": ["callStatus": 3]])
    driven.page(["type": "onSeatStatus", "detail": 1])
    driven.wait(4)
    #expect(driven.told.contains(.evicted))
    #expect(driven.sent.count { $0 == "Page.navigate" } == 1)
    driven.page(["type": "onCall", "detail": ["callStatus": 4]])
    #expect(driven.told.contains(.call(CallReport(.ended))))
  }

  @Test("only the page's own context is heard") func contexts() {
    var driven = Driven.up()
    driven.created(8, "AD")
    let before = driven.told
    driven.page(["type": "onSeatStatus", "detail": 3], context: 8)
    driven.say(
      .message(
        .event(
          "Runtime.bindingCalled",
          ["name": "ccEmit", "payload": "{}", "executionContextId": 7], session: "OTHER")))
    #expect(driven.told == before)
    driven.event("Runtime.executionContextsCleared", [:])
    driven.page(["type": "onSeatStatus", "detail": 3])
    #expect(driven.told == before)
  }

  @Test("requests of the page get the page, nothing, or the network") func requests() {
    var driven = Driven.up()
    func serve(_ url: String) -> [SDKLine.Effect] {
      driven.event(
        "Fetch.requestPaused", ["requestId": "R", "request": ["url": .string(url)]])
    }
    func status(_ effects: [SDKLine.Effect]) -> (String, Int?) {
      guard case .send(_, let command)? = effects.first else { return ("", nil) }
      return (command.method, command.params["responseCode"]?.int)
    }
    #expect(status(serve("https://softphone.invalid/")) == ("Fetch.fulfillRequest", 200))
    #expect(status(serve("https://softphone.invalid/x")) == ("Fetch.fulfillRequest", 404))
    #expect(status(serve("https://vendor.example/a.js")) == ("Fetch.continueRequest", nil))
  }

  @Test("a dial is refused before the sign-in, and for what is no number") func dialling() {
    var driven = Driven()
    driven.command(.callPhone(id: 4, phone: "1", info: ""))
    #expect(driven.told.last == .result(id: 4, ok: false, error: "not registered"))
    driven = Driven.up()
    for phone in ["", "12a", "1 2", String(repeating: "1", count: 65)] {
      driven.command(.callPhone(id: 5, phone: phone, info: ""))
      #expect(
        driven.told.last == .result(id: 5, ok: false, error: "no number: digits, +, * and # are"))
    }
    driven.command(.callPhone(id: 6, phone: "1", info: ""))
    let id = driven.line.nextID - 1
    driven.say(
      .message(
        .answer(
          id: id,
          [
            "exceptionDetails": [
              "text": "Uncaught", "exception": ["description": "Error: a call is up\n at x"],
            ]
          ])))
    #expect(driven.told.last == .result(id: 6, ok: false, error: "Error: a call is up"))
  }

  @Test("quit closes the browser first, and does not wait for ever") func quit() {
    var driven = Driven.up()
    driven.command(.quit)
    #expect(driven.sent.last == "Browser.close")
    driven.say(.browserEnded(.code(0), complaint: ""))
    #expect(driven.exit?.0 == 0)
    driven = Driven.up()
    driven.say(.endOfInput)
    driven.wait(0.8)
    #expect(driven.exit?.0 == 0 && driven.log.contains(.kill))
    driven = Driven()
    driven.command(.quit)
    #expect(driven.exit?.0 == 0)
  }

  @Test("whatever a browser says, in any order, the machine stands") func random() {
    var random = SystemRandomNumberGenerator()
    let words: [JSONValue] = [
      .null, 1, -1, "", "S", "T", "https://softphone.invalid/", true, [], [:], ["id": 7],
      ["url": "https://elsewhere.invalid/"], ["targetId": "T", "type": "page"],
      ["isDefault": true, "frameId": "T"], "{\"type\":\"onCall\",\"detail\":3}",
    ]
    let names = [
      "Target.targetCreated", "Target.targetCrashed", "Target.detachedFromTarget",
      "Fetch.requestPaused", "Runtime.bindingCalled", "Runtime.executionContextCreated",
      "Page.javascriptDialogOpening", "Page.frameNavigated", "Network.responseReceived", "X.y",
    ]
    let fields = [
      "targetInfo", "targetId", "sessionId", "requestId", "request", "name", "payload",
      "executionContextId", "context", "frame", "message", "type", "response",
    ]
    for _ in 0..<300 {
      var driven = Driven()
      for _ in 0..<60 {
        var params = JSONObject()
        for field in fields where Bool.random(using: &random) {
          params[field] = words.randomElement(using: &random) ?? .null
        }
        let name = names.randomElement(using: &random) ?? ""
        switch Int.random(in: 0..<9, using: &random) {
        case 0: driven.register()
        case 1: driven.say(.browserStarted)
        case 2:
          driven.say(.message(.answer(id: Int.random(in: 0...20, using: &random), .object(params))))
        case 3: driven.say(.message(.refusal(id: Int.random(in: 0...20, using: &random), "no")))
        case 4: driven.say(.message(.event(name, .object(params), session: nil)))
        case 5, 6: driven.say(.message(.event(name, .object(params), session: "S")))
        case 7: driven.command(.callPhone(id: 3, phone: "1", info: ""))
        default: driven.wait(Double.random(in: 0...20, using: &random))
        }
        // A machine that asks for time it has had would spin.
        driven.say(.time)
        if let deadline = driven.line.deadline { #expect(deadline > driven.now) }
      }
    }
  }
}
