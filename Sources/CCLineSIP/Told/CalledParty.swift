// The number or queue that a caller dialled, where a telephone system says it and it is not this desk.

import CCCore
import CLibre

/// Whom a caller wanted, before the call was led here.
///
/// Told by Diversion (RFC 5806: the last one is the first that was called), History-Info (RFC 7044: the
/// first), P-Called-Party-ID (RFC 7315), or a To that names somebody else than this account.
enum CalledParty {
  /// Reads the headers as they came; nil where nobody else was called.
  static func read(
    to: String, account: String, diversion: [String] = [], history: [String] = [],
    called: [String] = []
  ) -> Party? {
    let diverted: [NameAddress] = addresses(diversion).filter {
      $0.parameters["privacy"].map(isOpen) ?? true
    }
    let candidates: [NameAddress?] =
      [diverted.last, addresses(history).first] + addresses(called) + [NameAddress(to)]
    for case let address? in candidates {
      if let party = party(address, account) { return party }
    }
    return nil
  }

  private static func isOpen(_ privacy: String) -> Bool { privacy.lowercased() == "off" }

  private static func addresses(_ headers: [String]) -> [NameAddress] {
    headers.prefix(Identities.most).flatMap { header -> [NameAddress] in
      guard header.utf8.count <= NameAddress.longest else { return [] }
      return HeaderText.split(HeaderText.unfolded(header), at: ",").prefix(Identities.most)
        .compactMap(NameAddress.init)
    }
  }

  private static func party(_ address: NameAddress, _ account: String) -> Party? {
    let caller = Caller(displayed: address.name ?? "", number: address.user)
    guard !caller.number.isEmpty, caller.number != account,
      !DialNumber.same(caller.number, account)
    else { return nil }
    return caller.party
  }
}

extension UnsafePointer<sip_msg> {
  /// Whom the caller wanted, where that is not this account.
  func called(besides account: String) -> Party? {
    CalledParty.read(
      to: pointee.to.val.text, account: account, diversion: named("Diversion"),
      history: named("History-Info"), called: named("P-Called-Party-ID"))
  }
}
