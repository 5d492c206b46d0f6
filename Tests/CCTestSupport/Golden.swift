// Golden files: what was once looked at and found right.

import Foundation
import Testing

/// Compares texts with the golden files beside the tests.
///
/// With `CCTERM_UPDATE_GOLDENS=1` in the environment the files are written instead; look at the
/// difference before committing it, and never edit one by hand.
public enum Golden {
  /// Holds `text` against `Goldens/NAME.golden` in the folder of the test that calls.
  public static func check(
    _ name: String, _ text: some CustomStringConvertible, file: String = #filePath,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
      .appendingPathComponent("Goldens")
    let place = folder.appendingPathComponent(name + ".golden")
    let actual = text.description
    if ProcessInfo.processInfo.environment["CCTERM_UPDATE_GOLDENS"] == "1" {
      do {
        try FileManager.default.createDirectory(
          at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try actual.write(to: place, atomically: true, encoding: .utf8)
      } catch {
        Issue.record("\(place.lastPathComponent): \(error)", sourceLocation: sourceLocation)
      }
      return
    }
    guard let expected = try? String(contentsOf: place, encoding: .utf8) else {
      Issue.record(
        "There is no Goldens/\(name).golden; CCTERM_UPDATE_GOLDENS=1 writes it. Now:\n\(actual)",
        sourceLocation: sourceLocation)
      return
    }
    guard actual != expected else { return }
    Issue.record(
      "Goldens/\(name).golden differs.\n\(difference(expected, actual))",
      sourceLocation: sourceLocation)
  }

  private static func difference(_ expected: String, _ actual: String) -> String {
    let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let new = actual.split(separator: "\n", omittingEmptySubsequences: false)
    var lines = [String]()
    for index in 0..<max(old.count, new.count) {
      let before = index < old.count ? old[index] : nil
      let after = index < new.count ? new[index] : nil
      guard before != after else { continue }
      if let before { lines.append("\(index) was |\(before)|") }
      if let after { lines.append("\(index) now |\(after)|") }
    }
    return lines.joined(separator: "\n")
  }
}
