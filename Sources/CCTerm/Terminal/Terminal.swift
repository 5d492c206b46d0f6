// The terminal as a whole: its modes, its keys, its screen, and giving it back.

import CCView
import CLinux
import CNcurses
import Glibc

/// What happened at the terminal.
enum TerminalEvent: Hashable, Sendable {
  /// A key, or a paste.
  case key(Key)
  /// It has another size, or was taken back after a stop: draw it.
  case resized(Size)
  /// Somebody asks the program to stop, by SIGTSTP.
  case stopAsked
  /// Somebody asks the program to end, by this signal.
  case endAsked(Int32)
  /// It is gone: nothing can be read or shown any more.
  case lost
}

/// The terminal the program was started on.
///
/// From `init` to `leave()` it is ours: raw, on its alternate screen, stderr held back. However the
/// program ends in between, it is given back: by the guard (ttyguard.c) if by nothing else.
@MainActor final class Terminal {
  /// What is shown there.
  let display: Display
  /// Where keys come from: call `read(at:)` when poll(2) reports anything of it.
  let input: Int32
  /// Where the screen goes: poll it for POLLOUT while `display.isWaiting`.
  let output: Int32

  private var keys = KeyReader()
  private let usualModes: termios
  private let ownDescriptor: Int32?
  private var isOurs = false
  private var ignoresNextContinue = false
  private var buffer = [UInt8](repeating: 0, count: 65536)

  /// Takes the terminal.
  ///
  /// - Parameters:
  ///   - usesColour: whether colours are wanted; `NO_COLOR` in the environment forbids them anyhow.
  ///   - theme: how roles look; without one, as the terminal's abilities ask.
  /// - Throws: `TerminalError`; then the terminal is as it was.
  init(usesColour: Bool = true, theme: Theme? = nil) throws {
    guard isatty(STDIN_FILENO) == 1 else { throw TerminalError.notATerminal("Standard input") }
    guard isatty(STDOUT_FILENO) == 1 else { throw TerminalError.notATerminal("Standard output") }
    var modes = termios()
    guard tcgetattr(STDIN_FILENO, &modes) == 0 else {
      throw TerminalError.system("tcgetattr", errno)
    }
    usualModes = modes
    ownDescriptor = Self.openAnew()
    input = ownDescriptor ?? STDIN_FILENO
    output = ownDescriptor ?? STDOUT_FILENO
    let noColour = Self.environment("NO_COLOR") != ""
    do {
      display = try Display(
        type: Self.environment("TERM"), size: Self.size(of: output), theme: theme,
        isUTF8: TerminalLocale.isUTF8, usesColour: usesColour && !noColour, descriptor: output)
    } catch {
      if let ownDescriptor { close(ownDescriptor) }
      throw error
    }
    try take()
  }

  /// When `flush(at:)` wants to be called if no key has come until then, in monotonic nanoseconds.
  var deadline: Int64? { keys.deadline }

  /// Reads what was typed; call it whatever poll(2) reports of `input`.
  func read(at now: Int64) -> [TerminalEvent] {
    let count = Glibc.read(input, &buffer, buffer.count)
    if count < 0, errno == EAGAIN || errno == EINTR { return [] }
    // 0 and EIO: the other end is closed, and poll(2) would report that for ever.
    guard count > 0 else { return [.lost] }
    return keys.feed(buffer[..<count], at: now).map { .key($0) }
  }

  /// The keys that were waiting for more bytes until `deadline`.
  func flush(at now: Int64) -> [TerminalEvent] {
    keys.flush(at: now).map { .key($0) }
  }

  /// What a signal means for the terminal.
  func handle(_ signal: Int32) -> [TerminalEvent] {
    switch signal {
    case SIGWINCH: return resized()
    case SIGCONT where ignoresNextContinue:
      ignoresNextContinue = false
      return []
    case SIGCONT: return continued()
    case SIGTSTP: return [.stopAsked]
    case SIGINT, SIGTERM, SIGHUP, SIGQUIT: return [.endAsked(signal)]
    default: return []
    }
  }

  /// Gives the terminal back, stops the program, and takes the terminal again when it goes on.
  func suspend() -> [TerminalEvent] {
    leave()
    TerminalSignals.stop()
    ignoresNextContinue = true
    return continued()
  }

  /// Gives the terminal back; harmless if it was.
  func leave() {
    guard isOurs else { return }
    isOurs = false
    if !display.isLost { display.leave() }
    setModes(usualModes)
    cc_guard_disarm()
    cc_guard_release_stderr()
  }
}

// MARK: - Taking the terminal

extension Terminal {
  private func take() throws {
    isOurs = true
    let bytes = display.restoreBytes()
    var modes = usualModes
    // Modes first: from the background this stops the program before anything is written.
    var raw = usualModes
    cfmakeraw(&raw)
    setModes(raw)
    let code = cc_guard_arm(output, &modes, bytes, bytes.count)
    guard code == 0 else {
      leave()
      throw TerminalError.system("The guard of the terminal", code)
    }
    cc_guard_hold_stderr()
  }

  private func continued() -> [TerminalEvent] {
    display.enter()
    try? take()  // armed once, it does not fail
    return [.resized(remeasured())]
  }

  private func resized() -> [TerminalEvent] {
    let size = Self.size(of: output)
    return size == display.size ? [] : [.resized(remeasured())]
  }

  private func remeasured() -> Size {
    let size = Self.size(of: output)
    if size != display.size { display.resize(size) }
    display.redraw()
    return size
  }

  private func setModes(_ modes: termios) {
    var modes = modes
    // Not TCSADRAIN: a terminal behind a stalled network would never be drained.
    while tcsetattr(input, TCSANOW, &modes) != 0, errno == EINTR {}
  }

  /// A descriptor of our own for the terminal, so that non-blocking is not forced upon the shell.
  private static func openAnew() -> Int32? {
    guard let descriptor = OwnTerminal.open(like: STDIN_FILENO) else { return nil }
    guard let second = OwnTerminal.open(like: STDOUT_FILENO) else {
      close(descriptor)
      return nil
    }
    defer { close(second) }
    var ours = stat()
    var theirs = stat()
    guard fstat(descriptor, &ours) == 0, fstat(second, &theirs) == 0,
      ours.st_rdev == theirs.st_rdev
    else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  private static func size(of descriptor: Int32) -> Size {
    var told = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &told) == 0, told.ws_col > 0, told.ws_row > 0 else {
      return Size(columns: 80, rows: 24)
    }
    return Size(columns: Int(told.ws_col), rows: Int(told.ws_row))
  }

  private static func environment(_ name: String) -> String {
    getenv(name).map { String(cString: $0) } ?? ""
  }
}
