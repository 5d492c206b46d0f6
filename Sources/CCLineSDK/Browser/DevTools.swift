// The messages of the DevTools protocol that this line needs: JSON, one text a message.

import CCJSON

/// A command to the browser.
struct DevToolsCommand: Hashable {
  var method: String
  var params: JSONObject
  /// The page it is for; nil: the browser itself.
  var session: String?

  init(_ method: String, _ params: [(String, JSONValue)] = [], session: String? = nil) {
    self.method = method
    self.params = JSONObject(params.map { .init(name: $0.0, value: $0.1) })
    self.session = session
  }

  /// The message, with the NUL that ends it.
  func encoded(id: Int) -> [UInt8] {
    var message = JSONObject([
      .init(name: "id", value: .int(Int64(id))), .init(name: "method", value: .string(method)),
      .init(name: "params", value: .object(params)),
    ])
    if let session { message["sessionId"] = .string(session) }
    return JSONWriter.write(.object(message)) + [0]
  }
}

/// What the browser says.
enum DevToolsMessage: Hashable {
  /// The answer to a command.
  case answer(id: Int, JSONValue)
  /// The command was refused; why, in the browser's words.
  case refusal(id: Int, String)
  /// Something happened, in a page or (nil) in the browser.
  case event(String, JSONValue, session: String?)
  /// No message of the protocol.
  case unreadable

  /// The longest message that is read.
  static let longest = 4 << 20

  /// Reads a message without its NUL.
  init(_ bytes: some Collection<UInt8>) {
    let limits = JSONReader.Limits(bytes: Self.longest, depth: 128)
    // A page may cut a name in the middle of a sign: that hides no call.
    guard let message = try? JSONReader.readRepairing(bytes, limits: limits).value else {
      self = .unreadable
      return
    }
    if let id = message["id"]?.int {
      if let error = message["error"] {
        self = .refusal(id: id, error["message"]?.string ?? "no reason given")
      } else {
        self = .answer(id: id, message["result"] ?? .null)
      }
    } else if let method = message["method"]?.string {
      self = .event(method, message["params"] ?? .null, session: message["sessionId"]?.string)
    } else {
      self = .unreadable
    }
  }
}
