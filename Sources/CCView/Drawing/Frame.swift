// A picture of the screen: panels of cells, and a cursor.

/// What a cell means; the theme says how it looks (screens rule 5).
public enum Role: UInt8, Hashable, Sendable, CaseIterable {
  /// Ordinary text.
  case plain
  /// Frames, labels, what is less important.
  case dim
  /// What was typed, and the number she talks to.
  case bright
  /// Idle.
  case calm
  case ringing
  case talking
  case ended
  case refused
  case warning
  case lost
  /// The one thing to look at; titles of what has the focus.
  case accent
}

/// How a cell looks beside its role.
public struct Style: Hashable, Sendable {
  /// The role.
  public var role: Role
  /// Whether it stands in reverse (MUTED, HELD, the chosen row).
  public var reverse: Bool

  /// Makes a style.
  public init(_ role: Role = .plain, reverse: Bool = false) {
    self.role = role
    self.reverse = reverse
  }
}

/// A rectangle in cells; nothing in it is ever negative.
public struct Rect: Hashable, Sendable {
  /// The first column, from 0.
  public var x: Int
  /// The first row, from 0.
  public var y: Int
  /// Columns.
  public var width: Int
  /// Rows.
  public var height: Int

  /// Makes a rectangle; what is negative becomes 0.
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = max(0, x)
    self.y = max(0, y)
    self.width = max(0, width)
    self.height = max(0, height)
  }
}

/// A size in cells.
public struct Size: Hashable, Sendable {
  /// Columns.
  public var columns: Int
  /// Rows.
  public var rows: Int

  /// Makes a size; what is negative becomes 0.
  public init(columns: Int, rows: Int) {
    self.columns = max(0, columns)
    self.rows = max(0, rows)
  }
}

/// One named part of the screen; the display gives each an ncurses panel of its own.
public struct Panel: Hashable, Sendable {
  /// Its name: `header`, `agent`, `call`, `dial`, `info`, `recent`, `message`, `keys`, `help` ...
  public var name: String
  /// Where it stands.
  public var rect: Rect
  /// `rect.height` rows of exactly `rect.width` cells.
  public var rows: [[Cell]]
  /// The cursor, from the panel's own corner; nil where it has none.
  public var cursor: Cursor?

  /// A place in a panel, in cells.
  public struct Cursor: Hashable, Sendable {
    /// The column, from 0.
    public var x: Int
    /// The row, from 0.
    public var y: Int
    /// Makes a place.
    public init(x: Int, y: Int) {
      self.x = x
      self.y = y
    }
  }

  /// Makes a panel.
  public init(name: String, rect: Rect, rows: [[Cell]], cursor: Cursor? = nil) {
    self.name = name
    self.rect = rect
    self.rows = rows
    self.cursor = cursor
  }
}

/// What the screen shows: panels from the bottom to the top.
public struct Frame: Hashable, Sendable {
  /// The size it was made for.
  public var size: Size
  /// The panels; a later one covers an earlier one.
  public var panels: [Panel]

  /// Makes a frame.
  public init(size: Size, panels: [Panel]) {
    self.size = size
    self.panels = panels
  }
}
