// The stories of seeds/, played as a line.

import CCCore
import CCLine
import Foundation
import Testing

@Suite("Seeds") @MainActor struct SeedTests {
  nonisolated static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "seeds")
  nonisolated static let stories =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".ndjson") }.sorted()
  /// The stories that are about what cannot be read.
  nonisolated static let broken: Set = [
    "garbage.ndjson", "shapes-of-call-unreadable.ndjson", "shapes-of-number.ndjson",
    "shapes-of-seat-unreadable.ndjson", "unknown-codes.ndjson",
  ]

  @Test("plays to its end, and only the broken ones hold what is counted", arguments: stories)
  func plays(_ story: String) throws {
    let line = try #require(ReplayLine(path: Self.folder.appending(path: story).path))
    var events = line.start(at: 0)
    while let due = line.deadline { events += line.ready(at: due) }
    #expect(events.count > 2)
    #expect(events.last == .died(reason: "the recording is over", retryIn: nil))
    let counted = events.filter { if case .anomaly = $0 { true } else { false } }
    #expect(counted.isEmpty != Self.broken.contains(story), "\(counted)")
  }

  @Test("there are stories") func any() { #expect(Self.stories.count > 20) }
}
