// A timer of the loop.

import CLibre

/// Calls its handler once, after a while; starting again replaces what was to come.
final class Timer {
  // libre keeps the address, so the structure never moves.
  private let timer: UnsafeMutablePointer<tmr>
  private var handler: (() -> Void)?

  init() {
    timer = .allocate(capacity: 1)
    timer.initialize(to: tmr())
    tmr_init(timer)
  }

  /// Milliseconds of the loop's clock: since the machine was started, its sleep included.
  static var now: UInt64 { tmr_jiffies() }

  /// Milliseconds since a moment of that clock; 0 since one that is still to come.
  static func since(_ moment: UInt64, at now: UInt64 = now) -> UInt64 {
    now > moment ? now - moment : 0
  }

  /// Calls the handler after so many milliseconds.
  func start(after milliseconds: Int, _ handler: @escaping () -> Void) {
    self.handler = handler
    tmr_start(
      timer, UInt64(max(0, milliseconds)),
      { argument in
        guard let argument else { return }
        Unmanaged<Timer>.fromOpaque(argument).takeUnretainedValue().fire()
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Forgets what was to come.
  func cancel() {
    tmr_cancel(timer)
    handler = nil
  }

  private func fire() {
    let handler = self.handler
    self.handler = nil
    handler?()
  }

  deinit {
    tmr_cancel(timer)
    timer.deallocate()
  }
}
