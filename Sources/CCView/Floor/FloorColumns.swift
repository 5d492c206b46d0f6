// The columns of the table: what stands in each, and which ones there is room for.

import CCCore

/// A column of the floor's table.
public enum FloorColumn: String, Hashable, Sendable, CaseIterable {
  case team, status, time, call, number, today, login, heard, talk, afterCall, handling, occupancy,
    connect

  /// Its letter in the menu.
  var letter: Character {
    switch self {
    case .team: "t"
    case .status: "s"
    case .time: "i"
    case .call: "c"
    case .number: "n"
    case .today: "d"
    case .login: "l"
    case .heard: "h"
    case .talk: "k"
    case .afterCall: "w"
    case .handling: "a"
    case .occupancy: "u"
    case .connect: "o"
    }
  }

  /// Its title.
  var title: String {
    switch self {
    case .team: "Team"
    case .status: "Status"
    case .time: "In state"
    case .call: "Call"
    case .number: "Number"
    case .today: "Today"
    case .login: "Login"
    case .heard: "Heard"
    case .talk: "Talk"
    case .afterCall: "ACW"
    case .handling: "AHT"
    case .occupancy: "Occ."
    case .connect: "Connect"
    }
  }

  /// What it is, for the menu.
  var help: String {
    switch self {
    case .team: "team"
    case .status: "status"
    case .time: "time in state"
    case .call: "call, and since when where there is room"
    case .number: "number, where the desk shares it"
    case .today: "calls today"
    case .login: "login"
    case .heard: "how long ago her desk was heard"
    case .talk: "talk today"
    case .afterCall: "after-call work today"
    case .handling: "average handling time: talk with hold, and after-call work, a call"
    case .occupancy: "occupancy: talk and after-call work, of them and idle"
    case .connect: "dials of today that were answered"
    }
  }

  /// The sort that its title is marked for.
  var sort: FloorSort? {
    switch self {
    case .team: .team
    case .status: .status
    case .time: .time
    case .today: .calls
    default: nil
    }
  }

  func width(_ columns: Int) -> Int {
    switch self {
    case .team: columns >= 110 ? 12 : 7
    case .status: 14
    case .time: 12
    case .call: columns >= 110 ? 17 : 9
    case .number: columns >= 110 ? 19 : columns >= 90 ? 17 : 15
    case .today: columns >= 110 ? 8 : 6
    case .login: 10
    case .heard, .handling: 8
    case .talk, .afterCall: 10
    case .occupancy: 6
    case .connect: 8
    }
  }
}

/// The columns that a width has room for, each with its place.
struct FloorColumns: Hashable, Sendable {
  struct Place: Hashable, Sendable {
    var column: FloorColumn
    var x: Int
    var width: Int
  }

  static let nameStart = 4
  let nameWidth: Int
  let places: [Place]

  init(_ columns: Int, hidden: Set<FloorColumn>, isWall: Bool = false) {
    var chosen = FloorColumn.allCases.filter {
      !hidden.contains($0) && !(isWall && Self.privateOnes.contains($0))
    }
    let width = { (column: FloorColumn) in column.width(columns) }
    let least = columns >= 60 ? 13 : 10
    var free = columns - Self.nameStart - least - chosen.map(width).reduce(0, +)
    // The name stays; what goes first when there is no room is at the end of this list.
    for column in Self.importance.reversed() where free < 0 {
      guard let index = chosen.firstIndex(of: column) else { continue }
      chosen.remove(at: index)
      free += width(column)
    }
    nameWidth = least + min(max(0, free), 15)
    var x = Self.nameStart + nameWidth
    places = chosen.map { column in
      defer { x += width(column) }
      return Place(column: column, x: x, width: width(column))
    }
  }

  /// Not for a screen that everybody sees.
  private static let privateOnes: Set<FloorColumn> = [
    .number, .login, .heard, .talk, .afterCall, .handling, .occupancy, .connect,
    .today,
  ]
  private static let importance: [FloorColumn] = [
    .status, .time, .call, .number, .team, .today, .heard, .handling, .login, .talk, .afterCall,
    .connect, .occupancy,
  ]
}
