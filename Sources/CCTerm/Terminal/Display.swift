// Frames onto a terminal: one ncurses panel for each panel of the picture, one write for each frame.

import CCView
import CNcurses
import Glibc

/// Shows frames on a terminal.
///
/// Each panel of the frame has an ncurses panel, so what lies over what, and what comes back when an
/// overlay goes, is the library's work. A row that did not change is not drawn again, and what is
/// drawn is one write(2).
@MainActor final class Display {
  /// What the terminal can show.
  let abilities: TerminalAbilities
  /// The size of the terminal, in cells.
  private(set) var size: Size

  private let screen: Screen
  private let output: Output
  private var brush: Brush
  private var panels = [DisplayPanel]()
  private var isCursorShown: Bool?
  private var isStale = true

  /// Makes a display on a descriptor; with -1 the bytes are only handed out by `compose`.
  ///
  /// - Parameter theme: how roles look; without one, as the terminal's abilities ask.
  /// - Throws: `TerminalError` where the type is unknown or cannot place its cursor.
  init(
    type: String, size: Size, theme: Theme? = nil, isUTF8: Bool = true, usesColour: Bool = true,
    descriptor: Int32 = -1
  ) throws {
    _ = TerminalLocale.isUTF8
    screen = try Screen(type: type, size: size, usesColour: usesColour)
    abilities = TerminalAbilities(type: type, colours: screen.colours, isUTF8: isUTF8)
    self.size = size
    output = Output(descriptor: descriptor)
    brush = Brush(theme: theme ?? abilities.theme, isUTF8: isUTF8, screen: screen)
  }

  /// Whether the terminal has not taken everything yet: poll it for POLLOUT, then present again.
  var isWaiting: Bool { output.isWaiting }
  /// Whether the terminal is gone.
  var isLost: Bool { output.isLost }

  /// Shows a frame; nothing is sent where nothing changed, or while the terminal does not take more.
  ///
  /// - Returns: the bytes written.
  @discardableResult
  func present(_ frame: Frame) -> Int {
    let before = output.flush()
    guard !output.isWaiting, !output.isLost else { return before }
    return before + compose(frame) { output.write($0) }
  }

  /// Draws a frame, and hands over the bytes that show it.
  func compose<Result>(_ frame: Frame, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    screen.choose()
    let isChanged = arrange(frame)
    let isMoved = placeCursor(frame)
    if isChanged || isMoved || isStale {
      isStale = false
      update_panels()
      doupdateWithCursor(frame)
    }
    return screen.withBytes(body)
  }

  /// Takes a new size of the terminal; everything is drawn anew with the next frame.
  func resize(_ size: Size) {
    screen.choose()
    // ncurses would bend the windows that touch the old edge: ours are made anew.
    removeAll()
    self.size = size
    resizeterm(Int32(max(1, size.rows)), Int32(max(1, size.columns)))
    touchwin(cn_stdscr())
    redraw()
  }

  /// Has the next frame drawn as a whole, over whatever stands on the terminal.
  func redraw() {
    screen.choose()
    clearok(cn_curscr(), true)
    isStale = true
  }

  /// Gives the terminal its usual screen and modes back; `enter()` and a frame take them again.
  func leave() {
    screen.choose()
    screen.leave()
    send()
  }

  /// Takes the screen after a `leave()`; the next frame draws it.
  func enter() {
    screen.choose()
    screen.enter()
    isCursorShown = nil
    isStale = true
  }

  /// The bytes that give the terminal back, for the crash guard.
  func restoreBytes() -> [UInt8] {
    screen.choose()
    return screen.restoreBytes()
  }

  /// Frees everything; the display must not be used after it.
  func close() {
    screen.choose()
    removeAll()
    screen.close()
  }

  /// Sends bytes that move nothing on the screen, behind what still waits.
  func send(_ bytes: [UInt8]) { bytes.withUnsafeBytes { _ = output.write($0) } }

  private func send() {
    screen.withBytes { _ = output.write($0) }
    output.drain()
  }
}

// MARK: - Panels

extension Display {
  /// Brings the ncurses panels to what the frame says; whether anything changed.
  private func arrange(_ frame: Frame) -> Bool {
    let isReordered = matchNames(frame)
    var isChanged = isReordered
    for (panel, wanted) in zip(panels, frame.panels) where panel.show(wanted, size, &brush) {
      isChanged = true
    }
    // ncurses puts a new panel on top, wherever it belongs.
    if isReordered || panels.contains(where: \.isNew) {
      for panel in panels { panel.raiseToTop() }
    }
    return isChanged
  }

  /// Makes `panels` have the names of the frame in its order; whether that took anything.
  private func matchNames(_ frame: Frame) -> Bool {
    let isSame =
      panels.count == frame.panels.count
      && zip(panels, frame.panels).allSatisfy { $0.name == $1.name }
    guard !isSame else { return false }
    var old = panels
    panels = frame.panels.map { wanted in
      if let index = old.firstIndex(where: { $0.name == wanted.name }) {
        return old.remove(at: index)
      }
      return DisplayPanel(name: wanted.name)
    }
    for panel in old { panel.remove() }
    return true
  }

  private func removeAll() {
    for panel in panels { panel.remove() }
    panels = []
  }
}

// MARK: - The cursor

extension Display {
  /// Shows or hides the cursor; whether it changed or its place did.
  private func placeCursor(_ frame: Frame) -> Bool {
    let place = cursor(frame)
    let isShown = place != nil
    var isChanged = false
    if isShown != isCursorShown {
      curs_set(isShown ? 1 : 0)
      isCursorShown = isShown
      isChanged = true
    }
    let newscr = cn_newscr()
    guard let place else { return isChanged }
    return isChanged || place.x != Int(getcurx(newscr)) || place.y != Int(getcury(newscr))
  }

  /// update_panels() leaves the cursor where the last panel was refreshed: it is put back after that.
  private func doupdateWithCursor(_ frame: Frame) {
    if let place = cursor(frame) { wmove(cn_newscr(), Int32(place.y), Int32(place.x)) }
    doupdate()
  }

  /// Where the cursor of the topmost panel that has one stands on the screen.
  private func cursor(_ frame: Frame) -> Panel.Cursor? {
    guard let panel = frame.panels.last(where: { $0.cursor != nil }), let cursor = panel.cursor
    else { return nil }
    let x = panel.rect.x + cursor.x
    let y = panel.rect.y + cursor.y
    guard x >= 0, y >= 0, x < size.columns, y < size.rows else { return nil }
    return Panel.Cursor(x: x, y: y)
  }
}
