// One running browser: its pipes, its last words, its end.

import CCCore
import CLinux
import Glibc

/// A browser that is spoken to on its descriptors 3 and 4.
///
/// It dies with the thread that started it: the main one.
struct BrowserProcess {
  let pid: pid_t
  /// Readable when it has ended.
  let watch: Int32
  private(set) var output: Int32
  private(set) var errors: Int32
  private let input: Int32
  private let profile: ProfileFolder
  private var splitter = MessageSplitter()
  private var outbox: [UInt8] = []
  private var lastWords: [UInt8] = []
  private var buffer = [UInt8](repeating: 0, count: 65_536)

  /// The most that waits to be written: a script from a file is the longest message by far.
  static let outboxLimit = 32 << 20

  /// Starts one; the failure is an errno.
  static func start(_ browser: String, _ settings: Settings) -> Result<BrowserProcess, ErrorNumber>
  {
    guard let profile = ProfileFolder() else { return .failure(ErrorNumber(code: errno)) }
    var (commands, answers, errors): ([Int32], [Int32], [Int32]) = ([-1, -1], [-1, -1], [-1, -1])
    var failure = cc_pipe(&commands, 1)
    if failure == 0 { failure = cc_pipe(&answers, 0) }
    if failure == 0 { failure = cc_pipe(&errors, 0) }
    var pid: pid_t = 0
    if failure == 0 {
      let arguments = LaunchPlan.arguments(browser, profile: profile.path, settings)
      failure = spawn(
        browser, arguments, profile.temporary, errors[1], commands[0], answers[1], &pid)
    }
    for end in [commands[0], answers[1], errors[1]] where end >= 0 { close(end) }
    guard failure == 0 else {
      for end in [commands[1], answers[0], errors[0]] where end >= 0 { close(end) }
      profile.remove()
      return .failure(ErrorNumber(code: failure))
    }
    return .success(BrowserProcess(pid, commands[1], answers[0], errors[0], profile))
  }

  /// An errno.
  struct ErrorNumber: Error {
    let code: Int32
  }

  private init(
    _ pid: pid_t, _ input: Int32, _ output: Int32, _ errors: Int32, _ profile: ProfileFolder
  ) {
    self.pid = pid
    self.input = input
    self.output = output
    self.errors = errors
    self.profile = profile
    watch = pidfd_open(pid, 0)
  }

  private static func spawn(
    _ path: String, _ arguments: [String], _ temporary: String, _ errors: Int32, _ commands: Int32,
    _ answers: Int32,
    _ pid: inout pid_t
  ) -> Int32 {
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    return temporary.withCString { folder in
      path.withCString { path in
        words.withUnsafeMutableBufferPointer { words in
          var order = cc_spawn()
          order.path = path
          order.argv = UnsafePointer(words.baseAddress)
          order.temporary = folder
          (order.input, order.output, order.error) = (-1, -1, errors)
          return cc_spawn_with_pipes(&order, commands, answers, &pid)
        }
      }
    }
  }

  /// What to poll for writing; nil while nothing waits.
  var writing: Int32? { outbox.isEmpty ? nil : input }

  /// Sends a command; false if it cannot take any more.
  mutating func send(_ message: [UInt8]) -> Bool {
    guard outbox.count + message.count <= Self.outboxLimit else { return false }
    outbox += message
    flush()
    return true
  }

  /// Writes what fits.
  mutating func flush() {
    var sent = 0
    while sent < outbox.count {
      let count = outbox.withUnsafeBytes {
        write(input, $0.baseAddress.map { $0 + sent }, $0.count - sent)
      }
      if count > 0 {
        sent += count
      } else if errno != EINTR {
        // Nobody reads there any more: its end says why, and comes by another way.
        if errno != EAGAIN { sent = outbox.count }
        break
      }
    }
    outbox.removeFirst(sent)
  }

  /// Reads at most one buffer of what it says; false once it has closed its end.
  mutating func read(_ take: (DevToolsMessage) -> Void) -> Bool {
    guard output >= 0 else { return false }
    let count = Glibc.read(output, &buffer, buffer.count)
    if count < 0, errno == EAGAIN || errno == EINTR { return true }
    guard count > 0 else {
      close(output)
      output = -1
      return false
    }
    splitter.feed(buffer[..<count]) { take(DevToolsMessage($0)) }
    return true
  }

  /// Reads what it complains; only the last of it is kept, for the case that it ends at once.
  mutating func readErrors() {
    guard errors >= 0 else { return }
    let count = Glibc.read(errors, &buffer, buffer.count)
    if count < 0, errno == EAGAIN || errno == EINTR { return }
    guard count > 0 else {
      close(errors)
      errors = -1
      return
    }
    lastWords = Array((lastWords + buffer[..<count]).suffix(2048))
  }

  /// Its last line of complaint.
  var complaint: String {
    let line = lastWords.split(separator: 0x0A).last { line in line.contains { $0 > 0x20 } }
    return line.map { String(decoding: $0.suffix(200), as: UTF8.self) } ?? ""
  }

  /// Whether it has ended.
  var hasEnded: Bool { cc_has_ended(pid) != 0 }

  /// Kills it, all of it; takes its status, and removes what it kept.
  mutating func end() -> BrowserEnd {
    kill(-pid, SIGKILL)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    readErrors()
    for end in [input, output, errors, watch] where end >= 0 { close(end) }
    profile.remove()
    return status & 0x7F == 0 ? .code(Int(status >> 8 & 0xFF)) : .signal(Int(status & 0x7F))
  }
}

/// How a browser ended.
enum BrowserEnd: Hashable {
  case code(Int)
  case signal(Int)
}
