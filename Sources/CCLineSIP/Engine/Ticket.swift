// What libre is given in place of an object of ours.

import Glibc

/// A number that libre keeps and hands back, and that finds an object only while it lives.
///
/// libre calls back whenever it likes: after a call was let go, while its own end is being freed, from a
/// session that still waits for the answer to a BYE. An address would be that of something else by then.
/// A number means one object for ever; once that is gone it means nobody, and the call back does nothing.
final class Ticket {
  private struct Holder { weak var object: AnyObject? }
  private struct Table {
    var last: UInt = 0
    var holders: [UInt: Holder] = [:]
  }
  private static let table = Lock(Table())

  private let number: UInt

  init() {
    number = Self.table.with { table in
      table.last += 1
      return table.last
    }
  }

  deinit { _ = Self.table.with { $0.holders.removeValue(forKey: number) } }

  /// What is handed to libre; it stands for this object from now on.
  func of(_ object: AnyObject) -> UnsafeMutableRawPointer? {
    Self.table.with { $0.holders[number] = Holder(object: object) }
    return UnsafeMutableRawPointer(bitPattern: number)
  }

  /// Whom libre means; nil where he is gone.
  static func holder<Object: AnyObject>(
    _ argument: UnsafeMutableRawPointer?, as type: Object.Type = Object.self
  ) -> Object? {
    guard let argument else { return nil }
    return table.with { $0.holders[UInt(bitPattern: argument)]?.object } as? Object
  }
}
