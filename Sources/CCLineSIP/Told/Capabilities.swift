// What this telephone can do, as every message says it.

/// The headers `Allow` and `Supported` (RFC 3261 sections 13.2.1, 20.5, 20.37).
///
/// A telephone system asks before it uses a method: one that does not see UPDATE in `Allow` sends none, and
/// then nobody learns where the sound goes or who is there now.
struct Capabilities: Hashable {
  /// Whether a far end may hand calls on (REFER, Replaces).
  var followsTransfers = false

  /// The methods that are taken, as one value.
  var allow: String {
    "INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, INFO, NOTIFY" + (followsTransfers ? ", REFER" : "")
  }

  /// The extensions that are understood, as one value; there may be none.
  var supported: String { followsTransfers ? "replaces" : "" }

  /// The header lines, without the end of the last one.
  ///
  /// `X-FS-Support`: FreeSWITCH tells a telephone that says so who is there now, by INFO (mod_sofia).
  var lines: String {
    ["Allow: \(allow)", "Supported: \(supported)", "X-FS-Support: update_display"]
      .joined(separator: "\r\n")
  }

  /// What libre is to sign every message with: the name of the program, and behind it these lines.
  ///
  /// libre writes it behind `User-Agent:` and `Server:` in every message and takes no other header for a
  /// re-INVITE or its answer, so this is the one place from which they all get them.
  var signature: String { "\(Stack.software)\r\n\(lines)" }
}
