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
    guard let message else { return [.anomaly(wrong ?? .badJSON)] }
    return events(of: message) + (wrong.map { [.anomaly($0)] } ?? [])
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
    case "party": party(message)
    case "transfer": transfer(message)
    case "level": level(message)
    case "result": result(message)
    case "log": log(message)
    case "unreadable": unreadable(message)
    default: [.anomaly(.unknownType)]
    }
  }

  /// The object on a line, and what to count: both where a text in it was broken.
  ///
  /// A name in Latin-1 hides no call. A call's id is another matter: it is sent back as it came, and one
  /// that was repaired would name another call, or two as one. So it is left out: without an id there is
  /// one call at a time.
  static func object(_ line: some Collection<UInt8>) -> (message: JSONValue?, wrong: Anomaly?) {
    do throws(JSONError) {
      let (value, wasBroken) = try JSONReader.readRepairing(line)
      guard case .object(var object) = value else {
        return (nil, wasBroken ? .badUTF8 : .badJSON)
      }
      guard wasBroken else { return (value, nil) }
      if object["call"]?.string?.unicodeScalars.contains("\u{FFFD}") == true {
        object["call"] = nil
      }
      return (.object(object), .badUTF8)
    } catch {
      switch error.reason {
      case .tooLong: return (nil, .tooLong)
      case .badUTF8, .loneSurrogate: return (nil, .badUTF8)
      default: return (nil, .badJSON)
      }
    }
  }
}
