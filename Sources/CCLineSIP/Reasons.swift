// Every refusal in words.

import CCCore
import Glibc

/// The words for what a far end, a proxy or the network answers.
enum Reasons {
  /// The reason of a final answer: our words for the codes that mean one thing, the far end's own
  /// phrase, washed, for the rest.
  static func answer(code: Int, phrase: String) -> Reason {
    if let words = words[code] { return Reason(SafeText(words), code: code) }
    let washed = SafeText(phrase, limit: 60)
    if !washed.isEmpty { return Reason(washed, code: code) }
    let kind =
      switch code {
      case 300..<400: "redirected"
      case 400..<500: "refused"
      case 500..<600: "the network failed"
      default: "refused everywhere"
      }
    return Reason(SafeText(kind), code: code)
  }

  /// A redirect, which is never followed unasked; `target` is where it wanted the call to go.
  static func redirect(code: Int, target: String) -> Reason {
    let where_ = SafeText(target, limit: 80)
    return Reason(
      where_.isEmpty ? "moved; not followed" : SafeText("moved to \(where_); not followed"),
      code: code)
  }

  /// What could not even be sent.
  ///
  /// RFC 3261 section 8.1.3.1 gives these the codes 408 and 503.
  static func transport(_ error: Int32) -> Reason {
    switch error {
    case ETIMEDOUT: Reason("no answer from the registrar", code: 408)
    case ECONNREFUSED: Reason("the registrar refuses the connection", code: 503)
    case ECONNRESET, EPIPE, ECONNABORTED, ENOTCONN:
      Reason("the connection to the registrar broke", code: 503)
    case ENETUNREACH, EHOSTUNREACH, ENETDOWN: Reason("the registrar cannot be reached", code: 503)
    default: Reason(SafeText("cannot be sent: \(text(of: error))"), code: 503)
    }
  }

  /// The system's words for an error number.
  static func text(of error: Int32) -> String { String(cString: strerror(error)) }

  /// Nothing came back at all, within the line's own deadline.
  static let noFirstAnswer = Reason("no answer from the registrar", code: 408)
  /// It rang, and nobody came, within the line's own deadline.
  static let nobodyAnswered = Reason("nobody answered", code: 408)
  /// The agent hung up before it was answered.
  static let cancelled = Reason("cancelled", code: 487)
  /// The far end hung up.
  static let hungUp = Reason.hungUp
  /// The caller hung up before anybody answered.
  static let callerGaveUp = Reason("the caller hung up", code: 487)
  /// Another telephone took the far end's place.
  static let handedOn = Reason.handedOn
  /// The far end never acknowledged that we answered.
  static let neverConfirmed = Reason("the far end never confirmed the call")
  /// The far end does not know the call any more.
  static let gone = Reason("the far end has lost the call")
  /// The far end's description of its sound makes no sense, or points where no sound may go.
  static let noCommonSound = Reason("no common sound", code: 488)

  /// The settings want encrypted sound, and the far end gives none.
  static let soundInTheClear = Reason("the far end does not encrypt its sound", code: 488)
  /// The far end wants encrypted sound, and the settings forbid it.
  static let soundEncrypted = Reason("the far end wants SRTP, and sip.srtp is off", code: 488)

  /// The phrase that we answer with (RFC 3261 section 21).
  static func phrase(_ code: Int) -> String {
    phrases[code] ?? (code < 200 ? "Progress" : "Failure")
  }

  private static let phrases: [Int: String] = [
    100: "Trying", 180: "Ringing", 183: "Session Progress", 200: "OK", 202: "Accepted",
    400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 408: "Request Timeout",
    415: "Unsupported Media Type",
    420: "Bad Extension", 469: "Bad Info Package", 480: "Temporarily Unavailable",
    481: "Call Does Not Exist",
    486: "Busy Here", 487: "Request Terminated", 488: "Not Acceptable Here", 489: "Bad Event",
    491: "Request Pending", 500: "Server Internal Error", 501: "Not Implemented",
    503: "Service Unavailable", 603: "Decline",
  ]

  private static let words: [Int: String] = [
    400: "the call was not understood", 401: "not authorised", 402: "payment required",
    403: "forbidden", 404: "not found", 405: "not allowed", 406: "not acceptable",
    407: "not authorised", 408: "no answer", 410: "gone", 413: "too long", 414: "number too long",
    415: "unknown content", 416: "unknown kind of number", 420: "unknown extension",
    480: "not available", 481: "the call does not exist", 482: "the call runs in a circle",
    483: "too many hops", 484: "number incomplete", 485: "ambiguous number", 486: "busy here",
    487: "cancelled", 488: "no common sound", 491: "another request is under way",
    500: "the server failed", 501: "not supported", 502: "bad gateway", 503: "service unavailable",
    504: "the server timed out", 505: "unknown SIP version", 513: "too long",
    600: "busy everywhere",
    603: "declined", 604: "does not exist anywhere", 606: "no common sound",
    607: "unwanted", 608: "rejected by a filter",
  ]
}
