// Signals as something to read.

import CLinux
import Glibc

/// Takes signals off their usual way and hands them over through a descriptor.
@MainActor final class Signals {
  /// Readable when a signal has come.
  let descriptor: Int32

  /// Blocks these signals; call it before there is a second thread.
  init(_ numbers: [Int32]) throws(Failure) {
    var set = sigset_t()
    sigemptyset(&set)
    for number in numbers { sigaddset(&set, number) }
    pthread_sigmask(SIG_BLOCK, &set, nil)
    descriptor = signalfd(-1, &set, cc_signalfd_flags)
    guard descriptor >= 0 else { throw .failed("signalfd: \(Files.reason()).") }
    // A reader that has gone costs an EPIPE, a file that may not grow an EFBIG: neither the program.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    var ends = sigset_t()
    sigemptyset(&ends)
    for number in Self.ends { sigaddset(&ends, number) }
    cc_end_watch(&ends, LastMoment.milliseconds)
  }

  isolated deinit { close(descriptor) }

  /// What asks a program to end.
  static let ends = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

  /// The signals that came, in their order.
  func take() -> [Int32] {
    var numbers = [Int32]()
    var info = signalfd_siginfo()
    while read(descriptor, &info, MemoryLayout<signalfd_siginfo>.size) > 0 {
      let number = Int32(info.ssi_signo)
      numbers.append(number)
      if Self.ends.contains(number) { LastMoment.begin(number) }
    }
    return numbers
  }
}
