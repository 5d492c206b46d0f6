// The other direction: what a desk publishes.

import CCCore
import CCJSON

extension FloorCodec {
  /// The payload of a seat; `desk`: the Unix milliseconds at which the desk that says it was opened.
  ///
  /// Only what a reader takes is written: a status that no floor can read is 0, unknown, since a
  /// payload that is refused would leave the agent as she was.
  public static func encode(_ update: SeatUpdate, desk: Int64? = nil) -> [UInt8] {
    let code = Bounds.seat.contains(update.seat.code) ? update.seat.code : 0
    return write([
      ("e", time(update.stamp.epoch)), ("n", .int(Int64(update.stamp.sequence))),
      ("seat", .int(Int64(code))), ("since", update.since.map(time)),
      ("name", update.name.map { .string($0.string) }),
      ("lease", update.lease.map { number($0, Bounds.lease) }), ("today", update.today.map(today)),
      ("sent", update.sent.map(time)), ("desk", desk.map(time)),
    ])
  }

  /// The payload of a call; one that is over is published as none.
  public static func encode(_ update: CallUpdate) -> [UInt8] {
    write([
      ("e", time(update.stamp.epoch)), ("n", .int(Int64(update.stamp.sequence))),
      ("call", .int(Int64(update.status?.rawValue ?? 0))), ("since", update.since.map(time)),
      ("direction", update.direction.map { .string($0 == .out ? "out" : "in") }),
      ("number", update.number.map { .string($0.string) }),
      ("held", update.held.map(time)),
    ])
  }

  /// What the broker says for a connection that died: offline, and the last word of its epoch.
  public static func will(epoch: Int64, desk: Int64? = nil) -> [UInt8] {
    encode(
      SeatUpdate(stamp: Stamp(epoch: epoch, sequence: willSequence), seat: .offline), desk: desk)
  }

  private static func today(_ figures: DayFigures) -> JSONValue {
    var object = JSONObject()
    func figure(_ value: Int) -> JSONValue { number(value, Bounds.figure) }
    object["calls"] = figure(figures.calls)
    object["talk"] = figure(figures.talk)
    object["acw"] = figure(figures.afterCallWork)
    object["dials"] = figures.dials.map(figure)
    object["connected"] = figures.connected.map(figure)
    object["idle"] = figures.idle.map(figure)
    return .object(object)
  }

  /// A moment, or the nearest that a reader takes.
  static func time(_ unix: Int64) -> JSONValue { number(Int(unix), Bounds.time) }

  private static func number(_ value: Int, _ bounds: ClosedRange<Int>) -> JSONValue {
    .int(Int64(min(max(value, bounds.lowerBound), bounds.upperBound)))
  }

  static func write(_ members: [(String, JSONValue?)]) -> [UInt8] {
    var object = JSONObject([.init(name: "v", value: 1)])
    for (name, value) in members { object[name] = value }
    return JSONWriter.write(.object(object))
  }
}
