// Documents that are made from tables in the code.

import Foundation
import Testing

/// Compares what the code says with a file in `docs/`.
///
/// `make docs` (`CCTERM_UPDATE_GOLDENS=1`) writes the file instead; nobody edits it by hand.
public enum Document {
  /// Holds `text` against `docs/NAME`; the caller is two folders below the root, as all tests are.
  public static func check(
    _ name: String, _ text: String, file: String = #filePath,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let root = URL(fileURLWithPath: file).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let place = root.appendingPathComponent("docs/\(name)")
    if ProcessInfo.processInfo.environment["CCTERM_UPDATE_GOLDENS"] == "1" {
      try text.write(to: place, atomically: true, encoding: .utf8)
    }
    let written = try String(contentsOf: place, encoding: .utf8)
    #expect(
      written == text, "docs/\(name) is not what the code says; `make docs` writes it",
      sourceLocation: sourceLocation)
  }
}
