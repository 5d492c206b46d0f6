// One ncurses screen that draws into memory instead of onto a terminal.

import CCView
import CNcurses
import Glibc

/// An ncurses `SCREEN` onto a memory file: ncurses says what would have to be sent, we send it.
///
/// So a frame is one write(2) where ncurses itself would do one a row, which is seen as tearing; the
/// program keeps its hands on modes and signals; and a test needs no terminal.
@MainActor final class Screen {
  /// How many colours may be used.
  let colours: Int

  private let pointer: OpaquePointer
  private let memory: Int32
  private let file: UnsafeMutablePointer<FILE>
  private let silence: UnsafeMutablePointer<FILE>
  private let bracketsPastes: Bool
  private var pairs = [Int: Int32]()
  private var bytes = [UInt8]()
  private var isOpen = true
  private static weak var current: Screen?

  /// Makes a screen for terminals of a type.
  ///
  /// - Throws: `TerminalError` where the type is unknown or cannot place its cursor.
  init(type: String, size: Size, usesColour: Bool) throws {
    memory = memfd_create("screen", 1)
    guard memory >= 0, let file = fdopen(memory, "w"), let silence = fopen("/dev/null", "re") else {
      throw TerminalError.system("memfd_create", errno)
    }
    self.file = file
    self.silence = silence
    guard !type.isEmpty, let pointer = newterm(type, file, silence) else {
      fclose(file)
      fclose(silence)
      throw TerminalError.unknownType(type)
    }
    self.pointer = pointer
    let smcup = cn_string("smcup").map { String(cString: $0) } ?? ""
    bracketsPastes = cn_string("BE") != nil || smcup.hasPrefix("\u{1B}[?1049h")
    guard cn_string("cup") != nil else {
      colours = 0
      close()
      throw TerminalError.cannotPlace(type)
    }
    if usesColour, has_colors(), start_color() == OK, use_default_colors() == OK {
      colours = Int(cn_colours())
    } else {
      colours = 0
    }
    typeahead(-1)  // or doupdate() would look at a keyboard that is not its own, and stop half way
    Self.current = self
    // The real size, also where LINES and COLUMNS say something else.
    resizeterm(Int32(max(1, size.rows)), Int32(max(1, size.columns)))
    switchExtras(on: true)
  }

  /// Makes the curses calls that follow speak of this screen.
  func choose() {
    guard Self.current !== self else { return }
    set_term(pointer)
    Self.current = self
  }

  /// The number of the pair of a colour on the terminal's own ground.
  func pair(_ foreground: Int?) -> Int32 {
    guard let foreground, foreground < colours else { return 0 }
    if let pair = pairs[foreground] { return pair }
    let pair = Int32(pairs.count + 1)
    guard init_extended_pair(pair, Int32(foreground), -1) == OK else { return 0 }
    pairs[foreground] = pair
    return pair
  }

  /// Lets the terminal have its usual modes back; the next `doupdate` takes them anew.
  func leave() {
    switchExtras(on: false)
    endwin()
  }

  /// Prepares for the `doupdate` that follows a `leave()`.
  func enter() {
    switchExtras(on: true)
    clearok(cn_curscr(), true)
  }

  /// Application keys and bracketed pastes: what ncurses would not do, or only with its own keyboard.
  private func switchExtras(on: Bool) {
    if let keypad = cn_string(on ? "smkx" : "rmkx") {
      // Not putp(3x), which writes to the process's stdout.
      let bytes = Self.withoutPadding(UnsafeBufferPointer(start: keypad, count: strlen(keypad)))
      write(memory, bytes, bytes.count)
    }
    if bracketsPastes { write(memory, on ? "\u{1B}[?2004h" : "\u{1B}[?2004l", 8) }
  }

  /// What a crash must send: the bytes that undo everything, whatever the screen was about to do.
  func restoreBytes() -> [UInt8] {
    var result = bracketsPastes ? Array("\u{1B}[?2004l".utf8) : []
    for name in ["sgr0", "rmkx", "cnorm", "rmcup"] {
      guard let value = cn_string(name) else { continue }
      result += Self.withoutPadding(UnsafeBufferPointer(start: value, count: strlen(value)))
    }
    // Where there is no other screen to go back to, the shell goes on below.
    if cn_string("rmcup") == nil { result += Array("\r\n".utf8) }
    return result
  }

  /// Terminfo writes pauses as `$<5/>`; only tputs may send those.
  private static func withoutPadding(_ text: UnsafeBufferPointer<CChar>) -> [UInt8] {
    var result = [UInt8]()
    var isPadding = false
    for (index, byte) in text.enumerated() {
      if byte == 0x24, index + 1 < text.count, text[index + 1] == 0x3C { isPadding = true }
      if !isPadding { result.append(UInt8(bitPattern: byte)) }
      if byte == 0x3E { isPadding = false }
    }
    return result
  }

  /// Hands over what ncurses has written since the last time.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let count = Int(lseek(memory, 0, Int32(SEEK_CUR)))
    guard count > 0 else { return body(UnsafeRawBufferPointer(start: nil, count: 0)) }
    if bytes.count < count { bytes = [UInt8](repeating: 0, count: count * 2) }
    let read = bytes.withUnsafeMutableBytes { pread(memory, $0.baseAddress, count, 0) }
    lseek(memory, 0, Int32(SEEK_SET))
    return bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[..<max(0, read)])) }
  }

  /// Frees the screen; the panels must be gone.
  func close() {
    guard isOpen else { return }
    isOpen = false
    choose()
    delscreen(pointer)
    Self.current = nil
    fclose(file)
    fclose(silence)
  }
}
