// What the causes of the telephone network mean for a call that was dialled here.

import CCCore

/// A cause of ITU-T Q.850 (table 1), as a `Reason` header carries it (RFC 3326).
///
/// Which status each becomes on the way to SIP, and so how final it is, stands in RFC 3398 section
/// 7.2.4.1; who gave it, the user or the network, in RFC 8606.
struct ReleaseCause: Hashable {
  /// Who or what ended the call.
  enum Meaning: Hashable {
    /// Whoever was called did not want it, or is busy.
    case refused
    /// Nobody came to answer.
    case nobodyCame
    /// The number is wrong: another try gives the same.
    case wrongNumber
    /// The account or the network may not.
    case notAllowed
    /// The network could not: another try may succeed.
    case networkFailed
    /// The call was cleared, and by whom is not said.
    case cleared
  }

  /// The number.
  var cause: Int
  /// What it means.
  var meaning: Meaning
  /// In words.
  var words: SafeText

  /// The cause of a number; nil if Q.850 has none, or one that says nothing of a dial.
  init?(_ cause: Int) {
    guard let (meaning, words) = Self.table[cause] else { return nil }
    self.cause = cause
    self.meaning = meaning
    self.words = words
  }

  /// The outcome of a dial that ended with it: only who was asked can refuse.
  var kind: EndKind {
    switch meaning {
    case .refused, .wrongNumber, .notAllowed: .rejected
    case .nobodyCame, .networkFailed, .cleared: .unanswered
    }
  }

  /// The words with what is worth doing next, where that is not plain.
  var advice: SafeText {
    switch meaning {
    case .networkFailed: SafeText("\(words); another try may succeed")
    case .refused, .nobodyCame, .wrongNumber, .notAllowed, .cleared: words
    }
  }

  private static let table: [Int: (Meaning, SafeText)] = [
    1: (.wrongNumber, "the number does not exist"),
    2: (.wrongNumber, "no way to that network"),
    3: (.wrongNumber, "no way to that number"),
    4: (.wrongNumber, "the number does not exist"),
    5: (.wrongNumber, "wrong trunk prefix"),
    6: (.networkFailed, "the channel was not acceptable"),
    8: (.cleared, "cut off for another call"),
    14: (.wrongNumber, "the number was moved to another network"),
    16: (.cleared, "ended before an answer"),
    17: (.refused, "busy here"),
    18: (.nobodyCame, "their telephone does not respond"),
    19: (.nobodyCame, "nobody answered"),
    20: (.nobodyCame, "their telephone is switched off or out of reach"),
    21: (.refused, "declined"),
    22: (.wrongNumber, "the number has changed"),
    23: (.wrongNumber, "the number has moved"),
    24: (.notAllowed, "refused by a feature of theirs"),
    25: (.networkFailed, "the call ran in a circle"),
    26: (.cleared, "answered at another telephone"),
    27: (.networkFailed, "their line is out of order"),
    28: (.wrongNumber, "number incomplete"),
    29: (.notAllowed, "the feature was refused"),
    31: (.cleared, "ended before an answer"),
    34: (.networkFailed, "no line is free"),
    38: (.networkFailed, "the network is out of order"),
    41: (.networkFailed, "the network failed for a moment"),
    42: (.networkFailed, "the network is overloaded"),
    43: (.networkFailed, "the network lost what was told it"),
    44: (.networkFailed, "no line is free"),
    46: (.networkFailed, "no line is free for this call"),
    47: (.networkFailed, "no line is free"),
    49: (.networkFailed, "the network cannot give the quality"),
    50: (.notAllowed, "the feature is not subscribed to"),
    53: (.notAllowed, "calls out of their group are barred"),
    55: (.notAllowed, "calls into their group are barred"),
    57: (.notAllowed, "this kind of call is not allowed"),
    58: (.networkFailed, "this kind of call is not possible now"),
    63: (.networkFailed, "the service is not there"),
    65: (.notAllowed, "this kind of call is not supported"),
    69: (.notAllowed, "the feature is not supported"),
    70: (.notAllowed, "only data calls are possible there"),
    79: (.notAllowed, "the service is not supported"),
    87: (.notAllowed, "the number belongs to a closed group"),
    88: (.networkFailed, "no common sound"),
    97: (.networkFailed, "the network did not understand"),
    102: (.networkFailed, "the network gave up waiting"),
    111: (.networkFailed, "the network made a mistake"),
    127: (.cleared, "ended before an answer"),
  ]

  /// Whether it says no more than that the call is over: then a status that says more counts.
  var isVague: Bool { meaning == .cleared }
}
