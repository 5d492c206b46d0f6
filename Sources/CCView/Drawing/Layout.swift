// Where the panels stand: a pure function of the size of the screen (screens rule 12).

/// The places of the panels for one size; nothing in it is ever negative or outside.
struct Layout: Hashable, Sendable {
  /// How much there is room for.
  enum Shape: Hashable, Sendable {
    /// Panels with frames, as drawn for 80x24.
    case full
    /// One panel below the other, fields without frames, as drawn for 40x12.
    case stacked
    /// Bare lines, as drawn for 20x5.
    case bare
    /// Nothing but a sentence.
    case tooSmall
  }

  /// How much there is room for.
  let shape: Shape
  /// The size it was made for.
  let size: Size
  private(set) var header = Rect.none
  private(set) var agent = Rect.none
  private(set) var call = Rect.none
  private(set) var dial = Rect.none
  private(set) var info = Rect.none
  /// Recent; without rows where there is no room.
  private(set) var recent = Rect.none
  private(set) var message = Rect.none
  private(set) var keys = Rect.none

  /// The smallest size with bare lines.
  static let smallest = Size(columns: 20, rows: 5)
  private static let widest = 100
  private static let recentAtRight = 120
  private static let rightMost = 40

  /// Lays the panels out.
  init(_ size: Size) {
    self.size = size
    if size.columns >= 72, size.rows >= 15 {
      shape = .full
      layFull()
    } else if size.columns >= 40, size.rows >= 11 {
      shape = .stacked
      layStacked()
    } else if size.columns >= Self.smallest.columns, size.rows >= Self.smallest.rows {
      shape = .bare
      layBare()
    } else {
      shape = .tooSmall
    }
  }

  /// The width of the text in the Info panel.
  var infoTextWidth: Int {
    switch shape {
    case .full: max(1, info.width - 4)
    case .stacked, .bare: max(1, info.width - 7)
    case .tooSmall: 1
    }
  }

  private mutating func layFull() {
    let atRight = size.columns >= Self.recentAtRight
    let all = atRight ? size.columns : min(size.columns, Self.widest)
    let left = atRight ? min(Self.widest, size.columns - Self.rightMost) : all
    let body = size.rows - 3
    let agentWidth = 30 + max(0, left - 80) / 4
    header = Rect(x: 0, y: 0, width: all, height: 1)
    agent = Rect(x: 0, y: 1, width: agentWidth, height: 6)
    call = Rect(x: agentWidth, y: 1, width: left - agentWidth, height: 6)
    dial = Rect(x: 0, y: 7, width: left, height: 3)
    // What is left below Dial: Info wants 7 rows, Recent at least 3, and whatever is more than that.
    let below = body - 9
    let recentHeight = atRight || below < 10 ? 0 : below - 7
    info = Rect(x: 0, y: 10, width: left, height: below - recentHeight)
    recent =
      atRight
      ? Rect(x: left, y: 1, width: all - left, height: body)
      : Rect(x: 0, y: 10 + info.height, width: left, height: recentHeight)
    message = Rect(x: 0, y: size.rows - 2, width: all, height: 1)
    keys = Rect(x: 0, y: size.rows - 1, width: all, height: 1)
  }

  private mutating func layStacked() {
    let width = min(size.columns, Self.widest)
    // Rows beyond the smallest go to the call first, then to the agent, then to Info.
    let spare = size.rows - 11
    let forCall = min(3, max(0, spare - 2))
    let forAgent = min(1, max(0, spare - 2 - forCall))
    header = Rect(x: 0, y: 0, width: width, height: 1)
    agent = Rect(x: 0, y: 1, width: width, height: 3 + forAgent)
    call = Rect(x: 0, y: agent.y + agent.height, width: width, height: 3 + forCall)
    dial = Rect(x: 0, y: call.y + call.height, width: width, height: 1)
    let infoY = dial.y + 1
    info = Rect(x: 0, y: infoY, width: width, height: size.rows - 2 - infoY)
    message = Rect(x: 0, y: size.rows - 2, width: width, height: 1)
    keys = Rect(x: 0, y: size.rows - 1, width: width, height: 1)
  }

  private mutating func layBare() {
    let width = min(size.columns, Self.widest)
    agent = Rect(x: 0, y: 0, width: width, height: 1)
    call = Rect(x: 0, y: 1, width: width, height: 1)
    dial = Rect(x: 0, y: 2, width: width, height: 1)
    info = Rect(x: 0, y: 3, width: width, height: max(0, size.rows - 5))
    message = Rect(x: 0, y: size.rows - 2, width: width, height: 1)
    keys = Rect(x: 0, y: size.rows - 1, width: width, height: 1)
  }

  /// Where the help stands: below status and call.
  var help: Rect {
    let y = shape == .bare ? dial.y : call.y + call.height
    return Rect(x: 0, y: y, width: dial.width, height: max(0, message.y - y))
  }

  /// The fewest rows for which help has a frame.
  static let framedHelp = 6

  /// How many lines of help are seen at once.
  var helpLines: Int { max(1, help.height >= Self.framedHelp ? help.height - 2 : help.height) }

  /// Where a menu or prompt of this size stands: over the fields, the call stays in sight.
  func overlay(width: Int, height: Int) -> Rect {
    let y = min(dial.y, max(0, size.rows - 2 - height))
    return Rect(x: 0, y: y, width: min(width, size.columns), height: min(height, size.rows - y))
  }
}

extension Rect {
  /// No place.
  static let none = Rect(x: 0, y: 0, width: 0, height: 0)
}
