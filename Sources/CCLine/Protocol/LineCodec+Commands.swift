// The messages from the desk to a line, both ways.

import CCCore
import CCJSON

/// Why a command could not be read.
public struct LineCodecError: Error, Hashable, Sendable {
  /// The command's id, for the failed `result`; nil if it had none.
  public let id: Int?
  /// What is wrong, as one sentence.
  public let sentence: String
}

extension LineCodec {
  /// Writes a command as one line, with its line end.
  ///
  /// `configuration` is the line's part of the configuration; only `register` carries it.
  public static func encode(_ command: LineCommand, configuration: JSONValue?) -> [UInt8] {
    encode(command, configuration: configuration, numbered: NumberedCalls())
  }

  /// The same, with the ids of calls that the line writes as numbers.
  static func encode(
    _ command: LineCommand, configuration: JSONValue?, numbered: NumberedCalls
  ) -> [UInt8] {
    var message = object(of: command)
    for field in ["call", "with"] {
      if let id = message[field]?.string { message[field] = numbered.json(id) }
    }
    if case .register = command, let configuration { message["config"] = configuration }
    return JSONWriter.write(.object(message)) + [0x0A]
  }

  /// The message of a command, its token included.
  static func object(of command: LineCommand) -> JSONObject {
    var call: String?
    let (type, fields): (String, [(String, JSONValue)])
    switch command {
    case .register(_, let token):
      (type, fields) = ("register", token.map { [("token", .string($0.revealed))] } ?? [])
    case .callPhone(_, let phone, let info):
      (type, fields) = ("callPhone", [("phone", .string(phone)), ("info", .string(info))])
    case .hangUp(_, let id): (call, type, fields) = (id, "hangUp", [])
    case .answer(_, let id): (call, type, fields) = (id, "answer", [])
    case .reject(_, let id): (call, type, fields) = (id, "reject", [])
    case .hold(_, let id, let on): (call, type, fields) = (id, "hold", [("on", .bool(on))])
    case .mute(_, let id, let on): (call, type, fields) = (id, "mute", [("on", .bool(on))])
    case .dtmf(_, let id, let digits):
      (call, type, fields) = (id, "dtmf", [("digits", .string(digits))])
    case .transfer(_, let id, let to, let consult):
      (call, type, fields) = (id, "transfer", [("to", .string(to)), ("consult", .bool(consult))])
    case .join(_, let id, let with):
      (call, type, fields) = (id, "transfer", [("with", with.map { .string($0) } ?? .null)])
    case .setSeat(_, let status):
      (type, fields) = ("setSeat", [("status", .int(Int64(status)))])
    case .ping: (type, fields) = ("ping", [])
    case .quit: (type, fields) = ("quit", [])
    }
    var message = JSONObject([.init(name: "type", value: .string(type))])
    if let id = command.id { message["id"] = .int(Int64(id)) }
    if let call { message["call"] = .string(call) }
    for (name, value) in fields { message[name] = value }
    return message
  }

  /// Reads one line from a desk; for line programs written in Swift.
  ///
  /// Strict about its texts, unlike what the desk reads. Gives the whole object too: `register` carries `config` and `token`. A command without an `id`,
  /// as one types it by hand, gets 0.
  public static func decodeCommand(
    _ line: some Collection<UInt8>
  ) -> Result<(LineCommand, JSONValue), LineCodecError> {
    // Strict: a command whose number or call was broken on the way would act on another.
    guard let message = try? JSONReader.read(line), case .object = message else {
      return .failure(
        LineCodecError(id: nil, sentence: "This is no JSON object of at most 64 KiB."))
    }
    let id = message["id"]?.int
    func wrong(_ sentence: String) -> Result<(LineCommand, JSONValue), LineCodecError> {
      .failure(LineCodecError(id: id, sentence: sentence))
    }
    guard let type = message["type"]?.string else { return wrong("A command has a type.") }
    let known = command(type, id ?? 0, message)
    guard let known else { return wrong("Unknown command \u{201C}\(SafeText(type))\u{201D}.") }
    guard let command = known.command else { return wrong("\(type) needs \(known.needs).") }
    return .success((command, message))
  }

  private static func command(
    _ type: String, _ id: Int, _ message: JSONValue
  ) -> (command: LineCommand?, needs: String)? {
    let call = message["call"]?.string
    let on = message["on"]?.bool
    switch type {
    case "register":
      return (.register(id: id, token: message["token"]?.string.map { Secret($0) }), "")
    case "callPhone":
      let info = message["info"]?.string ?? ""
      return (
        message["phone"]?.string.map { .callPhone(id: id, phone: $0, info: info) }, "a phone"
      )
    case "hangUp": return (.hangUp(id: id, call: call), "")
    case "answer": return (.answer(id: id, call: call), "")
    case "reject": return (.reject(id: id, call: call), "")
    case "hold": return (on.map { .hold(id: id, call: call, on: $0) }, "on")
    case "mute": return (on.map { .mute(id: id, call: call, on: $0) }, "on")
    case "dtmf":
      return (message["digits"]?.string.map { .dtmf(id: id, call: call, digits: $0) }, "digits")
    case "transfer":
      if let to = message["to"]?.string {
        let consult = message["consult"]?.bool ?? false
        return (.transfer(id: id, call: call, to: to, consult: consult), "")
      }
      guard let with = message["with"] else { return (nil, "to or with") }
      return (.join(id: id, call: call, with: with.string), "")
    case "setSeat":
      return (message["status"]?.int.map { .setSeat(id: id, status: $0) }, "a status")
    case "ping": return (.ping(id: id), "")
    case "quit": return (.quit, "")
    default: return nil
    }
  }
}
