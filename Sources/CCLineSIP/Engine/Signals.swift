// Signals, as readable as a descriptor.

import CCLine
import CLibre
import CLinux
import Glibc

/// Hears whatever asks a program to end inside the loop.
///
/// So a call is ended with a BYE and not by falling silent. A loop that hangs is ended all the same (endwatch.c).
final class Signals {
  private var descriptor: Int32 = -1
  private let handler: () -> Void
  private var watch: Watch?

  init(_ handler: @escaping () -> Void) { self.handler = handler }

  /// Starts; before any thread does, which would take the signals otherwise.
  func start() {
    var set = sigset_t()
    sigemptyset(&set)
    for number in EndSignals.all { sigaddset(&set, number) }
    sigprocmask(SIG_BLOCK, &set, nil)
    cc_end_watch(&set, EndSignals.milliseconds)
    descriptor = signalfd(-1, &set, cc_signalfd_flags)
    guard descriptor >= 0 else { return }
    watch = Watch(descriptor) { [weak self] in self?.readable() }
  }

  private func readable() {
    var information = signalfd_siginfo()
    guard read(descriptor, &information, MemoryLayout<signalfd_siginfo>.size) > 0 else { return }
    cc_end_begins(Int32(information.ssi_signo))
    handler()
  }
}
