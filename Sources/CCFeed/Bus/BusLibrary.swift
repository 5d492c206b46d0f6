// libmosquitto, found when it is needed.

import CMosquitto

/// The library's functions.
struct BusLibrary: @unchecked Sendable {
  // The table is written once, before anybody sees it, and never freed.
  let call: UnsafePointer<cc_mosquitto>

  /// Opens it at the first call.
  static func opened() throws(BusTrouble) -> BusLibrary {
    guard let table = cc_mosquitto() else {
      throw BusTrouble(
        "the bus needs libmosquitto, which is not installed; mend it: apt install libmosquitto1")
    }
    return BusLibrary(call: table)
  }

  /// What a return code means, in words.
  func words(_ code: Int32) -> String {
    call.pointee.words(code).map { String(cString: $0) } ?? "error \(code)"
  }
}
