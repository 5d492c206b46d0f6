// What is on the supervisor's screen and not on the floor: selection, filter, freeze, menus.

import CCCore

/// The screen's own state beside a `Floor`.
///
/// It is told of keys, of effects and of time, and returns what it asks of the world. It reads no clock
/// and draws nothing: `FloorRenderer` does that.
public struct FloorScreen: Sendable {
  /// The order as it was when a key was pressed: rows do not jump under a hand.
  struct Held: Sendable {
    var order: FloorOrder
    var until: Int64
    /// Where the chosen agent stands in it.
    var position: Int?
  }

  /// The picture as it was when it was frozen.
  struct Frozen: Sendable {
    var floor: Floor
    var since: Instant
    /// Rows that changed since then.
    var changes = 0
  }

  /// What lies over the table.
  enum Overlay: Hashable, Sendable {
    /// All commands; the first row shown.
    case help(top: Int)
    /// The teams, and which one the mark is on; 0: all.
    case teams(index: Int)
    /// Today's numbers by team; the first team shown.
    case numbers(top: Int)
    /// The columns by letter.
    case columns
    /// A message is being typed.
    case message(HandTarget, Field)
    /// Which status is asked for.
    case wishes(HandTarget)
    /// Whether it is meant.
    case order(HandTarget, Order.Wish, SafeText, since: Instant)
    /// The wall asks before it goes.
    case quit(since: Instant)
  }

  /// A line for the message row.
  struct Message: Hashable, Sendable {
    var text: SafeText
    var isWarning: Bool
    var since: Instant
  }

  /// How long the order holds after a key, in nanoseconds.
  static let holdsFor = 5 * Instant.second
  /// When a frozen picture thaws by itself, in nanoseconds.
  static let thawsAfter = 60 * Instant.second

  /// What feeds the floor, as the header shows it: `demo`, `mqtt broker.example`.
  public let source: SafeText
  /// Whether it is a screen that nobody touches.
  public let isWall: Bool
  /// The chosen agent; the choice belongs to her, not to a row.
  public internal(set) var selection: AgentKey?
  /// The team that is shown; nil: all.
  public internal(set) var team: String?

  var filterText = ""
  var alertsOnly = false
  /// The filter while it is being typed.
  var typing: Field?
  /// The first row of the order that is shown.
  var top = 0
  /// The rows of agents that the last picture had.
  var pageRows = 16
  var held: Held?
  var frozen: Frozen?
  var overlay: Overlay?
  /// While a question is open: tells the letter that answers it from others.
  var letter: LoneLetter?
  var message: Message?
  /// Whether the chosen agent is followed in a panel of her own.
  var follows = false
  /// Whether the totals are big.
  var isBig = false
  var hidden: Set<FloorColumn> = []

  /// A screen as it is at the start.
  public init(source: SafeText, team: String? = nil, isWall: Bool = false) {
    self.source = source
    self.team = team
    self.isWall = isWall
  }

  /// What the floor is to be told at the start.
  public var opening: FloorEvent { .filter(filter) }

  var filter: FloorFilter {
    FloorFilter(text: typing?.text ?? filterText, team: team, alertsOnly: alertsOnly)
  }

  /// The floor that is shown: the frozen one, if it is frozen.
  func shown(_ live: Floor) -> Floor { frozen?.floor ?? live }

  /// The order that is shown.
  func order(of floor: Floor) -> FloorOrder { held?.order ?? floor.currentOrder }

  /// Where the chosen agent stands in the order that is shown; nil if she is not in it.
  func position(in floor: Floor) -> Int? {
    if let held { return held.position }
    return selection.flatMap { floor.position(of: $0) }
  }

  /// The positions that a table of so many rows shows.
  func window(of floor: Floor, rows: Int) -> Range<Int> {
    let count = order(of: floor).count
    let first = min(top, max(0, count - rows))
    return first..<min(count, first + max(0, rows))
  }

  /// Says that this many rows of agents were drawn: pages are as long.
  public mutating func drawn(_ floor: Floor, size: Size) {
    pageRows = max(1, FloorLayout(size, self).table.height)
    top = min(top, max(0, order(of: shown(floor)).count - pageRows))
  }

  mutating func say(_ text: String, isWarning: Bool = false, at now: Instant) {
    message = Message(text: SafeText(text), isWarning: isWarning, since: now)
  }
}

/// What a floor's screen asks of the world.
public enum FloorRequest: Hashable, Sendable {
  /// Tell the machine.
  case floor(FloorEvent)
  /// Ask something of an agent or a team.
  case order(Order.Wish, SafeText, to: HandTarget)
  /// Draw the whole screen anew.
  case redraw
  /// Suspend the program.
  case suspend
  /// End the program.
  case quit
}
