// How large an INVITE will be, before libre writes it.

/// An upper bound of an INVITE's length.
///
/// Over UDP it must fit into one packet (RFC 3261 section 18.1.1: 1300 bytes), or networks drop it
/// silently.
struct InviteSize {
  var uri: String
  var from: String
  var route: String
  var local: String
  /// The `Authorization` line, if there is one.
  var credentials: String
  /// What it says that this telephone can do.
  var capabilities = Capabilities()
  /// The bytes of the session description.
  var body: Int

  /// The longest message that is sent as a datagram.
  static let longestDatagram = 1300

  /// The bytes without further headers.
  var bytes: Int {
    let mark = "0123456789abcdef"
    let lines = [
      "INVITE \(uri) SIP/2.0", "Via: SIP/2.0/UDP \(local);branch=z9hG4bK\(mark);rport",
      "Contact: <\(from)@\(local)>", "Max-Forwards: 70", "Route: <\(route);lr>", "To: <\(uri)>",
      "From: <\(from)>;tag=\(mark)", "Call-ID: \(mark)", "CSeq: 65535 INVITE",
      "User-Agent: \(capabilities.signature)", "Content-Type: application/sdp",
      "Content-Length: 9999", "",
    ]
    return lines.reduce(0) { $0 + $1.utf8.count + 2 } + credentials.utf8.count + body
  }
}
