// Asking the registrar: where it is, and what it is told.

import CCCore
import CLibre
import Glibc

extension Registration {
  func resolved(_ found: [sa]) {
    guard phase == .resolving else { return }
    guard let address = found.first else {
      return failed(SafeText("\(registrar.host) has no address"))
    }
    addresses = found
    ask(at: address)
  }

  func ask(at address: sa) {
    do throws(Stack.Failure) {
      guard let stack = try owner?.stack(for: address, named: registrar.host) else { return }
      self.stack = stack
    } catch {
      return failed(Reasons.transport(error.error).words)
    }
    exchange = Credentials.Exchange()
    move(to: .asking)
    if let stack { owner?.willAsk(on: stack) }
    send(credentials: nil)
  }

  /// Asks again; `within`: how long the answer may take, in milliseconds, where that is less than usual.
  func refresh(within patience: Int? = nil) {
    guard phase == .registered else { return }
    exchange = Credentials.Exchange()
    move(to: .asking)
    send(credentials: nil, within: patience)
  }

  func send(credentials line: String?, within patience: Int? = nil) {
    guard let stack else { return }
    request.release()
    sequence &+= 1
    if phase != .leaving { choosesContact(on: stack) }
    // Who leaves takes back her own.
    let stale = phase == .leaving ? nil : bindings.stale
    let (place, seconds) = stale.map { ($0, 0) } ?? (contact, expires)
    let text =
      "To: <\(settings.address)>\r\nFrom: <\(settings.address)>;tag=\(tag)\r\n"
      + "Call-ID: \(callID)\r\nCSeq: \(sequence) REGISTER\r\n"
      + "User-Agent: \(stack.capabilities.signature)\r\n"
      + "Contact: <\(place)>;expires=\(seconds)\r\nExpires: \(seconds)\r\n\(line ?? "")"
      + "Content-Length: 0\r\n\r\n"
    let error = stack.request(
      "REGISTER", uri: uri, text: text, into: request, argument: ticket.of(self),
      contact: { _, _, _, _, _ in 0 },
      response: { Registration.onResponse($0, $1, $2) })
    guard error == 0 else { return answered(error, nil) }
    let wait = min(patience ?? settings.firstAnswer, settings.firstAnswer)
    deadline.start(after: wait) { [weak self] in self?.unanswered() }
  }

  /// Where we are reached: at the port that the connection to the registrar leaves from.
  ///
  /// A telephone system finds the connection by it, and needs no other: over TLS there is none.
  private func choosesContact(on stack: Stack) {
    let place =
      SIPGate.shared.local(toward: stack.registrar) ?? stack.local.with(port: stack.port ?? 0)
    contact = place.contact(settings.user, over: settings.transport)
    bindings.wants(contact)
  }

  /// Whether what was answered took back the contact of a line that is gone; ours is next.
  func tookBack() -> Bool {
    guard phase != .leaving, bindings.stale != nil else { return false }
    bindings.tookBack()
    exchange = Credentials.Exchange()
    send(credentials: nil)
    return true
  }

  var uri: String { "sip:\(settings.domain)" }
}
