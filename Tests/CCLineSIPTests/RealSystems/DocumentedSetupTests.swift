// The configurations that the documents show are those that the tests run.

import CCTestSupport
import Foundation
import Testing

@Suite struct DocumentedSetupTests {
  @Test(arguments: RealSystem.allCases)
  func everyFileStandsInTheDocument(_ system: RealSystem) throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let document = try String(
      contentsOf: root.appending(path: "docs/sip.md"), encoding: .utf8)
    for name in system.documentedFiles {
      let text = try system.documented(name)
      #expect(document.contains("\n\(text)```\n"), "docs/sip.md shows another \(name)")
    }
  }
}
