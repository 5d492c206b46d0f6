// Looking whether we still stand at the registrar.

import CCCore
import CLibre
import Glibc

extension Registration {
  /// Asks which contacts stand there (RFC 3261 section 10.2.3: a REGISTER without Contact).
  ///
  /// A telephone system may have forgotten us, or given our place to another desk of the account: both leave
  /// a line that is up and never rings.
  func look(credentials line: String? = nil) {
    guard phase == .registered, let stack, standing != nil else { return }
    if line == nil { lookExchange = Credentials.Exchange() }
    looking.release()
    sequence &+= 1
    let text =
      "To: <\(settings.address)>\r\nFrom: <\(settings.address)>;tag=\(tag)\r\n"
      + "Call-ID: \(callID)\r\nCSeq: \(sequence) REGISTER\r\nUser-Agent: \(Stack.software)\r\n"
      + "\(line ?? "")Content-Length: 0\r\n\r\n"
    _ = stack.request(
      "REGISTER", uri: uri, text: text, into: looking, argument: ticket.of(self),
      contact: { _, _, _, _, _ in 0 },
      response: { _, message, argument in
        guard let message else { return }
        Ticket.holder(argument, as: Registration.self)?.looked(message)
      })
  }

  private func looked(_ message: UnsafePointer<sip_msg>) {
    guard phase == .registered, message.code >= 200 else { return }
    switch message.code {
    case 200..<300: compare(message.pieces(SIP_HDR_CONTACT).map(SIPText.uri))
    case 401, 407:
      let answer = credentials.answer(
        message.challenges, method: "REGISTER", uri: uri, in: &lookExchange,
        clientNonce: SIPText.mark())
      switch answer {
      case .success(let line): look(credentials: line)
      case .failure(.password):
        giveUp(Credentials.Refusal.password.words("the registrar", code: message.code))
      case .failure: standing = nil
      }
    // It does not answer such a question: it is not asked again.
    default: standing = nil
    }
  }

  /// What stood there when we registered, if we are among it: else nothing could be told later.
  func remember(_ message: UnsafePointer<sip_msg>) {
    let contacts = message.pieces(SIP_HDR_CONTACT).map(SIPText.uri)
    standing = contacts.contains { ContactURI.isSame($0, contact) } ? contacts : nil
  }

  private func compare(_ contacts: [String]) {
    guard let standing, !contacts.contains(where: { ContactURI.isSame($0, contact) }) else {
      return
    }
    let isTaken = contacts.contains { new in !standing.contains { ContactURI.isSame($0, new) } }
    guard isTaken else {
      isForgotten = true
      refresh()
      return
    }
    // Never a fight: the other desk has the place until the agent takes it back.
    bindings.ended()
    stop()
    owner?.evicted()
  }
}
