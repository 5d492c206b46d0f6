// What the terminal at hand can show.

import CCView
import CNcurses
import Glibc

/// What the terminal at hand can show.
struct TerminalAbilities: Hashable, Sendable {
  /// Its type, from `TERM`.
  var type: String
  /// How many colours it has and may use: 0, 8, 88, 256 ...; 0 with `NO_COLOR`.
  var colours: Int
  /// Whether it shows UTF-8; where not, the ASCII look is needed.
  var isUTF8: Bool

  /// The theme that suits it.
  var theme: Theme {
    colours >= 256 ? .colour256 : colours >= 8 ? .colour8 : .monochrome
  }
}

/// Why a terminal cannot be used; each is one sentence for a person.
enum TerminalError: Error, Hashable, CustomStringConvertible {
  /// Input or output is no terminal.
  case notATerminal(String)
  /// The terminal database does not know it.
  case unknownType(String)
  /// It cannot move its cursor.
  case cannotPlace(String)
  /// The system refused a call.
  case system(String, Int32)

  var description: String {
    switch self {
    case .notATerminal(let which):
      "\(which) is no terminal: the desk's screen needs one; --plain and --json do without."
    case .unknownType(""):
      "TERM is not set, so the kind of terminal is unknown; try TERM=xterm-256color, or --plain."
    case .unknownType(let type):
      "The terminal type \"\(type)\" is not known here; try TERM=xterm-256color, or --plain."
    case .cannotPlace(let type):
      "A terminal of type \"\(type)\" cannot move its cursor; use --plain."
    case .system(let call, let code):
      "\(call): \(String(cString: strerror(code)))."
    }
  }
}

/// The locale of the process, as far as the screen needs it.
@MainActor enum TerminalLocale {
  /// Takes the locale over from the environment, and says whether the terminal shows UTF-8.
  ///
  /// ncurses draws nothing beyond ASCII without a UTF-8 locale, so one is set in any case. The answer
  /// is about the terminal, which the user told us of by the environment: a name of a UTF-8 locale
  /// that is not installed here still says that the terminal shows UTF-8.
  static let isUTF8: Bool = {
    let isInstalled = setlocale(LC_CTYPE, "") != nil
    if let codeset = nl_langinfo(Int32(CODESET)), String(cString: codeset) == "UTF-8" {
      return true
    }
    setlocale(LC_CTYPE, "C.UTF-8")
    guard !isInstalled else { return false }
    for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
      if let value = getenv(name), value.pointee != 0 {
        let locale = String(cString: value).lowercased()
        return locale.hasSuffix("utf-8") || locale.hasSuffix("utf8")
      }
    }
    return false
  }()
}
