// A session as a file: both directions, with moments, without secrets.

import CCCore
import CCJSON

/// Writes the lines of a record: messages of the protocol with `t` (milliseconds since the start) and
/// `dir` (`line` or `desk`).
///
/// No token, no configuration and no tones are ever in it. Two words are not of the protocol: `started`
/// and `died`, so that a record of a lost line shows one when it is played.
public struct RecordWriter: Sendable {
  private let start: Int64

  /// A record that begins at this monotonic moment.
  public init(startingAt start: Int64) { self.start = start }

  /// The line of an event; nothing for an anomaly, whose bytes are not kept.
  public func line(_ event: LineEvent, at now: Int64) -> [UInt8] {
    switch event {
    case .started: return finish(JSONObject([.init(name: "type", value: "started")]), "line", now)
    case .died(let reason, let retryIn):
      var message = JSONObject([
        .init(name: "type", value: "died"), .init(name: "reason", value: .string(reason.string)),
      ])
      message["retryIn"] = retryIn.map { .double(Double($0) / Double(Instant.second)) }
      return finish(message, "line", now)
    default: return LineCodec.message(of: event).map { finish($0, "line", now) } ?? []
    }
  }

  /// The line of a command.
  public func line(_ command: LineCommand, at now: Int64) -> [UInt8] {
    var message = LineCodec.object(of: command)
    switch command {
    case .register(_, .some): message["token"] = "(set)"
    // Tones are often card numbers.
    case .dtmf(_, _, let digits):
      message["digits"] = .string("(\(digits.unicodeScalars.count) tones)")
    default: break
    }
    return finish(message, "desk", now)
  }

  private func finish(_ message: JSONObject, _ dir: String, _ now: Int64) -> [UInt8] {
    var message = message
    message["t"] = .int(max(0, now.minus(start)) / Instant.millisecond)
    message["dir"] = .string(dir)
    return JSONWriter.write(.object(message)) + [0x0A]
  }
}
