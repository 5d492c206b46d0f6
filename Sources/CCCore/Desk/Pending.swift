// The commands that the line has not answered yet: what was asked is shown as asked until it is.

/// What the agent has asked of a call and the line has not answered yet.
public struct Asked: Hashable, Sendable {
  /// To hold it (true) or to resume it (false).
  public internal(set) var hold: Bool?
  /// To shut (true) or to open (false) the microphone.
  public internal(set) var mute: Bool?
  /// To take it.
  public internal(set) var answer = false
  /// To end, cancel or reject it.
  public internal(set) var end = false
}

extension Desk {
  /// A command that waits for its `result`.
  struct Pending: Hashable, Sendable {
    var id: Int
    var purpose: Purpose
    /// Whether the line has spoken of it since: its `ok` is older than that word then.
    var isOvertaken = false
  }

  /// What a command was for.
  enum Purpose: Hashable, Sendable {
    case register
    case dial(attempt: Int)
    case seat(Seat)
    case hold(Call.ID, Bool)
    case mute(Call.ID, Bool)
    case answer(Call.ID)
    case hangUp(Call.ID)
    case reject(Call.ID)
    case blindTransfer(Call.ID)
    case consult(Call.ID)
    case join(Call.ID)
    case tones
    /// Tones that were dialled with the number of this call.
    case kept(Call.ID, String)

    /// The call that it holds or resumes.
    var holds: Call.ID? { if case .hold(let id, _) = self { id } else { nil } }

    /// The call whose microphone it shuts or opens.
    var mutes: Call.ID? { if case .mute(let id, _) = self { id } else { nil } }

    /// The call that it takes, changes or ends, and nothing else.
    var changes: Call.ID? {
      switch self {
      case .hold(let id, _), .mute(let id, _), .answer(let id), .hangUp(let id), .reject(let id),
        .kept(let id, _):
        id
      case .register, .dial, .seat, .blindTransfer, .consult, .join, .tones: nil
      }
    }

    /// Whether it asks for hold or mute, and not for their end.
    var turnsOn: Bool? {
      switch self {
      case .hold(_, let on), .mute(_, let on): on
      default: nil
      }
    }
  }

  /// A new command's id, with its purpose noted.
  mutating func command(_ purpose: Purpose) -> Int {
    let id = memory.nextCommand
    memory.nextCommand += 1
    if memory.pending.count >= Limits.pendingCommands { memory.pending.removeFirst() }
    memory.pending.append(Pending(id: id, purpose: purpose))
    return id
  }

  /// What has been asked of this call and not been answered.
  public func asked(of id: Call.ID) -> Asked {
    var asked = Asked()
    for pending in memory.pending where !pending.isOvertaken {
      switch pending.purpose {
      case .hold(id, let on): asked.hold = on
      case .mute(id, let on): asked.mute = on
      case .answer(id): asked.answer = true
      default: break
      }
    }
    let call = call(id)
    if call?.isRingingHere != true { asked.answer = false }
    asked.end = call?.endAskedBy != nil
    return asked
  }

  /// The line says how a call stands: what was asked before that is answered with it.
  ///
  /// A word that is what the oldest command asked for answers that one; any other word is newer than
  /// all of them, and their `ok` changes nothing any more.
  mutating func overtake(by on: Bool, _ matches: (Purpose) -> Bool?) {
    let waiting = memory.pending.indices.filter {
      !memory.pending[$0].isOvertaken && matches(memory.pending[$0].purpose) != nil
    }
    guard let oldest = waiting.first else { return }
    let answered =
      matches(memory.pending[oldest].purpose) == on ? waiting.prefix(1) : waiting[...]
    for index in answered { memory.pending[index].isOvertaken = true }
  }
}
