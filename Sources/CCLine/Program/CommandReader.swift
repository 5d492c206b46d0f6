// A line program's ear: bytes from the desk to commands.

import CCCore
import CCJSON

/// Makes commands of what a desk writes, within bounds; for line programs in Swift.
public struct CommandReader {
  /// What it finds.
  public enum Input {
    /// A command, with its whole object: `register` carries `config`.
    case command(LineCommand, JSONValue)
    /// No command; why, for the log, and the id that a failed `result` would carry.
    case unreadable(id: Int?, SafeText)
  }

  private var lines = LineSplitter()

  /// A reader that has heard nothing yet.
  public init() {}

  /// Takes bytes; calls back for each command that they complete.
  public mutating func feed(_ bytes: UnsafeRawBufferPointer, _ take: (Input) -> Void) {
    lines.feed(bytes) { piece in
      switch piece {
      case .tooLong:
        take(.unreadable(id: nil, "a command of more than 64 KiB was ignored"))
      case .line(let line):
        if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return }
        switch LineCodec.decodeCommand(line) {
        case .success(let (command, object)): take(.command(command, object))
        case .failure(let error):
          take(.unreadable(id: error.id, SafeText("a command was ignored: \(error.sentence)")))
        }
      }
    }
  }
}
