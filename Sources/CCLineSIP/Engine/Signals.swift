// Signals, as readable as a descriptor.

import CLibre
import CLinux
import Glibc

/// Hears SIGTERM, SIGINT and SIGHUP inside the loop, so that a call is ended with a BYE and not by
/// falling silent.
final class Signals {
  private var descriptor: Int32 = -1
  private let handler: () -> Void

  init(_ handler: @escaping () -> Void) { self.handler = handler }

  /// Starts; before any thread does, which would take the signals otherwise.
  func start() {
    var set = sigset_t()
    sigemptyset(&set)
    for number in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, number) }
    sigprocmask(SIG_BLOCK, &set, nil)
    descriptor = signalfd(-1, &set, cc_signalfd_flags)
    guard descriptor >= 0 else { return }
    _ = cc_watch(
      descriptor, Int32(FD_READ),
      { _, argument in
        guard let argument else { return }
        Unmanaged<Signals>.fromOpaque(argument).takeUnretainedValue().readable()
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private func readable() {
    var information = signalfd_siginfo()
    guard read(descriptor, &information, MemoryLayout<signalfd_siginfo>.size) > 0 else { return }
    handler()
  }
}
