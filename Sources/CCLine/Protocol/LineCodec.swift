// The line protocol's messages, from and to bytes.

import CCCore
import CCJSON

/// "ccline/1": one JSON object a line, in both directions (docs/line-protocol.md).
///
/// Pure and total: whatever a line program writes becomes events; what is no message becomes a counted
/// anomaly, never an error and never an end.
public enum LineCodec {
  /// Reads one line of a line program's output, without its line end.
  ///
  /// An empty line is nothing. A message whose main part can be read and a lesser one cannot gives the
  /// event and an anomaly.
  public static func decode(_ line: some Collection<UInt8>) -> [LineEvent] {
    if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return [] }
    let (message, wrong) = object(line)
    return message.map(events(of:)) ?? [.anomaly(wrong)]
  }

  static func events(of message: JSONValue) -> [LineEvent] {
    switch message["type"]?.string {
    case "onCall": onCall(message)
    case "onSeatStatus": onSeatStatus(message)
    case "hello": hello(message)
    case "registered": registered(message)
    case "unregistered": unregistered(message)
    case "evicted": [.evicted]
    case "callState": callState(message)
    case "transfer": transfer(message)
    case "level": level(message)
    case "result": result(message)
    case "log": log(message)
    default: [.anomaly(.unknownType)]
    }
  }

  /// The object on a line, or what to count.
  static func object(_ line: some Collection<UInt8>) -> (message: JSONValue?, wrong: Anomaly) {
    do {
      let value = try JSONReader.read(line)
      if case .object = value { return (value, .badJSON) }
      return (nil, .badJSON)
    } catch {
      switch error.reason {
      case .tooLong: return (nil, .tooLong)
      case .badUTF8: return (nil, .badUTF8)
      default: return (nil, .badJSON)
      }
    }
  }
}
