// One dialog of a scripted telephone system with a line.

import CCTestSupport
import Foundation

@testable import CCLineSIP

/// Who speaks as a telephone system: where it is reached is all that a message says of it.
protocol ScriptedPeer: AnyObject, Sendable {
  var transport: String { get }
  var port: UInt16 { get }
  /// Sends a message to the line.
  func send(_ text: String)
}

extension ScriptedPBX: ScriptedPeer {}

/// What the far end of a call knows, to send requests in it and to answer those of the line.
struct ScriptedDialog {
  private let peer: any ScriptedPeer
  let callID: String
  /// Our side, and the line's, as they stand in From of our requests.
  let local: String
  let remote: String
  /// Where the line wants to be reached.
  let target: String
  /// The call as the line names it to the desk.
  var id: String?
  private var number: UInt32 = 100

  /// The line's INVITE began it; `tag` is ours.
  init(_ pbx: any ScriptedPeer, invited request: String, tag: String = "far") {
    peer = pbx
    callID = Self.value("call-id", request)
    local = "\(Self.value("to", request));tag=\(tag)"
    remote = Self.value("from", request)
    target = SIPText.uri(of: Self.value("contact", request))
  }

  /// Our INVITE began it, and the line's answer gave it its tag.
  init(_ pbx: any ScriptedPeer, called request: String, answered answer: String) {
    peer = pbx
    callID = Self.value("call-id", request)
    local = Self.value("from", request)
    remote = Self.value("to", answer)
    let contact = Self.value("contact", answer)
    target = contact.isEmpty ? "sip:1001@127.0.0.1" : SIPText.uri(of: contact)
  }

  /// The telephone system, where that is who speaks.
  var pbx: ScriptedPBX {
    guard let pbx = peer as? ScriptedPBX else { fatalError("no telephone system speaks here") }
    return pbx
  }

  static func value(_ name: String, _ message: String) -> String {
    let short = ["call-id": "i", "contact": "m", "from": "f", "to": "t"][name]
    return SIPText.header([name] + (short.map { [$0] } ?? []), in: message) ?? ""
  }

  /// The number of a message's CSeq.
  static func number(_ message: String) -> UInt32 {
    UInt32(value("cseq", message).prefix { $0 != " " }) ?? 0
  }

  private var contact: String {
    "Contact: <sip:far@127.0.0.1:\(peer.port)"
      + "\(peer.transport == "udp" ? "" : ";transport=\(peer.transport)")>"
  }

  /// A first INVITE to the line.
  static func invite(
    _ pbx: any ScriptedPeer, _ mark: String = SIPText.mark(), from: String = "caller",
    headers: [String] = [], body: String = HostileMessages.sound
  ) -> String {
    message(
      "INVITE sip:1001@127.0.0.1 SIP/2.0",
      [
        via(pbx), "Max-Forwards: 70", "From: <sip:\(from)@cc.test>;tag=\(mark)",
        "To: <sip:1001@cc.test>", "Call-ID: \(mark)", "CSeq: 1 INVITE",
        "Contact: <sip:far@127.0.0.1:\(pbx.port)"
          + "\(pbx.transport == "udp" ? "" : ";transport=\(pbx.transport)")>",
      ] + headers, body: body)
  }

  static func via(_ pbx: any ScriptedPeer, branch: String = SIPText.mark()) -> String {
    "Via: SIP/2.0/\(pbx.transport.uppercased()) 127.0.0.1:\(pbx.port);branch=z9hG4bK\(branch);rport"
  }

  private static func message(_ line: String, _ headers: [String], body: String) -> String {
    let type = body.isEmpty || headers.contains { $0.hasPrefix("Content-Type:") }
    return
      ([line] + headers + (type ? [] : ["Content-Type: application/sdp"])
      + ["Content-Length: \(body.utf8.count)", "", body]).joined(separator: "\r\n")
  }

  /// A request in the dialog; without a number the next one.
  mutating func request(
    _ method: String, number: UInt32? = nil, _ headers: [String] = [], body: String = ""
  ) -> String {
    if number == nil { self.number += 1 }
    return Self.message(
      "\(method) \(target) SIP/2.0",
      [
        Self.via(peer), "Max-Forwards: 70", "From: \(local)", "To: \(remote)",
        "Call-ID: \(callID)", "CSeq: \(number ?? self.number) \(method)", contact,
      ] + headers, body: body)
  }

  /// The CANCEL of an INVITE of ours, which has its branch and number (RFC 3261 section 9.1).
  static func cancel(of invite: String) -> String {
    let via = invite.components(separatedBy: "\r\n").first { $0.hasPrefix("Via:") } ?? ""
    return message(
      "CANCEL sip:1001@127.0.0.1 SIP/2.0",
      [via, "Max-Forwards: 70"]
        + ["From", "To", "Call-ID"].map { "\($0): \(value($0.lowercased(), invite))" }
        + ["CSeq: \(number(invite)) CANCEL"], body: "")
  }

  /// The ACK to a refusal of our INVITE, which has its branch (RFC 3261 section 17.1.1.3).
  func acknowledgement(of invite: String, _ refusal: String) -> String {
    let via = invite.components(separatedBy: "\r\n").first { $0.hasPrefix("Via:") } ?? ""
    return Self.message(
      "ACK sip:1001@127.0.0.1 SIP/2.0",
      [
        via, "Max-Forwards: 70", "From: \(Self.value("from", invite))",
        "To: \(Self.value("to", refusal))", "Call-ID: \(callID)", "CSeq: 1 ACK",
      ], body: "")
  }

  /// An answer to a request of the line's in this dialog, or to the one that began it.
  func answer(
    _ request: String, _ status: String, _ headers: [String] = [], body: String = ""
  ) -> String {
    let tag = local.components(separatedBy: ";tag=").last ?? ""
    return Self.answer(to: request, status, tag: tag, [contact] + headers, body: body)
  }

  /// An answer with what must be kept of its request.
  static func answer(
    to request: String, _ status: String, tag: String, _ headers: [String] = [], body: String = ""
  ) -> String {
    let vias = request.components(separatedBy: "\r\n").filter { $0.lowercased().hasPrefix("via:") }
    let to = value("to", request)
    return message(
      "SIP/2.0 \(status)",
      vias + [
        "From: \(value("from", request))",
        to.contains("tag=") ? "To: \(to)" : "To: \(to);tag=\(tag)",
        "Call-ID: \(value("call-id", request))", "CSeq: \(value("cseq", request))",
      ] + headers, body: body)
  }
}
