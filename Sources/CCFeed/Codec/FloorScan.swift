// The usual payloads, read byte by byte: no tree, no allocation but for the texts.

import CCCore

/// Reads what desks write; whatever is unusual (escapes, other letters than ASCII, nesting, numbers out
/// of bounds, a member twice, too long a payload) it leaves to `FloorCodec`, which alone says what is
/// wrong with it.
///
/// At 20,000 messages a second the tree of a general reader would cost more than everything else.
struct FloorScan {
  private var seen: UInt32 = 0
  private var epoch: Int64 = 0
  private var sequence: Int64 = 0
  private var code: Int64 = 0
  private var since: Int64 = 0
  private var lease: Int64 = 0
  private var sent: Int64 = 0
  private var held: Int64 = 0
  private var name: SafeText = ""
  private var number: SafeText = ""
  private var direction = Direction.out
  private var today = DayFigures()

  /// The update of a payload, as `FloorCodec` would read it; nil: ask that.
  static func event(
    _ kind: FloorTopic.Kind, _ key: AgentKey, _ payload: UnsafeRawBufferPointer, retained: Bool
  ) -> FloorEvent? {
    guard payload.count <= FloorCodec.limit else { return nil }
    var scan = FloorScan()
    var cursor = Cursor(bytes: payload)
    guard scan.read(&cursor, kind), cursor.isAtEnd, scan.has(Member.version),
      scan.has(Member.epoch), scan.has(Member.sequence), scan.has(Member.code)
    else { return nil }
    let stamp = Stamp(epoch: scan.epoch, sequence: UInt32(truncatingIfNeeded: scan.sequence))
    let since = scan.has(Member.since) ? scan.since : nil
    switch kind {
    case .seat:
      let update = SeatUpdate(
        stamp: stamp, seat: Seat(code: Int(scan.code)), since: since,
        name: scan.has(Member.name) ? scan.name : nil,
        lease: scan.has(Member.lease) ? Int(scan.lease) : nil,
        today: scan.has(Member.today) ? scan.today : nil,
        sent: scan.has(Member.sent) ? scan.sent : nil)
      return .seat(key, update, retained: retained)
    case .call:
      let update = CallUpdate(
        stamp: stamp, status: CallReport.Status(rawValue: Int(scan.code)), since: since,
        direction: scan.has(Member.direction) ? scan.direction : nil,
        number: scan.has(Member.number) ? scan.number : nil,
        held: scan.has(Member.held) ? scan.held : nil)
      return .call(key, update, retained: retained)
    }
  }

  /// A member's place among those seen.
  private enum Member {
    static let version: UInt32 = 1
    static let epoch: UInt32 = 2
    static let sequence: UInt32 = 4
    static let code: UInt32 = 8
    static let since: UInt32 = 16
    static let name: UInt32 = 32
    static let lease: UInt32 = 64
    static let today: UInt32 = 128
    static let sent: UInt32 = 256
    static let direction: UInt32 = 512
    static let number: UInt32 = 1024
    static let desk: UInt32 = 2048
    static let held: UInt32 = 4096
  }

  private func has(_ member: UInt32) -> Bool { seen & member != 0 }

  private mutating func read(_ cursor: inout Cursor, _ kind: FloorTopic.Kind) -> Bool {
    guard cursor.take(UInt8(ascii: "{")) else { return false }
    repeat {
      guard let name = cursor.text(), cursor.take(UInt8(ascii: ":")),
        member(name, &cursor, isSeat: kind == .seat)
      else { return false }
    } while cursor.take(UInt8(ascii: ","))
    return cursor.take(UInt8(ascii: "}"))
  }

  private mutating func member(
    _ name: UnsafeRawBufferPointer, _ cursor: inout Cursor, isSeat: Bool
  ) -> Bool {
    let time: ClosedRange<Int64> = 0...1 << 53
    let isNew: Bool
    let isRead: Bool
    switch Key(name) {
    case .v: (isNew, isRead) = (mark(Member.version), cursor.int(in: 1...1) != nil)
    case .e: (isNew, isRead) = (mark(Member.epoch), cursor.int(in: time, &epoch))
    case .n:
      (isNew, isRead) = (mark(Member.sequence), cursor.int(in: 0...Int64(UInt32.max), &sequence))
    case .seat where isSeat: (isNew, isRead) = (mark(Member.code), cursor.int(in: 0...9_999, &code))
    case .call where !isSeat: (isNew, isRead) = (mark(Member.code), cursor.int(in: 0...5, &code))
    case .since: (isNew, isRead) = (mark(Member.since), cursor.int(in: time, &since))
    case .lease where isSeat:
      (isNew, isRead) = (mark(Member.lease), cursor.int(in: 5...86_400, &lease))
    case .sent where isSeat: (isNew, isRead) = (mark(Member.sent), cursor.int(in: time, &sent))
    case .desk where isSeat: (isNew, isRead) = (mark(Member.desk), cursor.int(in: time) != nil)
    case .held where !isSeat: (isNew, isRead) = (mark(Member.held), cursor.int(in: time, &held))
    case .name where isSeat: (isNew, isRead) = (mark(Member.name), cursor.safeText(64, &self.name))
    case .number where !isSeat:
      (isNew, isRead) = (mark(Member.number), cursor.safeText(40, &number))
    case .today where isSeat: (isNew, isRead) = (mark(Member.today), cursor.today(&today))
    case .direction where !isSeat:
      (isNew, isRead) = (mark(Member.direction), cursor.direction(&direction))
    default: return false
    }
    return isNew && isRead
  }

