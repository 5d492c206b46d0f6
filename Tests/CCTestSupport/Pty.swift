// A program on a terminal of its own, watched through libvterm.

import Glibc

/// A program on a pseudo-terminal: type into it, see what it shows, see how it leaves the terminal.
///
/// What it writes is read only inside `wait`; nothing here sleeps for a fixed time.
public final class Pty {
  /// The program's process.
  public let pid: pid_t
  /// What its terminal shows.
  public let terminal: Vterm
  /// Everything it has written.
  public private(set) var output = [UInt8]()
  /// Whether the other end was closed.
  public private(set) var isAtEnd = false

  private let master: Int32
  private var status: Status?

  /// How a program ended.
  public enum Status: Hashable, Sendable {
    /// By itself, with this code.
    case exited(Int32)
    /// By this signal.
    case signalled(Int32)
  }

  /// What could not be done.
  public struct Failure: Error {
    let call: String
    let code: Int32
  }

  /// The part of terminal modes that matters to whoever comes after.
  public struct Modes: Hashable, Sendable {
    let flags: [UInt32]
    let characters: [UInt8]

    /// Whether what is typed is shown, line by line, as in a shell.
    public var isUsual: Bool { flags[3] & UInt32(ECHO | ICANON) == UInt32(ECHO | ICANON) }

    init(_ modes: termios) {
      flags = [modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag]
      characters = withUnsafeBytes(of: modes.c_cc) { Array($0) }
    }
  }

  /// Starts a program; the environment is only what is given, with a sane minimum.
  public convenience init(
    _ argv: [String], columns: Int = 80, rows: Int = 24, environment: [String: String] = [:]
  ) throws {
    var variables = [
      "TERM": "xterm-256color", "LANG": "C.UTF-8", "TZ": "UTC", "PATH": "/usr/bin:/bin",
    ]
    variables.merge(environment) { $1 }
    // Everything is laid out before the fork: after it, this process may hold any lock.
    let arguments = Self.strings(argv)
    let settings = Self.strings(variables.map { "\($0)=\($1)" })
    defer {
      Self.free(arguments)
      Self.free(settings)
    }
    try self.init(columns: columns, rows: rows) {
      if let path = arguments[0] { execve(path, arguments, settings) }
      _exit(127)
    }
  }

  /// Runs a piece of this program on a terminal, in a copy of the process that has this thread only.
  ///
  /// What runs there must not need what another thread may have held at that moment.
  public init(columns: Int = 80, rows: Int = 24, child: () -> Never) throws {
    var size = winsize(
      ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    var none = sigset_t()
    sigemptyset(&none)
    var master: Int32 = -1
    let process = forkpty(&master, nil, nil, &size)
    if process == 0 {
      for number in 1..<32 as Range<Int32> { signal(number, SIG_DFL) }
      sigprocmask(SIG_SETMASK, &none, nil)
      for descriptor in 3..<1024 as Range<Int32> { close(descriptor) }
      child()
    }
    guard process > 0 else { throw Failure(call: "forkpty", code: errno) }
    _ = fcntl(master, F_SETFD, FD_CLOEXEC)
    pid = process
    self.master = master
    terminal = Vterm(columns: columns, rows: rows)
  }

  deinit {
    if status == nil {
      Glibc.kill(pid, SIGKILL)
      waitpid(pid, nil, 0)
    }
    close(master)
  }

  /// What it shows, as text.
  public var text: ScreenText { terminal.text }

  /// What it shows, as one string.
  public var screen: String { terminal.text.rows.joined(separator: "\n") }

  /// The modes its terminal has now.
  public var modes: Modes {
    var modes = termios()
    tcgetattr(master, &modes)
    return Modes(modes)
  }

  /// Types.
  public func type(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Gives its terminal another size.
  public func resize(columns: Int, rows: Int) {
    var size = winsize(
      ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    terminal.resize(columns: columns, rows: rows)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  /// Sends it a signal.
  public func send(_ signal: Int32) {
    Glibc.kill(pid, signal)
  }

  /// Takes the terminal away, as a closed window does.
  public func closeTerminal() {
    // The number stays taken, so that nothing else is closed by it later.
    let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
    dup2(nothing, master)
    _ = fcntl(master, F_SETFD, FD_CLOEXEC)
    close(nothing)
    isAtEnd = true
  }

  /// Reads what it writes until a condition holds; false if that took longer than `seconds`.
  public func wait(seconds: Double = 20, until holds: () -> Bool) -> Bool {
    let end = Self.now + seconds
    while !holds() {
      guard Self.now < end, !isAtEnd || status == nil else { return holds() }
      pump(milliseconds: 20)
    }
    return true
  }

  /// How many bytes it has written that nobody has read.
  public var unread: Int32 {
    var count: Int32 = 0
    return ioctl(master, UInt(FIONREAD), &count) == 0 ? count : 0
  }

  /// Waits until a condition holds while nobody reads what it writes.
  public func waitUnread(seconds: Double = 20, until holds: () -> Bool) -> Bool {
    let end = Self.now + seconds
    while !holds() {
      guard Self.now < end else { return false }
      poll(nil, 0, 5)
    }
    return true
  }

  /// How it ended while nobody read what it wrote; nil if it has not within `seconds`.
  public func endUnread(seconds: Double) -> Status? {
    _ = waitUnread(seconds: seconds) { hasEnded }
    return status
  }

  /// Reads what it writes until its screen shows a text.
  public func wait(for text: String, seconds: Double = 20) -> Bool {
    wait(seconds: seconds) { screen.contains(text) }
  }

  /// How it ended; nil if it has not within `seconds`.
  public func end(seconds: Double = 20) -> Status? {
    _ = wait(seconds: seconds) { hasEnded }
    while status != nil, !isAtEnd, pump(milliseconds: 0) {}
    return status
  }

  private var hasEnded: Bool {
    if status != nil { return true }
    var code: Int32 = 0
    guard waitpid(pid, &code, WNOHANG) == pid else { return false }
    status = code & 0x7F == 0 ? .exited((code >> 8) & 0xFF) : .signalled(code & 0x7F)
    return true
  }

  /// Reads once; whether there was anything.
  @discardableResult
  private func pump(milliseconds: Int32) -> Bool {
    guard !isAtEnd else {
      poll(nil, 0, milliseconds)
      return false
    }
    var wanted = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&wanted, 1, milliseconds) > 0 else { return false }
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = read(master, &buffer, buffer.count)
    guard count > 0 else {
      if count == 0 || errno != EINTR { isAtEnd = true }
      return false
    }
    output += buffer[..<count]
    terminal.feed(Array(buffer[..<count]))
    return true
  }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static func strings(_ values: [String]) -> UnsafeMutablePointer<
    UnsafeMutablePointer<CChar>?
  > {
    let result = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
      capacity: values.count + 1)
    for (index, value) in values.enumerated() { result[index] = strdup(value) }
    result[values.count] = nil
    return result
  }

  private static func free(_ strings: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) {
    var index = 0
    while let string = strings[index] {
      Glibc.free(string)
      index += 1
    }
    strings.deallocate()
  }
}
