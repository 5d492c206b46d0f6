// What the page says, judged.

import CCCore
import CCJSON
import CCLine

/// A message of the bridge.
enum PageMessage: Hashable {
  /// The vendor's script has run.
  case scriptLoaded
  /// It could not be loaded.
  case scriptFailed
  /// It ran, and there is no `window.ccSdk.register`.
  case noSDK
  /// The SDK can be registered.
  case ready(secure: Bool, rtc: Bool, microphones: Int)
  /// The promise that `register` gave was rejected.
  case registerFailed(String)
  /// The promise that `callPhone` gave was kept.
  case dialled(Int)
  /// The promise that `callPhone` gave was rejected.
  case dialFailed(Int, String)
  /// `onSeatStatus`; whether the browser is online, and whether a hand was on the page just now.
  case seat(Seat, online: Bool, touched: Bool)
  /// `onCall`.
  case call(CallReport)
  /// An event whose `detail` cannot be read, as it came.
  case strange(String)
  /// An error that nobody caught.
  case error(String)

  /// Reads what came through the binding; nil: nothing of the bridge's.
  init?(_ payload: String) {
    guard payload.utf8.count <= 65_536,
      let message = try? JSONReader.readRepairing(payload.utf8).value
    else {
      return nil
    }
    let words = message["error"]?.string ?? message["message"]?.string ?? ""
    switch message["type"]?.string {
    case "page":
      guard let state = Self.state(message) else { return nil }
      self = state
    case "registerFailed": self = .registerFailed(words)
    case "dialled": self = .dialled(message["id"]?.int ?? 0)
    case "dialFailed": self = .dialFailed(message["id"]?.int ?? 0, words)
    case "pageError": self = .error(words)
    case "onSeatStatus", "onCall": self = Self.event(message)
    default: return nil
    }
  }

  private static func state(_ message: JSONValue) -> PageMessage? {
    switch message["state"]?.string {
    case "script": .scriptLoaded
    case "scriptFailed": .scriptFailed
    case "noSDK": .noSDK
    case "ready":
      .ready(
        secure: message["secure"]?.bool ?? false, rtc: message["rtc"]?.bool ?? false,
        microphones: message["microphones"]?.int ?? 0)
    default: nil
    }
  }

  // The vendor's events are messages of the line protocol: its codec knows all their shapes.
  private static func event(_ message: JSONValue) -> PageMessage {
    var bare = JSONObject()
    for name in ["type", "detail"] { bare[name] = message[name] }
    let line = JSONWriter.write(.object(bare))
    switch LineCodec.decode(line).first {
    case .seat(let seat)?:
      return .seat(
        seat, online: message["online"]?.bool ?? true, touched: message["touched"]?.bool ?? false)
    case .call(let report)?: return .call(report)
    default: return .strange(String(decoding: line.prefix(200), as: UTF8.self))
    }
  }
}
