// What it takes to end a call that nobody has answered, without the program that it belonged to.

import CCJSON
import CLibre

/// An INVITE without a final answer: what its CANCEL (RFC 3261 section 9.1) or its refusal repeats.
struct PendingInvite: Hashable {
  /// Who sent it.
  enum Side: String, Hashable { case ours, theirs }

  var side: Side
  /// Of ours: the Request-URI.
  var uri: String
  /// Of ours the one that went out, of theirs all of them, the topmost first.
  var vias: [String]
  /// Of ours: the routes that it went out with.
  var routes: [String]
  var from: String
  /// Of theirs with our tag.
  var to: String
  var callID: String
  var sequence: UInt32
  /// Where ours went, and where the answer to theirs goes: a numeric address with its port.
  var peer: String
  /// Of ours: the dialogs of those at whom it rings.
  ///
  /// Who answers in the moment that we die is hung up in
  /// the one that is his (RFC 3261 section 15): over a stream his answer finds nobody.
  var early: [DialogRecord] = []

  /// What theirs is refused with.
  var code = 480

  /// So many telephones are remembered.
  static let mostEarly = 4

  /// For the file.
  var json: JSONValue {
    .object(
      JSONObject([
        .init(name: "side", value: .string(side.rawValue)), .init(name: "uri", value: .string(uri)),
        .init(name: "vias", value: .array(vias.map { .string($0) })),
        .init(name: "routes", value: .array(routes.map { .string($0) })),
        .init(name: "from", value: .string(from)), .init(name: "to", value: .string(to)),
        .init(name: "callID", value: .string(callID)),
        .init(name: "sequence", value: .int(Int64(sequence))),
        .init(name: "peer", value: .string(peer)),
        .init(name: "early", value: .array(early.map(\.json))),
        .init(name: "code", value: .int(Int64(code))),
      ]))
  }

  /// It rings somewhere: nil where that is known already, or makes no dialog.
  func ringing(at answer: UnsafePointer<sip_msg>) -> PendingInvite? {
    guard side == .ours, answer.pointee.callid.text == callID, answer.pointee.to.tag.l > 0,
      early.count < Self.mostEarly, var dialog = DialogRecord(answeredBy: answer)
    else { return nil }
    dialog.sequence = sequence &+ 10_000
    guard DialogRecord(dialog.json) != nil, !early.contains(where: { $0.remote == dialog.remote })
    else { return nil }
    var invite = self
    invite.early.append(dialog)
    return invite
  }

  /// Reads one; nil if something is missing, or could break a header.
  init?(_ json: JSONValue) {
    let reader = RecordReader(json)
    guard let side = reader.word("side").flatMap(Side.init), let vias = reader.texts("vias"),
      let routes = reader.texts("routes"), let from = reader.text("from"),
      let to = reader.text("to"), let callID = reader.word("callID"),
      let sequence = reader.number("sequence"), let peer = reader.word("peer"),
      let uri = side == .ours ? reader.uri("uri") : ""
    else { return nil }
    self.side = side
    self.uri = uri
    self.vias = vias
    self.routes = routes
    self.from = from
    self.to = to
    self.callID = callID
    self.sequence = sequence
    self.peer = peer
    if case .array(let list)? = json["early"], list.count <= Self.mostEarly {
      early = list.compactMap { DialogRecord($0) }.filter { $0.callID == callID }
    }
    if let code = json["code"]?.int.flatMap({ Int(exactly: $0) }) {
      guard (400..<700).contains(code) else { return nil }
      self.code = code
    }
    guard branch != nil, address != nil else { return nil }
  }

  /// Reads what goes out: our first INVITE, or our first answer to theirs (100 has no tag yet).
  init?(sent message: UnsafePointer<sip_msg>, to peer: sa) {
    let head = message.pointee
    guard head.cseq.met.text == "INVITE" else { return nil }
    if head.req {
      guard head.to.tag.l == 0 else { return nil }
    } else {
      guard (101..<200).contains(message.code) else { return nil }
    }
    side = head.req ? .ours : .theirs
    uri = head.req ? head.ruri.text : ""
    vias = message.values(SIP_HDR_VIA)
    routes = head.req ? message.values(SIP_HDR_ROUTE) : []
    from = head.from.val.text
    to = head.to.val.text
    callID = head.callid.text
    sequence = head.cseq.num
    self.peer = peer.hostPort
  }

  /// What answers are known by; nil if the topmost Via is none.
  var branch: String? {
    guard let first = vias.first else { return nil }
    return first.withCString { text in
      var whole = pl()
      pl_set_str(&whole, text)
      var via = sip_via()
      return sip_via_decode(&via, &whole) == 0 ? via.branch.text : nil
    }
  }

  /// The peer as an address; nil if it is no number.
  var address: sa? {
    var address = sa()
    let error = peer.withCString { sa_decode(&address, $0, strlen($0)) }
    return error == 0 && address.port > 0 ? address : nil
  }
}
