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

  func refresh() {
    guard phase == .registered else { return }
    exchange = Credentials.Exchange()
    move(to: .asking)
    send(credentials: nil)
  }

  func send(credentials line: String?) {
    guard let stack else { return }
    request.release()
    sequence &+= 1
    let text =
      "To: <\(settings.address)>\r\nFrom: <\(settings.address)>;tag=\(tag)\r\n"
      + "Call-ID: \(callID)\r\nCSeq: \(sequence) REGISTER\r\n"
      + "User-Agent: \(stack.capabilities.signature)\r\n"
      + "Expires: \(expires)\r\n\(line ?? "")Content-Length: 0\r\n\r\n"
    let error = stack.request(
      "REGISTER", uri: uri, text: text, into: request,
      argument: ticket.of(self),
      contact: { _, source, _, buffer, me in Registration.onSend(source, buffer, me) },
      response: { Registration.onResponse($0, $1, $2) })
    guard error == 0 else { return answered(error, nil) }
    deadline.start(after: settings.firstAnswer) { [weak self] in
      self?.request.release()
      self?.answered(ETIMEDOUT, nil)
    }
  }

  var uri: String { "sip:\(settings.domain)" }

  private static func onSend(
    _ source: UnsafePointer<sa>?, _ buffer: UnsafeMutablePointer<mbuf>?,
    _ argument: UnsafeMutableRawPointer?
  ) -> Int32 {
    guard let source, let me = Ticket.holder(argument, as: Registration.self) else {
      return EINVAL
    }
    me.contact = source.pointee.contact(me.settings.user, over: me.settings.transport)
    return mbuf_write_str(buffer, "Contact: <\(me.contact)>;expires=\(me.expires)\r\n")
  }
}
