// Where the floor's panels stand: a pure function of the size and of what is switched on.

import CCCore

/// The places of the floor's panels for one size.
struct FloorLayout: Hashable, Sendable {
  let shape: Layout.Shape
  let size: Size
  private(set) var header = Rect.none
  private(set) var totals = Rect.none
  private(set) var bar = Rect.none
  private(set) var columns = Rect.none
  private(set) var table = Rect.none
  /// The chosen agent in a panel of her own; without rows where she is not followed.
  private(set) var detail = Rect.none
  private(set) var history = Rect.none
  private(set) var alerts = Rect.none
  private(set) var message = Rect.none
  private(set) var keys = Rect.none

  init(_ size: Size, _ screen: FloorScreen) {
    self.size = size
    if size.columns >= 60, size.rows >= 13 {
      shape = .full
    } else if size.columns >= 30, size.rows >= 9 {
      shape = .stacked
    } else if size.columns >= Layout.smallest.columns, size.rows >= Layout.smallest.rows {
      shape = .bare
    } else {
      shape = .tooSmall
      return
    }
    layOut(screen)
  }

  private mutating func layOut(_ screen: FloorScreen) {
    let isBig = (screen.isBig || screen.isWall) && shape == .full && size.rows >= 20
    var top = 0
    var bottom = size.rows
    header = above(&top, 1)
    totals = above(&top, isBig ? 7 : 1)
    if shape == .full {
      if !isBig { bar = above(&top, 1) }
      columns = above(&top, 1)
    }
    if !screen.isWall {
      keys = below(&bottom, 1)
      if shape != .bare { message = below(&bottom, 1) }
    } else if screen.overlay != nil {
      message = below(&bottom, 1)
    }
    if shape == .full, !screen.isWall {
      alerts = below(&bottom, 1)
      history = below(&bottom, 1)
      if screen.follows {
        // At least a few rows of the table stay.
        let room = max(0, bottom - top - 4)
        detail = below(&bottom, min(room, max(9, (bottom - top) / 2)))
      }
    }
    table = Rect(x: 0, y: top, width: size.columns, height: bottom - top)
  }

  private func above(_ top: inout Int, _ height: Int) -> Rect {
    defer { top += height }
    return Rect(x: 0, y: top, width: size.columns, height: height)
  }

  private func below(_ bottom: inout Int, _ height: Int) -> Rect {
    bottom -= height
    return Rect(x: 0, y: bottom, width: size.columns, height: height)
  }
}
