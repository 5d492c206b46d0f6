// What it takes to hang up without the program that made the call.

import CCJSON
import CLibre

/// One dialog, as its BYE needs it (RFC 3261 section 12.2.1.1).
struct DialogRecord: Hashable {
  var callID: String
  /// Our side, as it stands in From: with its tag.
  var local: String
  /// The far side, as it stands in To: with its tag.
  var remote: String
  /// The far side's contact.
  var target: String
  /// The route set, in the order of our requests.
  var routes: [String]
  /// A number that is greater than any that was sent.
  var sequence: UInt32

  /// For the file.
  var json: JSONValue {
    .object(
      JSONObject([
        .init(name: "callID", value: .string(callID)), .init(name: "local", value: .string(local)),
        .init(name: "remote", value: .string(remote)),
        .init(name: "target", value: .string(target)),
        .init(name: "routes", value: .array(routes.map { .string($0) })),
        .init(name: "sequence", value: .int(Int64(sequence))),
      ]))
  }

  init(
    callID: String, local: String, remote: String, target: String, routes: [String],
    sequence: UInt32
  ) {
    self.callID = callID
    self.local = local
    self.remote = remote
    self.target = target
    self.routes = routes
    self.sequence = sequence
  }

  /// Reads one; nil if something is missing, or could break a header.
  init?(_ json: JSONValue) {
    let reader = RecordReader(json)
    guard let callID = reader.word("callID"), let local = reader.text("local"),
      let remote = reader.text("remote"), let target = reader.uri("target"),
      let routes = reader.texts("routes"), let sequence = reader.number("sequence")
    else { return nil }
    self.init(
      callID: callID, local: local, remote: remote, target: target, routes: routes,
      sequence: sequence)
  }

  /// The dialog that an INVITE from outside begins; `tag` is what libre answers with.
  init?(invitedBy request: UnsafePointer<sip_msg>) {
    guard let contact = request.value(SIP_HDR_CONTACT) else { return nil }
    let digits = String(request.pointee.tag, radix: 16)
    let tag = String(repeating: "0", count: max(0, 16 - digits.count)) + digits
    self.init(
      callID: request.pointee.callid.text, local: "\(request.pointee.to.val.text);tag=\(tag)",
      remote: request.pointee.from.val.text, target: SIPText.uri(of: contact),
      routes: request.pieces(SIP_HDR_RECORD_ROUTE), sequence: 0)
  }

  /// The dialog that an answer to our INVITE makes.
  init?(answeredBy response: UnsafePointer<sip_msg>) {
    guard let contact = response.value(SIP_HDR_CONTACT) else { return nil }
    self.init(
      callID: response.pointee.callid.text, local: response.pointee.from.val.text,
      remote: response.pointee.to.val.text, target: SIPText.uri(of: contact),
      routes: response.pieces(SIP_HDR_RECORD_ROUTE).reversed(), sequence: 0)
  }
}
