// The page: set up, served, and its script watched on the way.

import CCCore
import CCJSON

extension SDKLine {
  /// Everything the page needs, sent at once: each answer is only looked at if it is a refusal.
  mutating func setUp(_ session: String, _ turn: inout Turn) {
    guard let settings else { return }
    // Granted to the one origin, in this browser, and to no other page.
    send(
      DevToolsCommand(
        "Browser.setPermission",
        [
          ("permission", ["name": "microphone"]), ("setting", "granted"),
          ("origin", .string(settings.origin)),
        ]), for: .setUp("the microphone's permission"), &turn)
    for domain in ["Page", "Runtime", "Inspector", "Network"] {
      send(
        DevToolsCommand("\(domain).enable", session: session), for: .setUp("\(domain).enable"),
        &turn)
    }
    send(
      DevToolsCommand("Runtime.addBinding", [("name", .string(Bridge.binding))], session: session),
      for: .setUp("the page's way to speak"), &turn)
    var patterns: [JSONValue] = [["urlPattern": .string("\(settings.origin)/*")]]
    switch settings.script {
    case .file(_, let address): patterns.append(["urlPattern": .string(address)])
    case .address(let address):
      // Held when it goes, to know its name, and once its answer is there, to see what it is before
      // the page does.
      patterns.append(["urlPattern": .string(address)])
      patterns.append(["urlPattern": .string(address), "requestStage": "Response"])
    }
    send(
      DevToolsCommand(
        "Fetch.enable",
        [("patterns", .array(patterns))], session: session),
      for: .setUp("to serve the page"), &turn)
    pings.start(at: turn.now)
    load(&turn)
  }

  /// Loads the page, anew if it was there: whatever the SDK held is gone.
  mutating func load(_ turn: inout Turn) {
    guard let session, let settings else { return }
    phase = .loading(until: turn.now + Int64(settings.scriptSeconds) * Instant.second)
    scriptRequest = nil
    scriptTrouble = nil
    scriptHasFailed = false
    offline = nil
    contexts = []
    send(
      DevToolsCommand(
        "Page.navigate", [("url", .string(settings.origin + "/"))], session: session),
      for: .load, &turn)
  }

  /// A request that the browser holds for us to answer.
  mutating func paused(_ params: JSONValue, _ turn: inout Turn) {
    guard let session, let settings, let request = params["requestId"]?.string,
      let url = params["request"]?["url"]?.string
    else { return }
    if url == settings.origin + "/" {
      let page = Bridge.page(script: settings.script.address)
      fulfil(request, 200, "text/html; charset=utf-8", Array(page.utf8), &turn)
    } else if url.hasPrefix(settings.origin + "/") {
      fulfil(request, 404, "text/plain", [], &turn)
    } else if case .file(let path, let address) = settings.script, url == address {
      turn.effects.append(.serveScript(request: request, path: path))
    } else {
      if url == settings.script.address { judgeScript(params) }
      send(
        DevToolsCommand(
          "Fetch.continueRequest", [("requestId", .string(request))], session: session),
        for: .other, &turn)
    }
  }

  /// What came for the script, before the page sees it.
  private mutating func judgeScript(_ params: JSONValue) {
    scriptRequest = params["networkId"]?.string ?? scriptRequest
    if let status = params["responseStatusCode"]?.int {
      let type = params["responseHeaders"]?.array?.first {
        $0["name"]?.string?.lowercased() == "content-type"
      }
      answered(status, type?["value"]?.string ?? "")
    } else if let seen = answers.last(where: { $0.request == scriptRequest }) {
      answered(seen.status, seen.type)
    } else if let reason = params["responseErrorReason"]?.string,
      ["NameNotResolved", "InternetDisconnected", "ConnectionRefused", "TimedOut"].contains(reason)
    {
      // Every other word says less than the network's own event, a little later.
      scriptTrouble = "\(settings?.script.address ?? "") \(Troubles.load(reason))"
    }
  }

  /// Notes how an answer began; only the last few are kept.
  mutating func answerCame(_ params: JSONValue) {
    guard let request = params["requestId"]?.string, let status = params["statusCode"]?.int else {
      return
    }
    let type = params["headers"]?.object?.members.first { $0.name.lowercased() == "content-type" }
    if answers.count >= 32 { answers.removeFirst() }
    answers.append((request, status, type?.value.string ?? ""))
    if request == scriptRequest { answered(status, type?.value.string ?? "") }
  }

  private mutating func answered(_ status: Int, _ type: String) {
    let address = settings?.script.address ?? ""
    guard scriptTrouble == nil else { return }
    if status >= 400 {
      scriptTrouble = "\(address) is not there: its host answers HTTP \(status)."
    } else if status == 200,
      type.hasPrefix("text/html") || type.hasPrefix("application/xhtml+xml")
    {
      scriptTrouble = "\(address) \(Troubles.webPage)"
    }
  }

  /// The script of a file was read, or not.
  mutating func serve(
    _ request: String, _ bytes: [UInt8]?, _ reason: String, _ turn: inout Turn
  ) {
    if let bytes { return fulfil(request, 200, "text/javascript; charset=utf-8", bytes, &turn) }
    scriptTrouble = reason
    fulfil(request, 404, "text/plain", [], &turn)
  }

  private mutating func fulfil(
    _ request: String, _ status: Int64, _ type: JSONValue, _ body: [UInt8], _ turn: inout Turn
  ) {
    send(
      DevToolsCommand(
        "Fetch.fulfillRequest",
        [
          ("requestId", .string(request)), ("responseCode", .int(status)),
          (
            "responseHeaders",
            [
              ["name": "Content-Type", "value": type],
              ["name": "Cache-Control", "value": "no-store"],
            ]
          ), ("body", .string(Base64.text(body))),
        ], session: session), for: .other, &turn)
  }

  /// Follows the one request that fetches the script, to be able to say what became of it.
  mutating func network(_ name: String, _ params: JSONValue, _ turn: inout Turn) {
    guard let settings, let request = params["requestId"]?.string else { return }
    if name == "Network.requestWillBeSent" {
      if params["request"]?["url"]?.string == settings.script.address { scriptRequest = request }
      return
    }
    guard request == scriptRequest, scriptTrouble == nil else { return }
    if name == "Network.loadingFailed" {
      let words = params["blockedReason"]?.string ?? params["errorText"]?.string ?? ""
      scriptTrouble = "\(settings.script.address) \(Troubles.load(redactor.clean(words).string))"
      if scriptHasFailed, let scriptTrouble { loadFailed(scriptTrouble, &turn) }
      return
    }
    answered(
      params["response"]?["status"]?.int ?? 200, params["response"]?["mimeType"]?.string ?? "")
  }
}

/// Base64, as the DevTools protocol carries bodies.
enum Base64 {
  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func text(_ bytes: [UInt8]) -> String {
    var out: [UInt8] = []
    out.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var bits = 0
      for byte in group { bits = bits << 8 | Int(byte) }
      bits <<= 8 * (3 - group.count)
      for place in 0..<4 {
        out.append(place <= group.count ? digits[bits >> (18 - 6 * place) & 63] : 0x3D)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
