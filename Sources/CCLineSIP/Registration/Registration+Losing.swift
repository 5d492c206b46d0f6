// Losing the registrar, and trying again.

import CCCore
import CLibre
import Glibc

extension Registration {
  func lost(_ reason: SafeText) {
    guard phase == .registered || phase == .asking else { return }
    // The first registrar is the one that is wanted: a loss begins there again.
    addresses = []
    place = settings.registrars.count - 1
    failed(reason)
  }

  func failed(_ reason: SafeText) {
    request.release()
    deadline.cancel()
    liveness = nil
    isUp = false
    let wait: Int
    if addresses.count > 1 || place + 1 < settings.registrars.count {
      wait = Self.nextSoon
    } else {
      var generator = SystemRandomNumberGenerator()
      wait = backoff.next(using: &generator)
    }
    move(to: .waiting)
    next.start(after: wait) { [weak self] in self?.retry() }
    owner?.unregistered(reason, retryIn: wait)
  }

  /// How soon the next address, or the next registrar, is asked, in milliseconds.
  static let nextSoon = 200

  /// Tries the next address of the name, after the last the next registrar, and then the first again.
  private func retry() {
    if addresses.count > 1 {
      addresses.removeFirst()
      return ask(at: addresses[0])
    }
    place = (place + 1) % settings.registrars.count
    begin()
  }

  func giveUp(_ reason: SafeText) {
    stop()
    move(to: .refused)
    owner?.unregistered(reason, retryIn: nil)
  }

  func gone() {
    stop()
    let left = self.left
    self.left = nil
    left?()
  }
}
