// The washing itself, in one pass over the scalars.

/// Turns foreign scalars into what may be shown; `SafeText` says the rules.
struct Wash {
  /// Combining marks that stay on one base: ncurses' cells hold no more.
  static let marksPerBase = 4

  private var out = String.UnicodeScalarView()
  private var cells = 0
  /// The end of what still leaves a cell for the ellipsis.
  private var cut = (index: 0, found: false)
  private var count = 0
  private var marks = 0
  private var hasBase = false
  private var skipsNext = false
  private var afterReturn = false
  private let limit: Int

  private init(limit: Int) {
    self.limit = limit
  }

  /// The washed text of `scalars`, at most `limit` cells wide.
  static func text(_ foreign: some StringProtocol, limit: Int) -> String {
    if isPlain(foreign.utf8, limit: limit) { return String(foreign) }
    var wash = Wash(limit: limit)
    for scalar in foreign.unicodeScalars {
      wash.take(scalar)
      if wash.cells > limit { return wash.ellipsized() }
    }
    return String(wash.out)
  }

  /// Whether it is short ASCII without controls, as most texts are: nothing to wash.
  private static func isPlain(_ bytes: some Sequence<UInt8>, limit: Int) -> Bool {
    var count = 0
    for byte in bytes {
      count += 1
      if byte < 0x20 || byte > 0x7E || count > limit { return false }
    }
    return true
  }

  private mutating func take(_ scalar: Unicode.Scalar) {
    let followsReturn = afterReturn
    afterReturn = scalar == "\r"
    if skipsNext {
      skipsNext = false
      if scalar.properties.isEmoji && scalar.value > 0xFF { return }
    }
    switch scalar.value {
    case 0x0A where followsReturn: return
    case 0x09, 0x0A, 0x0D, 0x0B, 0x0C, 0x85, 0x2028, 0x2029: base(" ", width: 1)
    case 0x200D: skipsNext = true
    case _ where Self.isInvisible(scalar): return
    case 0x1F3FB...0x1F3FF where hasBase: return
    default:
      switch CellWidth.of(scalar) {
      case 0: mark(scalar)
      case -1: base("\u{FFFD}", width: 1)
      case let width: base(scalar, width: width)
      }
    }
  }

  private mutating func base(_ scalar: Unicode.Scalar, width: Int) {
    if cells + width > limit - 1, !cut.found { cut = (count, true) }
    append(scalar)
    cells += width
    marks = 0
    hasBase = true
  }

  private mutating func mark(_ scalar: Unicode.Scalar) {
    guard hasBase, marks < Self.marksPerBase else { return }
    marks += 1
    append(scalar)
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    out.append(scalar)
    count += 1
  }

  private func ellipsized() -> String {
    guard limit > 0 else { return "" }
    var short = String(String.UnicodeScalarView(out.prefix(cut.index)))
    short.unicodeScalars.append("\u{2026}")
    return short
  }

  /// Bidi controls, joiners, variation selectors, tags and fillers: they show nothing and mislead.
  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xAD, 0x034F, 0x061C, 0x180B...0x180F, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F,
      0xFE00...0xFE0F, 0xFEFF, 0xFFF0...0xFFFB, 0xE0000...0xE0FFF:
      true
    default: false
    }
  }
}
