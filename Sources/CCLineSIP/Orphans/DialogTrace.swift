// What it takes to end a call without the program that made it.

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
    func text(_ name: String) -> String? {
      guard let text = json[name]?.string, !text.isEmpty, text.utf8.count <= 4096,
        text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
      else { return nil }
      return text
    }
    guard let callID = text("callID"), let local = text("local"), let remote = text("remote"),
      let target = text("target"), NameAddress(target) != nil, !target.contains(" "),
      case .array(let list)? = json["routes"], list.count <= 16,
      let number = json["sequence"]?.int, let sequence = UInt32(exactly: number)
    else { return nil }
    var routes: [String] = []
    for route in list {
      guard let route = route.string,
        route.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
      else { return nil }
      routes.append(route)
    }
    self.init(
      callID: callID, local: local, remote: remote, target: target, routes: routes,
      sequence: sequence)
  }
}

/// The record of one call, written down while the call lives.
final class DialogTrace {
  /// The file, if there is one.
  weak var book: DialogBook?
  private(set) var record: DialogRecord?

  /// Requests that a call may still send before its BYE has a lower number.
  private static let room: UInt32 = 10_000

  /// An inbound call: everything is in its INVITE, and in the tag that libre will answer with.
  func began(by request: UnsafePointer<sip_msg>) {
    guard let contact = request.value(SIP_HDR_CONTACT) else { return }
    let digits = String(request.pointee.tag, radix: 16)
    let tag = String(repeating: "0", count: max(0, 16 - digits.count)) + digits
    record = DialogRecord(
      callID: request.pointee.callid.text, local: "\(request.pointee.to.val.text);tag=\(tag)",
      remote: request.pointee.from.val.text, target: SIPText.uri(of: contact),
      routes: request.values(SIP_HDR_RECORD_ROUTE), sequence: 0)
  }

  /// The call talks: from now on its end is owed to the far side.
  func established(by message: UnsafePointer<sip_msg>, of call: Call) {
    if !message.pointee.req {
      guard let contact = message.value(SIP_HDR_CONTACT) else { return }
      record = DialogRecord(
        callID: message.pointee.callid.text, local: message.pointee.from.val.text,
        remote: message.pointee.to.val.text, target: SIPText.uri(of: contact),
        routes: message.values(SIP_HDR_RECORD_ROUTE).reversed(), sequence: 0)
    }
    guard let object = call.session.object else { return }
    record?.sequence = sip_dialog_lseq(sipsess_dialog(object)) + Self.room
    if let record { book?.add(record) }
  }

  /// The call is over.
  func forget() {
    if let record { book?.remove(record) }
  }

  /// How another telephone names this dialog, to take our place in it.
  var replaces: Replaces? {
    guard let record, let ours = Self.tag(record.local), let theirs = Self.tag(record.remote)
    else { return nil }
    return Replaces(callID: record.callID, toTag: theirs, fromTag: ours)
  }

  /// Whether a Replaces header names this dialog: its to-tag is ours.
  func isNamed(by replaces: Replaces) -> Bool {
    guard let record else { return false }
    return record.callID == replaces.callID && Self.tag(record.local) == replaces.toTag
      && Self.tag(record.remote) == replaces.fromTag
  }

  private static func tag(_ address: String) -> String? {
    let outside = address.lastIndex(of: ">").map { address[$0...] } ?? address[...]
    for part in outside.split(separator: ";").dropFirst() {
      let pair = part.split(separator: "=", maxSplits: 1)
      if pair.count == 2, pair[0].lowercased().filter({ $0 != " " }) == "tag" {
        return String(pair[1].filter { $0 != " " })
      }
    }
    return nil
  }
}
