// The system's time zone as a table.

import CCCore
import CCView
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

  /// The zone for a day before and some days after; an offset changes on an hour's quarter.
  static func read(round unix: Int64) -> Zone {
    let quarter: Int64 = 900
    let from = (unix / 1000 / quarter - 96) * quarter
    var changes = [change(from)]
    // Nobody sits at a desk for more than a week.
    let until = from + 8 * 86_400
    var low = from
    while low < until {
      let high = low + 86_400
      if offset(high) != changes[changes.count - 1].secondsEast {
        changes.append(change(first(low, high, quarter)))
      }
      low = high
    }
    return Zone(changes)
  }

  private static func first(_ low: Int64, _ high: Int64, _ step: Int64) -> Int64 {
    var (low, high) = (low, high)
    let old = offset(low)
    while high - low > step {
      let middle = low + (high - low) / step / 2 * step
      if offset(middle) == old { low = middle } else { high = middle }
    }
    return high
  }

  private static func change(_ seconds: Int64) -> Zone.Change {
    Zone.Change(from: seconds * 1000, secondsEast: offset(seconds))
  }

  private static func offset(_ seconds: Int64) -> Int {
    var time = time_t(seconds)
    var parts = tm()
    localtime_r(&time, &parts)
    return parts.tm_gmtoff
  }
}
