// Listing the seats.

import CCCore
import CCJSON

/// A seat as the vendor lists it, without its password.
public struct CloudSeat: Hashable, Sendable {
  /// Its account: `0705C245_001`.
  public var account: String
  /// The agent's name, washed; nil where there is none.
  public var name: SafeText?
  /// The group's name, washed.
  public var group: SafeText?
  /// Its status.
  public var seat: Seat
  /// Whether it is neither disabled nor deleted.
  public var isEnabled: Bool

  /// Makes a seat.
  public init(
    account: String, name: SafeText? = nil, group: SafeText? = nil, seat: Seat,
    isEnabled: Bool = true
  ) {
    self.account = account
    self.name = name
    self.group = group
    self.seat = seat
    self.isEnabled = isEnabled
  }

  /// Reads a record; nil for one without an account or a status.
  init?(_ json: JSONValue) {
    guard let account = json["account"]?.string, (1...128).contains(account.utf8.count),
      let status = Self.number(json["status"]), (0...9_999).contains(status)
    else { return nil }
    func text(_ name: String) -> SafeText? {
      json[name]?.string.flatMap { $0.isEmpty ? nil : SafeText($0, limit: 64) }
    }
    self.init(
      account: account, name: text("name") ?? text("petName"), group: text("groupName"),
      seat: Seat(code: status),
      // 0 is enabled, and 1 is deleted (contract section 11).
      isEnabled: Self.number(json["enable"]) != 1 && Self.number(json["deleteFlag"]) != 1)
  }

  private static func number(_ value: JSONValue?) -> Int? {
    value?.int ?? value?.string.flatMap { Int($0) }
  }
}

/// Everything that one reading of the list brought.
public struct SeatPoll: Hashable, Sendable {
  /// The seats, each once; where a seat was listed twice the later one counts.
  public var seats: [CloudSeat]
  /// Whether the list was the same from its first page to its last: only then is a seat that is not
  /// in it gone.
  public var isWhole: Bool

  /// Makes a poll.
  public init(seats: [CloudSeat], isWhole: Bool) {
    self.seats = seats
    self.isWhole = isWhole
  }
}

/// Reads the whole list of seats, page by page.
public struct SeatReader: Sendable {
  private let client: CloudClient
  private let size: Int
  /// Some versions of the page say that a span of time must be given, others do not know it.
  private var needsSpan = false

  /// Seats a page: the most that is documented.
  public static let page = 100
  /// Bytes of a page: no record is longer than a few hundred.
  static let pageLimit = 1 << 20
  /// Pages that are read at most: 100,000 seats.
  static let pages = 1_000
  /// How often the list is read until it holds still.
  static let passes = 2

  /// Makes a reader.
  public init(_ client: CloudClient, size: Int = SeatReader.page) {
    self.client = client
    self.size = min(max(size, 1), Self.page)
  }

  /// Reads the list.
  ///
  /// A seat that moves from one page to another while they are read comes twice, and pushes another one
  /// out of sight: then everything is read once more, and what came at any time is kept.
  ///
  /// - Parameter now: Unix milliseconds, for the span of time.
  /// - Throws: `CloudFailure`; a list that breaks off in the middle is none.
  public mutating func read(at now: Int64) async throws(CloudFailure) -> SeatPoll {
    var seats: [String: CloudSeat] = [:]
    var order: [String] = []
    var isWhole = false
    for _ in 1...Self.passes where !isWhole {
      isWhole = try await pass(at: now) { seat in
        if seats.updateValue(seat, forKey: seat.account) == nil { order.append(seat.account) }
      }
    }
    return SeatPoll(seats: order.compactMap { seats[$0] }, isWhole: isWhole)
  }

  private mutating func pass(
    at now: Int64, _ take: (CloudSeat) -> Void
  ) async throws(CloudFailure) -> Bool {
    var seen = Set<String>()
    var (number, total, records, isEven) = (1, -1, 0, true)
    while number <= Self.pages {
      let page = try await ask(number, at: now)
      guard let listed = page["records"]?.array else {
        throw .unreadable("no list of seats in its data", host: client.host)
      }
      let count = max(0, page["total"]?.int ?? listed.count)
      if total < 0 { total = count }
      if count != total { isEven = false }
      for seat in listed.lazy.compactMap(CloudSeat.init) {
        if !seen.insert(seat.account).inserted { isEven = false }
        take(seat)
      }
      records += listed.count
      let last = page["pages"]?.int ?? count / size + (count % size == 0 ? 0 : 1)
      if listed.isEmpty || number >= last { break }
      number += 1
    }
    return isEven && records == total
  }

  private mutating func ask(_ number: Int, at now: Int64) async throws(CloudFailure) -> JSONValue {
    do throws(CloudFailure) {
      return try await askOnce(number, at: now)
    } catch {
      guard case .refused(_, let code, _, _) = error, code.number == -22, !needsSpan, number == 1
      else { throw error }
      needsSpan = true
      do throws(CloudFailure) { return try await askOnce(number, at: now) } catch {
        needsSpan = false
        throw error
      }
    }
  }

  private func askOnce(_ number: Int, at now: Int64) async throws(CloudFailure) -> JSONValue {
    var params = JSONObject()
    if needsSpan {
      params["strTime"] = .string(CloudTime.text(now.minus(86_400_000)))
      params["endTime"] = .string(CloudTime.text(now))
    }
    let data = try await client.ask(
      .seatQuery,
      [
        "current": .int(Int64(number)), "size": .int(Int64(size)), "params": .object(params),
      ], limit: Self.pageLimit)
    guard let data else { throw .unreadable("no data", host: client.host) }
    return data
  }
}
