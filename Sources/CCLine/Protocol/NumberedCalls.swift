// The ids of calls that a line writes as numbers: they go back to it as numbers.

import CCCore
import CCJSON

/// Remembers which ids of a line were numbers, since a line may compare `7` and `"7"` as two things.
struct NumberedCalls: Hashable, Sendable {
  /// How many are remembered; the oldest go.
  private static let most = 256
  private var ids: [String] = []

  /// Takes note of a line that gave these events.
  mutating func note(_ events: [LineEvent], of line: some Collection<UInt8>) {
    for event in events {
      guard let id = Self.call(of: event), Int64(id) != nil, !ids.contains(id),
        LineCodec.object(line).message?["call"]?.double != nil
      else { continue }
      ids.append(id)
      if ids.count > Self.most { ids.removeFirst() }
    }
  }

  /// A call's id as the line wrote it.
  func json(_ id: String) -> JSONValue {
    if ids.contains(id), let number = Int64(id) { .int(number) } else { .string(id) }
  }

  private static func call(of event: LineEvent) -> String? {
    switch event {
    case .call(let report): report.call
    case .callState(let call, _, _), .transfer(let call, _, _), .farHold(let call, _),
      .party(let call, _):
      call
    case .remark(let call, _, _): call
    default: nil
    }
  }
}
