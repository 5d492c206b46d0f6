// The zone of a program that runs for a month: right on every day of it, by zones with and without a
// midnight.

import CCCore
import CCTestSupport
import CCView
import Foundation
import Testing

@testable import CCTerm

@Suite struct ZoneTests {
  /// Zones of the database; their next changes lie at two in the morning, at midnight, at noon of Greenwich,
  /// by half an hour, round Ramadan, and nowhere.
  static let names = [
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca",
    "America/Santiago", "Asia/Beirut", "Africa/Cairo", "Pacific/Chatham", "America/St_Johns",
    "Asia/Kathmandu", "Atlantic/Azores", "America/Havana", "Pacific/Apia", "UTC",
  ]

  private struct Truth {
    let calendar: Calendar
    let zone: TimeZone

    init(_ name: String) throws {
      zone = try #require(TimeZone(identifier: name))
      var calendar = Calendar(identifier: .gregorian)
      calendar.timeZone = zone
      self.calendar = calendar
    }

    func offset(_ second: Int64) -> Int {
      zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
    }

    func clock(_ unix: Int64) -> String {
      let date = Date(timeIntervalSince1970: Double(unix) / 1000)
      let parts = calendar.dateComponents([.hour, .minute, .second], from: date)
      return [parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0]
        .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }

    /// Whole local days since the beginning of 1970.
    func day(_ unix: Int64) -> Int64 {
      let second = unix / 1000
      return (second + Int64(offset(second))) / 86_400
    }
  }

  private static let start: Int64 = 1_764_500_000_000  // 30 November 2025
  private static let hour: Int64 = 3_600_000

  @Test(
    "thirty days, and across each change of a year, every time of day is right", arguments: names)
  @MainActor func everyDay(name: String) throws {
    let truth = try Truth(name)
    var readings = 0
    let opened = Instant(uptime: 0, unix: Self.start)
    let local = LocalZone(at: opened) {
      readings += 1
      return SystemZone.read(round: $0, offset: truth.offset)
    }
    // Every hour and a half, and the last second before and the first one after each change.
    var moments = Array(
      stride(from: Self.start, to: Self.start + 400 * 24 * Self.hour, by: 5_400_000))
    var change = Date(timeIntervalSince1970: Double(Self.start) / 1000)
    while let next = truth.zone.nextDaylightSavingTimeTransition(after: change),
      Int64(next.timeIntervalSince1970) * 1000 < Self.start + 400 * 24 * Self.hour
    {
      moments += [-1_000, 0].map { Int64(next.timeIntervalSince1970) * 1000 + $0 }
      change = next
    }
    for moment in moments.sorted() {
      let now = Instant(uptime: (moment - Self.start) * Instant.millisecond, unix: moment)
      let zone = local.at(now)
      #expect(zone.clock(now.unix) == truth.clock(now.unix), "\(name) at \(now.unix)")
      // What began thirty days ago, and when the next day begins.
      let before = now.unix - 30 * 24 * Self.hour
      #expect(zone.clock(before) == truth.clock(before), "\(name) at \(before)")
    }
    #expect(readings > 1)
  }

  @Test(
    "a desk that only wakes when it means to sees every day begin once, to the second",
    arguments: names)
  @MainActor func everyMidnight(name: String) throws {
    let truth = try Truth(name)
    var now = Instant(uptime: 7, unix: Self.start + 123)
    let local = LocalZone(at: now) { SystemZone.read(round: $0, offset: truth.offset) }
    var midnight = Midnight(local.at(now), at: now)
    for _ in 0..<420 {
      let day = truth.day(now.unix)
      let wait = midnight.deadline - now.uptime
      #expect(wait > 0)
      let then = now.advanced(by: wait)
      midnight.zone = local.at(then)
      let hasPassed = midnight.hasPassed(at: then)
      #expect(hasPassed == (truth.day(then.unix) > day), "\(name) at \(then.unix)")
      // Not a second too late: the second before was of the day before.
      if hasPassed { #expect(truth.day(then.unix - 1_000) == day, "\(name) at \(then.unix)") }
      now = then
    }
  }

  @Test("the system's own table says what Foundation says") @MainActor func system() throws {
    // This process's zone is whatever it is: it is not changed here, children would inherit it.
    let zone = SystemZone.read(round: Self.start)
    let truth = TimeZone.current
    for day in -300..<8 {
      let unix = Self.start + Int64(day) * 24 * Self.hour
      let date = Date(timeIntervalSince1970: Double(unix) / 1000)
      let second = (unix / 1000 + Int64(truth.secondsFromGMT(for: date))) % 86_400
      #expect(
        zone.clock(unix).hasPrefix(String(format: "%02d:%02d", second / 3600, second / 60 % 60)))
    }
  }