  private mutating func mark(_ member: UInt32) -> Bool {
    defer { seen |= member }
    return !has(member)
  }
}

/// The members that desks write.
private enum Key {
  case v, e, n, seat, call, since, lease, sent, held, desk, name, number, today, direction, other

  init(_ name: UnsafeRawBufferPointer) {
    func says(_ word: StaticString) -> Bool {
      word.utf8CodeUnitCount == name.count
        && name.elementsEqual(
          UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }
    switch (name.first, name.count) {
    case (UInt8(ascii: "v"), 1): self = .v
    case (UInt8(ascii: "e"), 1): self = .e
    case (UInt8(ascii: "n"), 1): self = .n
    case (UInt8(ascii: "n"), 4): self = says("name") ? .name : .other
    case (UInt8(ascii: "n"), 6): self = says("number") ? .number : .other
    case (UInt8(ascii: "s"), 4): self = says("seat") ? .seat : says("sent") ? .sent : .other
    case (UInt8(ascii: "s"), 5): self = says("since") ? .since : .other
    case (UInt8(ascii: "c"), 4): self = says("call") ? .call : .other
    case (UInt8(ascii: "h"), 4): self = says("held") ? .held : .other
    case (UInt8(ascii: "l"), 5): self = says("lease") ? .lease : .other
    case (UInt8(ascii: "t"), 5): self = says("today") ? .today : .other
    case (UInt8(ascii: "d"), 4): self = says("desk") ? .desk : .other
    case (UInt8(ascii: "d"), 9): self = says("direction") ? .direction : .other
    default: self = .other
    }
  }
}

/// A place in a payload.
private struct Cursor {
  let bytes: UnsafeRawBufferPointer
  var at = 0

  init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { at == bytes.count }

  mutating func take(_ byte: UInt8) -> Bool {
    guard at < bytes.count, bytes[at] == byte else { return false }
    at += 1
    return true
  }

  /// A text of printable ASCII without an escape.
  mutating func text() -> UnsafeRawBufferPointer? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    let start = at
    while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
      guard (0x20...0x7E).contains(bytes[at]), bytes[at] != UInt8(ascii: "\\") else { return nil }
      at += 1
    }
    let end = at
    return take(UInt8(ascii: "\"")) ? UnsafeRawBufferPointer(rebasing: bytes[start..<end]) : nil
  }

  mutating func safeText(_ limit: Int, _ place: inout SafeText) -> Bool {
    guard let text = text(), text.count <= limit else { return false }
    place = SafeText(String(decoding: text, as: UTF8.self), limit: limit)
    return true
  }

  mutating func int(in bounds: ClosedRange<Int64>, _ place: inout Int64) -> Bool {
    guard let value = int(in: bounds) else { return false }
    place = value
    return true
  }

  /// A whole number without a sign, an exponent or a zero in front.
  mutating func int(in bounds: ClosedRange<Int64>) -> Int64? {
    let start = at
    var value: Int64 = 0
    while at < bytes.count, (0x30...0x39).contains(bytes[at]), at - start < 17 {
      value = value * 10 + Int64(bytes[at] - 0x30)
      at += 1
    }
    guard at > start, at - start == 1 || bytes[start] != 0x30, bounds.contains(value),
      at < bytes.count, bytes[at] == UInt8(ascii: ",") || bytes[at] == UInt8(ascii: "}")
    else { return nil }
    return value
  }

  mutating func direction(_ place: inout Direction) -> Bool {
    guard let text = text() else { return false }
    place = text.elementsEqual("out".utf8) ? .out : .in
    return place == .out || text.elementsEqual("in".utf8)
  }

  /// `{"calls":14,"talk":3120,"acw":420,"dials":20,"connected":15,"idle":900}`; of one that is there twice
  /// the last counts, as for the general reader.
  mutating func today(_ place: inout DayFigures) -> Bool {
    guard take(UInt8(ascii: "{")) else { return false }
    var figures = DayFigures()
    repeat {
      guard let name = text(), take(UInt8(ascii: ":")), let value = int(in: 0...10_000_000) else {
        return false
      }
      switch name.count {
      case 5 where name.elementsEqual("calls".utf8): figures.calls = Int(value)
      case 4 where name.elementsEqual("talk".utf8): figures.talk = Int(value)
      case 3 where name.elementsEqual("acw".utf8): figures.afterCallWork = Int(value)
      case 5 where name.elementsEqual("dials".utf8): figures.dials = Int(value)
      case 9 where name.elementsEqual("connected".utf8): figures.connected = Int(value)
      case 4 where name.elementsEqual("idle".utf8): figures.idle = Int(value)
      default: return false
      }
    } while take(UInt8(ascii: ","))
    place = figures
    return take(UInt8(ascii: "}"))
  }
}
