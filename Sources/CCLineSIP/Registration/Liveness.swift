// Noticing that the registrar is gone.

import CCCore
import CLibre
import Glibc

/// Watches the way to the registrar between two refreshes.
///
/// Over TCP the kernel does it (`Stack.tune`): a close is told at once, a silent death after the
/// keepalive. A ping of our own would only punish registrars that do not answer it. Over UDP an OPTIONS
/// is sent now and then, and any answer at all is a sign of life.
final class Liveness {
  private let stack: Stack
  private let settings: Settings
  private let lost: (SafeText) -> Void
  private let connection = Slot()
  private let request = Slot()
  private let timer = Timer()
  private let ticket = Ticket()
  private var sequence: UInt32 = 1
  private let callID = SIPText.mark()

  init(
    _ stack: Stack, _ message: UnsafePointer<sip_msg>, settings: Settings,
    lost: @escaping (SafeText) -> Void
  ) {
    self.stack = stack
    self.settings = settings
    self.lost = lost
    switch settings.transport {
    case .tcp, .tls: watchConnection(message)
    case .udp: scheduleOptions()
    }
  }

  /// libre's own ping, set so far off that only its news of a closed connection is left.
  private func watchConnection(_ message: UnsafePointer<sip_msg>) {
    let elevenDays: UInt32 = 1_000_000
    sip_keepalive_start(
      connection.place, stack.handle, message, elevenDays,
      { error, argument in
        Ticket.holder(argument, as: Liveness.self)?
          .lost(Reasons.transport(error == 0 ? ECONNRESET : error).words)
      }, ticket.of(self))
  }

  private func scheduleOptions() {
    // Jitter: many desks that started together do not ask together.
    let wait = settings.keepalive * Int.random(in: 800...1000)
    timer.start(after: wait) { [weak self] in self?.sendOptions() }
  }

  private func sendOptions() {
    sequence += 1
    let uri = "sip:\(settings.domain)"
    let text =
      "To: <\(uri)>\r\nFrom: <\(settings.address)>;tag=\(SIPText.mark())\r\nCall-ID: \(callID)\r\n"
      + "CSeq: \(sequence) OPTIONS\r\nUser-Agent: \(stack.capabilities.signature)\r\n"
      + "Content-Length: 0\r\n\r\n"
    let error = stack.request(
      "OPTIONS", uri: uri, text: text, into: request,
      argument: ticket.of(self), contact: { _, _, _, _, _ in 0 },
      response: { error, message, argument in
        Ticket.holder(argument, as: Liveness.self)?.answered(error, message)
      })
    guard error == 0 else { return answered(error, nil) }
    timer.start(after: settings.firstAnswer) { [weak self] in
      self?.request.release()
      self?.answered(ETIMEDOUT, nil)
    }
  }

  private func answered(_ error: Int32, _ message: UnsafePointer<sip_msg>?) {
    timer.cancel()
    if error == 0, message != nil { return scheduleOptions() }
    lost(Reasons.transport(error).words)
  }
}
