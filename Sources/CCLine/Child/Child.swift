// One running child: its pid, its pipes, its end.

import CLinux
import Glibc

/// A child process and our ends of its pipes.
///
/// Whoever has one must `reap` it once: that ends its group and closes everything.
struct Child {
  /// What a read gave.
  enum Read: Hashable {
    case bytes(Int)
    case nothing
    case end
  }

  /// A guardian that dies again and again is given up: something here wants none.
  private static let mostReplacements = 50

  let pid: pid_t
  /// Readable when the child wrote to either output, or ended: one descriptor for the loop to poll.
  let events: Int32
  private let watch: Int32
  private var guardian: Guardian?
  private var replacements = 0
  private let testament: Testament?
  private(set) var input: Int32
  private(set) var output: Int32
  private(set) var errors: Int32

  /// Starts a program; it was found before.
  ///
  /// `testament`: who ends what it leaves.
  static func start(
    _ path: String, _ arguments: [String], testament: Testament? = nil
  ) -> Result<Child, Executable.Refusal> {
    var (input, output, errors): ([Int32], [Int32], [Int32]) = ([-1, -1], [-1, -1], [-1, -1])
    var failure = cc_pipe(&input, 1)
    if failure == 0 { failure = cc_pipe(&output, 0) }
    if failure == 0 { failure = cc_pipe(&errors, 0) }
    var pid: pid_t = 0
    let guardian = failure == 0 ? Guardian(testament) : nil
    if failure == 0 {
      // With a guardian the end of its input is all that it hears at first: a line that hangs up then
      // must not be killed by a signal that it does not know.
      failure = Spawn.start(
        path, arguments, input: input[0], output: output[1], errors: errors[1],
        atOurDeath: guardian == nil ? .terminate : .none, pid: &pid)
    }
    for end in [input[0], output[1], errors[1]] where end >= 0 { Glibc.close(end) }
    guard failure == 0 else {
      guardian?.dismiss()
      for end in [input[1], output[0], errors[0]] where end >= 0 { Glibc.close(end) }
      return .failure(Executable.refusal(path, errno: failure))
    }
    guardian?.guards(pid)
    return .success(Child(pid, input[1], output[0], errors[0], guardian, testament))
  }

  private init(
    _ pid: pid_t, _ input: Int32, _ output: Int32, _ errors: Int32, _ guardian: Guardian?,
    _ testament: Testament?
  ) {
    self.pid = pid
    self.guardian = guardian
    self.testament = testament
    self.input = input
    self.output = output
    self.errors = errors
    events = epoll_create1(cc_epoll_cloexec)
    watch = pidfd_open(pid, 0)
    for descriptor in [output, errors, watch, guardian?.watch ?? -1] { wait(for: descriptor) }
  }

  private func wait(for descriptor: Int32) {
    guard descriptor >= 0 else { return }
    var event = epoll_event(events: cc_epoll_in, data: epoll_data_t(fd: descriptor))
    epoll_ctl(events, EPOLL_CTL_ADD, descriptor, &event)
  }

  /// Sees to it that the line is guarded: a guardian that somebody killed is replaced.
  mutating func keepGuarded() {
    guard guardian?.buries() == true else { return }
    guardian = nil
    replacements += 1
    guard replacements <= Self.mostReplacements else { return }
    guardian = Guardian(testament)
    guardian?.guards(pid)
    if let guardian { wait(for: guardian.watch) }
  }

  /// Whether it has ended; it stays to be reaped, so its number is nobody else's yet.
  var hasEnded: Bool { cc_has_ended(pid) != 0 }

  /// Reads what it printed.
  mutating func readOutput(into buffer: inout [UInt8]) -> Read {
    Self.read(&output, &buffer, events)
  }

  /// Reads what it complained.
  mutating func readErrors(into buffer: inout [UInt8]) -> Read {
    Self.read(&errors, &buffer, events)
  }

  // At the end the descriptor is closed at once: an ended pipe is readable for ever.
  private static func read(_ fd: inout Int32, _ buffer: inout [UInt8], _ events: Int32) -> Read {
    guard fd >= 0 else { return .end }
    let count = Glibc.read(fd, &buffer, buffer.count)
    if count > 0 { return .bytes(count) }
    if count < 0, errno == EAGAIN || errno == EINTR { return .nothing }
    Glibc.close(fd)
    fd = -1
    return .end
  }

  /// Writes as much as fits; nil if nobody reads there any more.
  mutating func write(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard input >= 0 else { return nil }
    let count = bytes.withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
    if count >= 0 { return count }
    if errno == EAGAIN || errno == EINTR { return 0 }
    closeInput()
    return nil
  }

  /// Tells it that no more commands come.
  mutating func closeInput() {
    if input >= 0 { Glibc.close(input) }
    input = -1
  }

  /// Kills it and whatever it started in its group.
  ///
  /// Only before `reap`: after it the number may be somebody else's.
  func kill() { Glibc.kill(-pid, SIGKILL) }

  /// What becomes of what a child leaves.
  enum Legacy {
    /// There is none.
    case none
    /// Whoever comes next ends it; the guardian does, should nobody come.
    case waits
    /// It is ended at once.
    case succeeds
  }

  /// Ends its group, takes its status and closes everything.
  ///
  /// `legacy`: what becomes of what it leaves, seeing how it ended; `successor` is the process that ends
  /// it, `heir` the guardian that waits.
  mutating func reap(
    legacy: (ExitStatus) -> Legacy = { _ in .none }
  ) -> (status: ExitStatus, successor: pid_t?, heir: Guardian?) {
    kill()
    let status = Self.status(of: pid, watch)
    var successor: pid_t?
    var heir: Guardian?
    switch legacy(status) {
    case .none: guardian?.dismiss()
    case .waits:
      guardian?.waits()
      heir = guardian
    case .succeeds: successor = guardian?.succeed()
    }
    guardian = nil
    closeInput()
    for end in [output, errors, watch, events] where end >= 0 { Glibc.close(end) }
    return (status, successor, heir)
  }

  /// The status of a child that was killed; what not even the kernel can end for now is left to it.
  private static func status(of pid: pid_t, _ watch: Int32) -> ExitStatus {
    var entry = pollfd(fd: watch, events: Int16(POLLIN), revents: 0)
    if watch >= 0 { while poll(&entry, 1, 500) < 0, errno == EINTR { continue } }
    var status: Int32 = 0
    var found: pid_t
    repeat {
      found = waitpid(pid, &status, watch >= 0 ? WNOHANG : 0)
    } while found < 0 && errno == EINTR
    return found == pid ? ExitStatus(status) : .signal(Int(SIGKILL))
  }
}

/// How a child ended.
enum ExitStatus: Hashable, Sendable {
  case code(Int)
  case signal(Int)

  init(_ status: Int32) {
    let signal = status & 0x7F
    self = signal == 0 ? .code(Int(status >> 8 & 0xFF)) : .signal(Int(signal))
  }

  /// `the line program ended with exit code 3`.
  var sentence: String {
    switch self {
    case .code(0): "the line program ended"
    case .code(let code): "the line program ended with exit code \(code)"
    case .signal(let number):
      "the line program was ended by signal \(number)"
        + (sigabbrev_np(Int32(number)).map { " (\(String(cString: $0)))" } ?? "")
    }
  }
}
