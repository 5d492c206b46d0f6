// The system's time zone as a table.

import CCCore
import CCView
import CLinux
import Glibc

/// Reads the offsets that hold round a moment, from the C library.
enum SystemZone {
  private static let folder = "/usr/share/zoneinfo/"

  /// Makes a zone of the zone database the one of this process; call it before anything reads one.
  static func choose(_ name: String) throws(Failure) {
    let isName = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
        UInt8(ascii: "+"), UInt8(ascii: "/"):
        true
      default: false
      }
    }
    var info = stat()
    guard isName, stat(folder + name, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
      throw .usage(
        "time.zone: there is no zone \(SafeText(name, limit: 40)) in \(folder); "
          + "it is written as in Europe/Madrid.")
    }
    setenv("TZ", ":" + name, 1)
    tzset()
  }

  /// Looks at the file that `TZ` names: the C library would wait for a FIFO there, for ever.
  static func check() throws(Failure) {
    guard let value = Environment.value("TZ") else { return }
    let path = value.hasPrefix(":") ? String(value.dropFirst()) : value
    guard path.hasPrefix("/"), cc_look_at_file(path) == cc_no_file else { return }
    throw .usage("TZ: \(SafeText(path)) is no file; it is set as in TZ=Europe/Madrid.")
  }

  /// The zone for the year before a moment and the days after it.
  ///
  /// Times are told of what began long ago, and of the next day at most. `offset` gives the seconds east
  /// of Greenwich at a Unix second; the C library's, unless a test knows better.
  static func read(round unix: Int64, offset: ((Int64) -> Int)? = nil) -> Zone {
    // A zone that was changed since the program was started is taken up here.
    if offset == nil { tzset() }
    let offset = offset ?? Self.offset
    let moment = unix / 1000
    let until = moment.plus(8 * day)
    var low = max(moment.minus(400 * day), -(1 << 40))
    var changes = [Zone.Change(from: low * 1000, secondsEast: offset(low))]
    while low < until {
      let high = low + step
      let east = offset(high)
      if east != changes[changes.count - 1].secondsEast {
        changes.append(.init(from: first(low, high, offset) * 1000, secondsEast: east))
      }
      low = high
    }
    return Zone(changes)
  }

  private static let day: Int64 = 86_400
  /// No zone changes its offset twice within so many seconds.
  private static let step = 3 * day

  /// The first second with the offset of `high`.
  private static func first(_ low: Int64, _ high: Int64, _ offset: (Int64) -> Int) -> Int64 {
    var (low, high) = (low, high)
    let new = offset(high)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if offset(middle) == new { high = middle } else { low = middle }
    }
    return high
  }

  private static func offset(_ seconds: Int64) -> Int {
    var time = time_t(seconds)
    var parts = tm()
    localtime_r(&time, &parts)
    return parts.tm_gmtoff
  }
}
