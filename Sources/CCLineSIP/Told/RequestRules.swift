// What a request is answered with that is neither a call nor part of one: by the standards, not by silence.

/// The part of a request that decides its answer.
struct RequestKind: Hashable {
  var method: String
  /// Whether it claims to be in a dialog (a tag in To).
  var isInDialog = false
  /// Whether that dialog is a call of ours.
  var isOfCall = false
  /// The event of a NOTIFY, without its parameters.
  var event = ""
  /// The package of an INFO (RFC 6086); empty: none.
  var infoPackage = ""
  /// `type/subtype` of the body in lower case; empty where there is none.
  var content = ""
  var hasBody = false

  /// What is to be done.
  enum Verdict: Hashable {
    /// libre, or whoever is behind it, answers.
    case pass
    /// The call takes it: UPDATE, and an INFO that tells who is there.
    case forCall
    /// It is answered with this, and with these headers, each with its line end.
    case answer(Int, String = "")
  }

  /// What a telephone that does not follow transfers is not asked.
  func verdict(_ capabilities: Capabilities) -> Verdict {
    switch method {
    case "INVITE", "ACK", "BYE", "CANCEL", "OPTIONS": return .pass
    // RFC 6665 section 4.1.3: only what a REFER of ours subscribed to is understood.
    case "NOTIFY":
      return event == "refer" ? .pass : .answer(489, "Allow-Events: refer\r\n")
    default: break
    }
    // RFC 3261 section 12.2.2.
    if isInDialog, !isOfCall { return .answer(481) }
    switch method {
    case "UPDATE": return isInDialog ? .forCall : .answer(481)
    case "INFO": return isInDialog ? info : .answer(481)
    case "REFER" where capabilities.followsTransfers && isInDialog: return .pass
    // RFC 3261 section 8.2.1: known, and not allowed here. `Allow` stands in every answer.
    case "REFER", "MESSAGE", "SUBSCRIBE", "PUBLISH", "PRACK", "REGISTER": return .answer(405)
    // Section 21.5.2.
    default: return .answer(501)
    }
  }

  /// RFC 6086 section 4.2.2: a package that is not known is 469, content that is not known 415.
  private var info: Verdict {
    if !infoPackage.isEmpty { return .answer(469, "Recv-Info:\r\n") }
    if Self.tellsParty.contains(content) { return .forCall }
    return hasBody ? .answer(415, "Accept: \(Self.tellsParty[0])\r\n") : .answer(200)
  }

  /// The content of an INFO by which FreeSWITCH tells who is there now.
  static let tellsParty = ["message/update_display"]
}
