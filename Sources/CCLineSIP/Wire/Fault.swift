// What is wrong with a message that cannot be read.

/// Why a message is not handed on, and what its sender is told (RFC 3261 sections 8.2, 16.3 and 18.3).
enum Fault: Hashable {
  /// Bytes that are no message.
  case noMessage
  /// Its first line is none.
  case startLine
  /// It is of another version.
  case version
  /// It never ended: another begins in it.
  case unfinished
  /// A header that must be there is not.
  case missing(MessageHead.Name)
  /// A header cannot be read.
  case unreadable(MessageHead.Name)
  /// Its Via has no branch, as before RFC 3261: its repetitions could not be told from new requests.
  case noBranch
  /// From has no tag, as before RFC 3261: its call could not be told from others.
  case noTag
  /// CSeq names another method than the first line.
  case otherMethod
  /// It is longer than anything that is read.
  case tooLarge
  /// Its body is shorter than it says.
  case tooShort
  /// A header that is not looked at here cannot be read.
  case somewhere
  /// An answer without a code.
  case noCode
  /// An answer to nothing that was asked, or from somebody else.
  case stray

  /// What its sender is told.
  var answer: (code: Int, reason: String) {
    switch self {
    case .version: (505, "Version Not Supported")
    case .tooLarge: (413, "Request Entity Too Large")
    default: (400, "Bad Request: \(words)")
    }
  }

  /// For the log, and behind `Bad Request`.
  var words: String {
    switch self {
    case .noMessage: "no SIP"
    case .startLine: "its first line cannot be read"
    case .version: "another version of SIP"
    case .unfinished: "it has no end"
    case .missing(let name): "no \(name.rawValue)"
    case .unreadable(let name): "its \(name.rawValue) cannot be read"
    case .noBranch: "no branch in its via"
    case .noTag: "no tag in its from"
    case .otherMethod: "its cseq names another method"
    case .tooLarge: "too long"
    case .tooShort: "shorter than it says"
    case .somewhere: "one of its headers cannot be read"
    case .noCode: "an answer without a code"
    case .stray: "an answer to nothing that was asked"
    }
  }
}
