// A terminal without a window: what it would show of the bytes it was sent.
import CVterm

/// libvterm as a test's eye: feed it what a program writes, read back what a person would see.
public final class Vterm {
  private let pointer: OpaquePointer
  private let screen: OpaquePointer
  private var callbacks: UnsafeMutablePointer<VTermScreenCallbacks>
  private let flags: UnsafeMutablePointer<Flags>

  struct Flags {
    var cursorIsVisible = true
    var isAlternate = false
  }

  /// How one cell looks.
  public struct Look: Hashable, Sendable {
    /// The base and its combining marks.
    public var text: String
    /// Its width in cells.
    public var width: Int
    /// The colour of the letters from the palette of 256, nil for the terminal's own.
    public var foreground: Int?
    /// Bold.
    public var bold: Bool
    /// Underlined.
    public var underline: Bool
    /// In reverse.
    public var reverse: Bool
  }

  /// Makes a terminal of a size.
  public init(columns: Int, rows: Int) {
    pointer = vterm_new(Int32(rows), Int32(columns))
    vterm_set_utf8(pointer, 1)
    screen = vterm_obtain_screen(pointer)
    flags = .allocate(capacity: 1)
    flags.initialize(to: Flags())
    callbacks = .allocate(capacity: 1)
    callbacks.initialize(to: VTermScreenCallbacks())
    callbacks.pointee.settermprop = { property, value, user in
      guard let flags = user?.assumingMemoryBound(to: Flags.self), let value else { return 0 }
      if property == VTERM_PROP_CURSORVISIBLE {
        flags.pointee.cursorIsVisible = value.pointee.boolean != 0
      }
      if property == VTERM_PROP_ALTSCREEN { flags.pointee.isAlternate = value.pointee.boolean != 0 }
      return 1
    }
    vterm_screen_set_callbacks(screen, callbacks, flags)
    vterm_screen_enable_altscreen(screen, 1)
    vterm_screen_reset(screen, 1)
  }

  deinit {
    vterm_free(pointer)
    callbacks.deallocate()
    flags.deallocate()
  }

  /// Whether the alternate screen is shown.
  public var isAlternate: Bool { flags.pointee.isAlternate }

  /// Sends it bytes.
  public func feed(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.bindMemory(to: CChar.self).baseAddress else { return }
    vterm_input_write(pointer, start, bytes.count)
  }

  /// Sends it bytes.
  public func feed(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { feed($0) }
  }

  /// Gives it another size.
  public func resize(columns: Int, rows: Int) {
    vterm_set_size(pointer, Int32(rows), Int32(columns))
  }

  /// How one cell looks; the right half of a wide one has width 0.
  public func cell(x: Int, y: Int) -> Look {
    var cell = VTermScreenCell()
    vterm_screen_get_cell(screen, VTermPos(row: Int32(y), col: Int32(x)), &cell)
    var text = String.UnicodeScalarView()
    var isRightHalf = false
    withUnsafeBytes(of: &cell.chars) { bytes in
      for value in bytes.bindMemory(to: UInt32.self) {
        if value == UInt32.max { isRightHalf = true }
        guard value != 0, let scalar = Unicode.Scalar(value) else { break }
        text.append(scalar)
      }
    }
    let isDefault = cell.fg.type & UInt8(VTERM_COLOR_DEFAULT_FG.rawValue) != 0
    let isIndexed = cell.fg.type & 1 == UInt8(VTERM_COLOR_INDEXED.rawValue)
    return Look(
      text: isRightHalf ? "" : text.isEmpty ? " " : String(text),
      width: isRightHalf ? 0 : Int(cell.width),
      foreground: !isDefault && isIndexed ? Int(cell.fg.indexed.idx) : nil,
      bold: cell.attrs.bold != 0, underline: cell.attrs.underline != 0,
      reverse: cell.attrs.reverse != 0)
  }

  /// What it shows, as text.
  public var text: ScreenText {
    var columns: Int32 = 0
    var rows: Int32 = 0
    vterm_get_size(pointer, &rows, &columns)
    let lines = (0..<Int(rows)).map { y in
      let line = (0..<Int(columns)).map { cell(x: $0, y: y).text }.joined()
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
    var place = VTermPos()
    vterm_state_get_cursorpos(vterm_obtain_state(pointer), &place)
    let cursor = flags.pointee.cursorIsVisible ? (x: Int(place.col), y: Int(place.row)) : nil
    return ScreenText(rows: lines, cursor: cursor.map { ScreenText.Place(x: $0.x, y: $0.y) })
  }
}
