// Causes that one telephone system has and no standard: FreeSWITCH names them in capitals.

import CCCore

/// What FreeSWITCH names in the text of a `Reason`, beside a number of its own above 127 (`switch_types.h`,
/// written by mod_sofia): `SIP;cause=487;text="ORIGINATOR_CANCEL"`, and in place of `SIP` the name of the
/// profile.
///
/// The names of what Q.850 has (`NO_ANSWER` with 19) are not here: the number says it.
struct SystemCause: Hashable {
  private let name: String

  /// The cause that a value names; nil if it names none of these.
  init?(_ value: ReasonHeader) {
    guard value.q850 == nil, Self.names.contains(value.text) else { return nil }
    name = value.text
  }

  private static let names: Set<String> = [
    "ORIGINATOR_CANCEL", "LOSE_RACE", "PICKED_OFF", "ALLOTTED_TIMEOUT", "PROGRESS_TIMEOUT",
    "NO_PICKUP", "MEDIA_TIMEOUT", "USER_NOT_REGISTERED", "INVALID_GATEWAY", "GATEWAY_DOWN",
    "INVALID_URL", "INVALID_PROFILE", "SYSTEM_SHUTDOWN", "CRASH", "MANAGER_REQUEST",
    "SRTP_READ_ERROR",
  ]

  /// How a call that rings here is stopped by it; nil: it says nothing of that.
  var ofRinging: EndKind? {
    switch name {
    case "ORIGINATOR_CANCEL": .callerGaveUp
    case "LOSE_RACE", "PICKED_OFF": .answeredElsewhere
    case "ALLOTTED_TIMEOUT", "PROGRESS_TIMEOUT", "NO_PICKUP": .rangOut
    default: nil
    }
  }

  /// What it means for a dial; nil: nothing.
  var ofDial: (words: SafeText, kind: EndKind)? {
    switch name {
    case "ALLOTTED_TIMEOUT", "PROGRESS_TIMEOUT", "NO_PICKUP": ("nobody answered", .unanswered)
    case "USER_NOT_REGISTERED": ("their telephone is not signed in", .unanswered)
    case "INVALID_GATEWAY", "GATEWAY_DOWN": ("the way to the network is down", .unanswered)
    case "INVALID_URL", "INVALID_PROFILE": ("no way to that number", .rejected)
    default: ofTalk.map { ($0, .unanswered) }
    }
  }

  /// Why it ends a call that talks; nil: as any hang-up.
  var ofTalk: SafeText? {
    switch name {
    case "MEDIA_TIMEOUT": "the telephone system heard no sound and ended it"
    case "ALLOTTED_TIMEOUT": "the time allowed for the call is over"
    case "SYSTEM_SHUTDOWN", "CRASH": "the telephone system went down"
    case "MANAGER_REQUEST": "ended by the telephone system"
    case "SRTP_READ_ERROR": "the telephone system could not decrypt the sound and ended it"
    default: nil
    }
  }
}
