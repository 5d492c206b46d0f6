// What a far end says of a transfer that it was asked for.

import CCCore
import CLibre

/// A NOTIFY of the subscription that a REFER makes (RFC 3515 section 2.4).
struct TransferNotice: Hashable {
  /// What it says.
  enum News: Hashable {
    /// Nothing yet.
    case trying
    /// It rings at whom the customer goes to.
    case rings
    case done
    case failed(SafeText)
  }

  let news: News

  /// Reads one; nil where it is about another event, or another REFER than that of this number.
  init?(_ message: UnsafePointer<sip_msg>, of refer: UInt32) {
    guard let event = message.named("Event").first ?? message.named("o").first else { return nil }
    let parts = event.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
    guard parts.first?.lowercased() == "refer" else { return nil }
    // Section 2.4.6: of several, the one with the REFER's number.
    let id = parts.first { $0.lowercased().hasPrefix("id=") }.flatMap { UInt32($0.dropFirst(3)) }
    guard id == nil || id == refer else { return nil }
    let state = message.named("Subscription-State").first ?? ""
    let isLast = state.lowercased().hasPrefix("terminated")
    switch Self.fragment(message) {
    case .some(200..<300): news = .done
    case .some(let code) where code >= 300:
      news = .failed(Reasons.answer(code: code, phrase: "").words)
    case _ where isLast: news = .failed(Self.untold)
    case .some(180...): news = .rings
    default: news = .trying
    }
  }

  /// What is told where a far end never says how it went.
  static let untold: SafeText = "the far end does not say how it went"

  /// Its body is the first line of an answer.
  private static func fragment(_ message: UnsafePointer<sip_msg>) -> Int? {
    guard let body = message.pointee.mb, let bytes = mbuf_buf(body) else { return nil }
    let text = String(
      decoding: UnsafeBufferPointer(start: bytes, count: min(32, mbuf_get_left(body))),
      as: UTF8.self)
    guard text.hasPrefix("SIP/2.0 ") else { return nil }
    return Int(text.dropFirst(8).prefix(3))
  }
}
