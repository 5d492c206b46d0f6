// The other direction: what a desk publishes.

import CCCore
import CCJSON

extension FloorCodec {
  /// The payload of a seat; `desk`: the Unix milliseconds at which the desk that says it was opened.
  public static func encode(_ update: SeatUpdate, desk: Int64? = nil) -> [UInt8] {
    write([
      ("e", .int(update.stamp.epoch)), ("n", .int(Int64(update.stamp.sequence))),
      ("seat", .int(Int64(update.seat.code))), ("since", update.since.map { .int($0) }),
      ("name", update.name.map { .string($0.string) }),
      ("lease", update.lease.map { .int(Int64($0)) }), ("today", update.today.map(today)),
      ("sent", update.sent.map { .int($0) }), ("desk", desk.map { .int($0) }),
    ])
  }

  /// The payload of a call; one that is over is published as none.
  public static func encode(_ update: CallUpdate) -> [UInt8] {
    write([
      ("e", .int(update.stamp.epoch)), ("n", .int(Int64(update.stamp.sequence))),
      ("call", .int(Int64(update.status?.rawValue ?? 0))), ("since", update.since.map { .int($0) }),
      ("direction", update.direction.map { .string($0 == .out ? "out" : "in") }),
      ("number", update.number.map { .string($0.string) }),
      ("held", update.held.map { .int($0) }),
    ])
  }

  /// What the broker says for a connection that died: offline, and the last word of its epoch.
  public static func will(epoch: Int64, desk: Int64? = nil) -> [UInt8] {
    encode(
      SeatUpdate(stamp: Stamp(epoch: epoch, sequence: willSequence), seat: .offline), desk: desk)
  }

  private static func today(_ figures: DayFigures) -> JSONValue {
    var object = JSONObject()
    object["calls"] = .int(Int64(figures.calls))
    object["talk"] = .int(Int64(figures.talk))
    object["acw"] = .int(Int64(figures.afterCallWork))
    object["dials"] = figures.dials.map { .int(Int64($0)) }
    object["connected"] = figures.connected.map { .int(Int64($0)) }
    object["idle"] = figures.idle.map { .int(Int64($0)) }
    return .object(object)
  }

  static func write(_ members: [(String, JSONValue?)]) -> [UInt8] {
    var object = JSONObject([.init(name: "v", value: 1)])
    for (name, value) in members { object[name] = value }
    return JSONWriter.write(.object(object))
  }
}
