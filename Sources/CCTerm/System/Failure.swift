// How a run of the program can end badly, and the exit code each gets.

/// Why the program ends without having done its work; each is one sentence for a person.
enum Failure: Error, Hashable {
  /// Exit 1: it was tried and did not work.
  case failed(String)
  /// Exit 2: what was asked for makes no sense.
  case usage(String)
  /// Exit 3: the terminal is gone; there is nobody to tell.
  case terminalLost

  var exitCode: Int32 {
    switch self {
    case .failed: 1
    case .usage: 2
    case .terminalLost: 3
    }
  }

  var sentence: String? {
    switch self {
    case .failed(let sentence), .usage(let sentence): sentence
    case .terminalLost: nil
    }
  }
}
