// How calls are taken, refused and dialled: the part of the settings that is about calls.

import CCCore
import CCJSON

/// The rules of the house for calls.
struct CallRules: Hashable {
  /// How keys are sent in a call.
  enum Tones: String, Hashable {
    /// In the sound, as events (RFC 4733).
    case events = "rfc4733"
    /// As INFO requests, for far ends that want them so.
    case info
  }

  /// What a refused caller hears.
  enum Refusal: String, Hashable {
    case busy, decline

    /// Its status code.
    var code: Int { self == .busy ? 486 : 603 }
  }

  /// Whether a second call may ring while one is up; else its caller hears busy.
  var callWaiting = false
  var refusal = Refusal.busy
  var tones = Tones.events
  /// After so many seconds of ringing a call is taken by itself; 0: never.
  var autoAnswer = 0
  /// Whether a call is taken by itself where the telephone system asks for it.
  var answersWhenAsked = false
  /// Whether a far end's REFER is followed, and an INVITE may replace a call of ours.
  var followTransfers = false
  /// Whether calls ring in break and post-call too.
  var ringAnyway = false
  var seat = SeatOrders()
  var dialPlan = DialPlan()

  /// The usual ones.
  init() {}

  /// Reads them.
  init(_ reader: SettingsReader) throws(Settings.Unusable) {
    callWaiting = try reader.flag("callWaiting")
    refusal = try reader.choice("reject", .busy)
    tones = try reader.choice("dtmf", .events)
    autoAnswer = try reader.seconds("autoAnswerSeconds", default: 0, in: 0...60)
    answersWhenAsked = try reader.flag("answerWhenAsked")
    followTransfers = try reader.flag("followTransfers")
    ringAnyway = try reader.flag("ringAnyway")
    seat = try SeatOrders(reader)
    dialPlan = try DialPlan(
      rules: try reader.text("dialPlan") ?? "",
      emergency: try reader.text("emergency") ?? DialPlan.usualEmergency,
      country: try reader.text("country").flatMap { Country($0) })
  }
}
