// How roles look: one table for each ability of a terminal.

/// How a cell is drawn.
public struct Appearance: Hashable, Sendable {
  /// The colour of the letters, in the palette of 256, of which the first 8 are the classic ones; nil
  /// for the terminal's own.
  public var foreground: Int?
  /// Bold.
  public var bold: Bool
  /// Faint.
  public var dim: Bool
  /// Letters and ground exchanged.
  public var reverse: Bool
  /// Underlined.
  public var underline: Bool

  /// Makes an appearance; by default the terminal's own.
  public init(
    foreground: Int? = nil, bold: Bool = false, dim: Bool = false, reverse: Bool = false,
    underline: Bool = false
  ) {
    self.foreground = foreground
    self.bold = bold
    self.dim = dim
    self.reverse = reverse
    self.underline = underline
  }
}

/// What each role looks like.
///
/// The ground is always the terminal's own, so a theme suits dark and light terminals alike: colours
/// are of middle lightness, and none is the only sign of anything (screens rule 4).
public struct Theme: Hashable, Sendable {
  private var appearances: [Role: Appearance]

  /// For terminals of 256 colours.
  public static let colour256 = Theme { role in
    switch role {
    case .plain: Appearance()
    case .dim: Appearance(foreground: 244)
    case .bright: Appearance(bold: true)
    case .calm: Appearance(foreground: 67)
    case .ringing: Appearance(foreground: 178, bold: true)
    case .talking: Appearance(foreground: 71, bold: true)
    case .ended: Appearance(foreground: 244)
    case .refused: Appearance(foreground: 167, bold: true)
    case .warning: Appearance(foreground: 178)
    case .lost: Appearance(foreground: 167, bold: true)
    case .accent: Appearance(foreground: 67, bold: true)
    }
  }

  /// For terminals of 8 colours; grey would be "bold black" there, which many show as nothing.
  public static let colour8 = Theme { role in
    switch role {
    case .plain: Appearance()
    case .dim: Appearance(dim: true)
    case .bright: Appearance(bold: true)
    case .calm: Appearance(foreground: 6)
    case .ringing: Appearance(foreground: 3, bold: true)
    case .talking: Appearance(foreground: 2, bold: true)
    case .ended: Appearance(dim: true)
    case .refused: Appearance(foreground: 1, bold: true)
    case .warning: Appearance(foreground: 3)
    case .lost: Appearance(foreground: 1, bold: true)
    case .accent: Appearance(foreground: 6, bold: true)
    }
  }

  /// For terminals without colour, and for `NO_COLOR`.
  public static let monochrome = Theme { role in
    switch role {
    case .plain, .calm: Appearance()
    case .dim, .ended: Appearance(dim: true)
    case .bright, .accent: Appearance(bold: true)
    case .ringing, .refused, .lost: Appearance(bold: true, reverse: true)
    case .talking: Appearance(bold: true, underline: true)
    case .warning: Appearance(underline: true)
    }
  }

  private init(_ appearance: (Role) -> Appearance) {
    appearances = Dictionary(uniqueKeysWithValues: Role.allCases.map { ($0, appearance($0)) })
  }

  /// How a style looks; what is marked `reverse` stands in reverse whatever its role.
  public func appearance(of style: Style) -> Appearance {
    var result = appearances[style.role] ?? Appearance()
    if style.reverse { result.reverse = true }
    return result
  }
}
