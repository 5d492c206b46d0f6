// A screen as text: what golden files hold.

/// What a screen shows: its rows, and where the cursor stands.
public struct ScreenText: Hashable, Sendable, CustomStringConvertible {
  /// The rows, without the blanks at their ends.
  public var rows: [String]
  /// Where the cursor stands; nil while it is hidden.
  public var cursor: Place?

  /// A place on the screen, in cells from the top left corner.
  public struct Place: Hashable, Sendable {
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

  /// Makes a screen.
  public init(rows: [String], cursor: Place?) {
    self.rows = rows
    self.cursor = cursor
  }

  /// The picture with the cursor's place on a line below, as `cursor COLUMN,ROW`.
  public var description: String {
    let last = cursor.map { "cursor \($0.x),\($0.y)" } ?? "cursor hidden"
    return (rows + [last, ""]).joined(separator: "\n")
  }
}
