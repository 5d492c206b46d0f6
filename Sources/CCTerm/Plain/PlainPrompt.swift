// The line editor of plain mode on its terminal.

import CCCore
import CCView
import CLinux
import Glibc

/// Holds the terminal in raw mode while plain mode runs, and gives it back whatever happens.
@MainActor final class PlainPrompt {
  /// What came of reading.
  enum Input: Hashable {
    case line(String)
    /// `^D`, or `^C` twice: not a command, but asked for an answer.
    case quit
    case lost
  }

  private let output: OutputQueue
  private let usual: termios
  private var editor = PromptEditor()
  private var keys = KeyReader()
  private var buffer = [UInt8](repeating: 0, count: 65_536)

  private static let pasteOn = "\u{1B}[?2004h"
  private static let pasteOff = "\u{1B}[?2004l"

  init(_ output: OutputQueue) {
    self.output = output
    var modes = termios()
    tcgetattr(STDIN_FILENO, &modes)
    usual = modes
    var raw = modes
    cfmakeraw(&raw)
    tcsetattr(STDIN_FILENO, TCSANOW, &raw)
    let bytes = Array("\r\n\(Self.pasteOff)".utf8)
    _ = cc_guard_arm(STDOUT_FILENO, &modes, bytes, bytes.count)
    output.write(Self.pasteOn)
    measure()
  }

  /// When `flush(at:)` is to be called.
  var deadline: Int64? { keys.deadline }

  /// Takes the width of the terminal over.
  func measure() {
    var told = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &told) == 0, told.ws_col > 0 else { return }
    editor.columns = Int(told.ws_col)
  }

  /// Says a sentence above the line that is being typed, or keeps it until that is empty.
  func say(_ text: SafeText, urgent: Bool) { output.write(editor.say(text, urgent: urgent)) }

  /// Says what waited, and shows the prompt.
  func next() {
    output.write(editor.releaseWaiting())
    output.write(editor.show())
  }

  /// Reads what was typed.
  func read(at now: Int64) -> [Input] {
    let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return [] }
    guard count > 0 else { return [.lost] }
    return press(keys.feed(buffer[..<count], at: now), at: now)
  }

  /// The keys that were waiting for more bytes.
  func flush(at now: Int64) -> [Input] { press(keys.flush(at: now), at: now) }

  private func press(_ pressed: [Key], at now: Int64) -> [Input] {
    var results: [Input] = []
    for key in pressed {
      let (bytes, result) = editor.press(key, at: now)
      output.write(bytes)
      switch result {
      case .none: break
      case .line(let line): results.append(.line(line))
      case .quit: results.append(.quit)
      }
    }
    return results
  }

  /// Gives the terminal back.
  func leave() {
    output.write(editor.hide())
    output.write(Self.pasteOff)
    var modes = usual
    tcsetattr(STDIN_FILENO, TCSANOW, &modes)
    cc_guard_disarm()
  }
}
