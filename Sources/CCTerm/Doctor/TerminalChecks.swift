// What the terminal can do, as the desk's screen needs it.

import CCView
import Glibc

/// Looks at terminal, size, colours and locale.
@MainActor enum TerminalChecks {
  static func findings() -> [Finding] {
    let type = Environment.value("TERM") ?? ""
    var findings = [terminal(type)]
    if isatty(STDOUT_FILENO) == 1 { findings.append(size()) }
    findings.append(colours(type))
    findings.append(locale())
    return findings
  }

  private static func terminal(_ type: String) -> Finding {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
      return .warning(
        "terminal", "stdin or stdout is none here",
        mend: "ccterm --plain or --json does without; else run ccterm doctor in a terminal")
    }
    guard TerminalProbe.colours(type) != nil else {
      return .missing(
        "terminal", type.isEmpty ? "TERM is not set" : "\(type) is not known here",
        mend: type.isEmpty ? "export TERM=xterm-256color" : "sudo apt install ncurses-term")
    }
    return .ok("terminal", type)
  }

  private static func size() -> Finding {
    var window = winsize()
    _ = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window)
    let (columns, rows) = (Int(window.ws_col), Int(window.ws_row))
    let words = "\(columns) columns, \(rows) rows"
    if columns >= 80, rows >= 24 { return .ok("size", words) }
    if columns >= 20, rows >= 5 {
      return .warning(
        "size", words, mend: "make the window larger: the whole desk is 80 columns, 24 rows")
    }
    return .missing("size", words, mend: "make the window larger: 20 columns, 5 rows at least")
  }

  private static func colours(_ type: String) -> Finding {
    if Environment.value("NO_COLOR") != nil {
      return .ok("colours", "none, as NO_COLOR asks; signs stand beside them")
    }
    let count = TerminalProbe.colours(type) ?? 0
    if count >= 256 { return .ok("colours", "256") }
    return .warning(
      "colours", count <= 0 ? "none" : String(count),
      mend: "if the terminal has more: export TERM=xterm-256color (in tmux: TERM=tmux-256color)")
  }

  private static func locale() -> Finding {
    let name =
      Environment.value("LC_ALL") ?? Environment.value("LC_CTYPE") ?? Environment.value("LANG")
    guard TerminalLocale.isUTF8 else {
      return .warning(
        "locale", "\(name ?? "none"), without UTF-8: frames and signs are ASCII",
        mend: "export LANG=C.UTF-8")
    }
    return .ok("locale", name ?? "UTF-8")
  }
}