  @Test("a program in a zone of the database tells the time there", arguments: [false, true])
  func program(configured: Bool) throws {
    for name in Self.names {
      let sandbox = try Sandbox()
      let recording = try sandbox.write("one.ndjson", #"{"type":"registered","account":"1"}"#)
      if !configured { sandbox.more["TZ"] = ":" + name }
      let zone = configured ? ["-c", "time.zone=\(name)"] : []
      let truth = try Truth(name)
      let before = Int64(Date().timeIntervalSince1970 * 1000)
      let run = try Running.once(
        ["desk", "--plain", "--line", "replay:\(recording)"] + zone, in: sandbox)
      let after = Int64(Date().timeIntervalSince1970 * 1000)
      let times = [before, after].map { String(truth.clock($0).prefix(5)) }
      let first = run.out.first ?? run.errors
      #expect(times.contains { first.hasPrefix($0) }, "\(name): \(first)")
    }
  }

  @Test("another zone of the system is taken up while the program runs") @MainActor func moved() {
    var east = 0
    let start = Instant(uptime: 0, unix: Self.start)
    let local = LocalZone(at: start) { _ in Zone([.init(from: 0, secondsEast: east)]) }
    let before = local.at(start).minute(Self.start)
    east = 7_200
    let later = start.advanced(by: 900 * Instant.second)
    #expect(local.at(later).minute(Self.start) != before)
  }

  @Test("no moment of a clock is too odd", arguments: Extremes.integers)
  @MainActor func extremes(unix: Int64) {
    let zone = SystemZone.read(round: unix)
    _ = (zone.clock(unix), zone.nextDay(after: unix), zone.minute(unix, seenAt: 0))
    _ = (zone.minute(0, seenAt: unix), zone.clock(unix, seenAt: unix))
    var midnight = Midnight(zone, at: Instant(uptime: unix, unix: unix))
    for other in Extremes.integers {
      _ = midnight.hasPassed(at: Instant(uptime: other, unix: other))
    }
    #expect(Timestamp.text(unix).hasSuffix("Z"))
  }
}

@Suite struct MidnightTests {
  private static let zone = Zone([.init(from: 0, secondsEast: 3_600)])
  /// 30 November 2025, 23:50 in the zone.
  private static let evening = Instant(
    uptime: 1_000 * Instant.second, unix: 1_764_543_000_000)

  private func at(_ minutes: Int64, set: Int64 = 0) -> Instant {
    var now = Self.evening.advanced(by: minutes * 60 * Instant.second)
    now.unix += set * 60_000
    return now
  }

  @Test("a clock set back over midnight ends no day, neither then nor when midnight comes again")
  func setBack() {
    var midnight = Midnight(Self.zone, at: at(0))
    let passed = [
      at(9), at(10), at(11),  // 23:59, 0:00, 0:01
      at(12, set: -15),  // set back: 23:47
      at(24, set: -15), at(25, set: -15), at(26, set: -15),  // 23:59, 0:00, 0:01
      at(24 * 60 + 25, set: -15),  // the next one
    ].map { midnight.hasPassed(at: $0) }
    #expect(passed == [false, true, false, false, false, false, false, true])
  }

  @Test("a desk opened after midnight keeps its figures too") func openedAfter() {
    var midnight = Midnight(Self.zone, at: at(11))
    let passed = [at(12, set: -15), at(25, set: -15), at(30)].map { midnight.hasPassed(at: $0) }
    #expect(passed == [false, false, false])
  }

  @Test("a clock that was hours wrong begins the day when it really begins") func hoursWrong() {
    // It ran nine hours ahead: its midnight came in the afternoon.
    var midnight = Midnight(Self.zone, at: at(-1_000, set: 540))
    let passed = [
      at(-530, set: 540), at(-500), at(9), at(10), at(11),
    ].map { midnight.hasPassed(at: $0) }
    #expect(passed == [true, false, false, true, false])
  }

  @Test("after a sleep of days one day begins") func slept() {
    var midnight = Midnight(Self.zone, at: at(0))
    let passed = [at(3 * 24 * 60), at(3 * 24 * 60 + 1)].map { midnight.hasPassed(at: $0) }
    #expect(passed == [true, false])
  }
}
