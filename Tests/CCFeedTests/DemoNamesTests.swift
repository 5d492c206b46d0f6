// The people of the demo floor and their numbers.

import CCCore
import Testing

@testable import CCFeed

@Suite struct DemoNamesTests {
  @Test func namesStandAsTheirPeopleWriteThem() {
    var random = SplitMix(seed: 3)
    var seen = Set<String>()
    for _ in 0..<4_000 { seen.insert(DemoNames.name(&random).string) }
    func all(with part: String, _ holds: (String) -> Bool) {
      let names = seen.filter { $0.contains(part) }
      #expect(!names.isEmpty && names.allSatisfy(holds), "\(part): \(names)")
    }
    for family in ["Wang", "Zhao", "Nguyễn", "Phạm"] {
      all(with: family) { $0.hasPrefix(family + " ") }
    }
    for family in ["Ruiz", "Müller", "Петренко", "Παππά", "शर्मा", "Okafor", "Öberg"] {
      all(with: family) { $0.hasSuffix(" " + family) }
    }
    for family in ["陈", "欧阳", "佐藤", "김"] {
      all(with: family) { $0.hasPrefix(family) && !$0.contains(" ") }
    }
    // The first and the last of a list are people too.
    for part in ["Ana", "Zoë", "Åsa", "Li ", "Xu ", "さくら", "민준", "मीना", "伟", "Thảo"] {
      all(with: part) { _ in true }
    }
  }

  @Test func numbersAreOfEveryKind() {
    var random = SplitMix(seed: 3)
    var kinds: [String: Int] = [:]
    for _ in 0..<2_000 {
      guard let number = DemoNames.number(&random)?.string else {
        kinds["none", default: 0] += 1
        continue
      }
      let (start, length) =
        [("+3461", 12), ("132", 11), ("00", 7)].first { number.hasPrefix($0.0) } ?? ("", 0)
      #expect(
        number.utf8.count == length && number.dropFirst().allSatisfy(\.isWholeNumber), "\(number)")
      kinds[start, default: 0] += 1
    }
    for (kind, share) in [("none", 400), ("+3461", 400), ("00", 200), ("132", 1_000)] {
      #expect(abs((kinds[kind] ?? 0) - share) < 90, "\(kind): \(kinds[kind] ?? 0) of 2000")
    }
  }
}
