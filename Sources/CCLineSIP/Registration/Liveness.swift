// Noticing that the registrar is gone.

import CCCore
import CLibre
import Glibc

/// Watches the way to the registrar between two refreshes.
///
/// Life is an answer to something that we asked, on this way and lately: that a socket stands says nothing.
/// So where nothing was answered for a while an OPTIONS is asked, over every transport, and whatever is
/// answered will do. Where nothing is, the registrar is asked in the way that it cannot leave unanswered, by a
/// REGISTER. A connection that is closed is told at once.
final class Liveness {
  /// What is told.
  enum News {
    /// Something was answered; `options`: an OPTIONS.
    case alive(options: Bool)
    /// Nothing is answered to it, or it is known that nothing would be.
    case silence
    /// The connection was closed.
    case closed(SafeText)
  }

  private let stack: Stack
  private let settings: Settings
  private let asksOptions: Bool
  private let tell: (News) -> Void
  private let connection = Slot()
  private let request = Slot()
  private let timer = Timer()
  private let ticket = Ticket()
  private var sequence: UInt32 = 1
  private let callID = SIPText.mark()
  private var askedAt = Timer.now

  /// A REGISTER is more work for a registrar than an OPTIONS: it is asked for that so much more seldom.
  static let registersAreRarer = 3

  /// `asksOptions`: whether this registrar answers OPTIONS, as far as is known.
  init(
    _ stack: Stack, _ message: UnsafePointer<sip_msg>, settings: Settings, asksOptions: Bool,
    tell: @escaping (News) -> Void
  ) {
    self.stack = stack
    self.settings = settings
    self.asksOptions = asksOptions
    self.tell = tell
    if settings.transport.isStream { watchConnection(message) }
    schedule()
  }

  /// libre's own ping, set so far off that only its news of a closed connection is left.
  private func watchConnection(_ message: UnsafePointer<sip_msg>) {
    let elevenDays: UInt32 = 1_000_000
    sip_keepalive_start(
      connection.place, stack.handle, message, elevenDays,
      { error, argument in
        Ticket.holder(argument, as: Liveness.self)?
          .tell(.closed(Reasons.transport(error == 0 ? ECONNRESET : error).words))
      }, ticket.of(self))
  }

  private func schedule() {
    // Jitter: many desks that started together do not ask together.
    let share = Int.random(in: 800...1000) * (asksOptions ? 1 : Self.registersAreRarer)
    askedAt = Timer.now
    timer.start(after: settings.keepalive * share) { [weak self] in self?.ask() }
  }

  private func ask() {
    // What was answered meanwhile is as good a sign.
    if let answered = SIPGate.shared.answered(by: stack.registrar), answered > askedAt {
      schedule()
      return tell(.alive(options: false))
    }
    asksOptions ? sendOptions() : tell(.silence)
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
    guard error == 0, message != nil else { return tell(.silence) }
    schedule()
    tell(.alive(options: true))
  }
}
