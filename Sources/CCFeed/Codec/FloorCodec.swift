// The payloads of the floor, read within bounds and written as they are read.

import CCCore
import CCJSON

/// The JSON of a seat, a call and a will (design section 6).
///
/// Pure. Unknown members are ignored; what is there must be of its kind and within its bounds, or the
/// whole payload is refused: half a state is no state.
public enum FloorCodec {
  /// Why a payload was refused.
  public enum Refusal: Error, Hashable, Sendable {
    /// No topic of the contract.
    case foreignTopic
    /// Longer than `limit` bytes.
    case tooLong
    /// No JSON, or no object.
    case badJSON
    /// Of another version of the contract.
    case wrongVersion
    /// A member is missing, of the wrong kind or out of bounds.
    case badMember(String)

    /// What the floor counts it as.
    public var anomaly: FloorAnomaly {
      switch self {
      case .foreignTopic: .foreignTopic
      case .tooLong, .badJSON, .badMember: .badPayload
      case .wrongVersion: .wrongVersion
      }
    }
  }

  /// What the members of a payload may be: the one table of its readers and its writer.
  enum Bounds {
    /// The code of a status.
    static let seat = 0...9_999
    /// The code of a status that is asked for.
    static let wantedSeat = 1...9_999
    /// Seconds for which a state holds.
    static let lease = 5...86_400
    /// Calls, dials and seconds of a day.
    static let figure = 0...10_000_000
    /// Unix milliseconds, up to where every reader's numbers are still exact.
    static let time = 0...1 << 53
  }

  /// The most bytes of a payload.
  public static let limit = 4096
  /// The sequence of a will: the highest there is, so that nothing of its connection comes after it.
  public static let willSequence = UInt32.max

  /// Reads a message of the bus; `retained`: the broker kept it.
  ///
  /// - Throws: `Refusal`.
  public static func decode(
    topic: some StringProtocol, payload: some Collection<UInt8>, retained: Bool
  ) throws(Refusal) -> FloorEvent {
    guard let topic = FloorTopic(topic) else { throw .foreignTopic }
    let members = try members(payload)
    switch topic.kind {
    case .seat: return .seat(topic.key, try seat(members), retained: retained)
    case .call: return .call(topic.key, try call(members), retained: retained)
    }
  }

  /// The same for who only wants to be told: what cannot be read becomes an anomaly.
  public static func event(
    topic: some StringProtocol, payload: some Collection<UInt8>, retained: Bool
  ) -> FloorEvent {
    do throws(Refusal) {
      return try decode(topic: topic, payload: payload, retained: retained)
    } catch { return .anomaly(error.anomaly) }
  }

  /// Who made a seat, and when: its stamp, and the opening of its desk if it names that.
  static func origin(_ payload: some Collection<UInt8>) -> (stamp: Stamp, desk: Int64?)? {
    do throws(Refusal) {
      let members = try members(payload)
      return (try members.stamp(), try members.time("desk"))
    } catch { return nil }
  }

  /// The same, of bytes that are borrowed: what desks write is read without a tree.
  static func event(
    topic: UnsafeRawBufferPointer, payload: UnsafeRawBufferPointer, retained: Bool
  ) -> FloorEvent {
    guard let known = FloorTopic(bytes: topic) else { return .anomaly(.foreignTopic) }
    if let event = FloorScan.event(known.kind, known.key, payload, retained: retained) {
      return event
    }
    return event(topic: known.description, payload: payload, retained: retained)
  }

  static func members(_ payload: some Collection<UInt8>) throws(Refusal) -> Members {
    guard payload.count <= limit else { throw .tooLong }
    let limits = JSONReader.Limits(bytes: limit, depth: 4)
    // A name in another encoding hides no agent: her key is in the topic.
    guard case .object(let object)? = try? JSONReader.readRepairing(payload, limits: limits).value
    else {
      throw .badJSON
    }
    let members = Members(object: object)
    guard try members.int("v", in: 0...1_000_000) == 1 else { throw .wrongVersion }
    return members
  }

  private static func seat(_ members: Members) throws(Refusal) -> SeatUpdate {
    guard let code = try members.int("seat", in: Bounds.seat) else { throw .badMember("seat") }
    return SeatUpdate(
      stamp: try members.stamp(), seat: Seat(code: code), since: try members.time("since"),
      name: try members.text("name", limit: 64), lease: try members.int("lease", in: Bounds.lease),
      today: try members.today(), sent: try members.time("sent"))
  }

  private static func call(_ members: Members) throws(Refusal) -> CallUpdate {
    guard let code = try members.int("call", in: 0...5) else { throw .badMember("call") }
    let direction: Direction? =
      switch try members.text("direction", limit: 8)?.string {
      case nil: nil
      case "in": .in
      case "out": .out
      default: throw .badMember("direction")
      }
    return CallUpdate(
      stamp: try members.stamp(), status: CallReport.Status(rawValue: code),
      since: try members.time("since"), direction: direction,
      number: try members.text("number", limit: 40), held: try members.time("held"))
  }
}

/// The members of a payload, each asked for with its bounds.
struct Members {
  let object: JSONObject

  func int(_ name: String, in bounds: ClosedRange<Int>) throws(FloorCodec.Refusal) -> Int? {
    guard let value = object[name], value != .null else { return nil }
    guard let int = value.int, bounds.contains(int) else { throw .badMember(name) }
    return int
  }

  /// Unix milliseconds, up to where every reader's numbers are still exact.
  func time(_ name: String) throws(FloorCodec.Refusal) -> Int64? {
    try int(name, in: FloorCodec.Bounds.time).map(Int64.init)
  }

  func text(_ name: String, limit: Int) throws(FloorCodec.Refusal) -> SafeText? {
    guard let value = object[name], value != .null else { return nil }
    guard let text = value.string else { throw .badMember(name) }
    return SafeText(text, limit: limit)
  }

  func stamp() throws(FloorCodec.Refusal) -> Stamp {
    guard let epoch = try time("e") else { throw .badMember("e") }
    guard let number = try int("n", in: 0...Int(UInt32.max)) else { throw .badMember("n") }
    return Stamp(epoch: epoch, sequence: UInt32(number))
  }

  func today() throws(FloorCodec.Refusal) -> DayFigures? {
    guard let value = object["today"], value != .null else { return nil }
    guard let object = value.object else { throw .badMember("today") }
    let figures = Members(object: object)
    let bounds = FloorCodec.Bounds.figure
    return DayFigures(
      calls: try figures.int("calls", in: bounds) ?? 0,
      talk: try figures.int("talk", in: bounds) ?? 0,
      afterCallWork: try figures.int("acw", in: bounds) ?? 0,
      dials: try figures.int("dials", in: bounds),
      connected: try figures.int("connected", in: bounds),
      idle: try figures.int("idle", in: bounds))
  }
}
