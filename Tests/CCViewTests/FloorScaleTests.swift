// A frame touches the rows in sight, however many there are.

import CCTestSupport
import Glibc
import Testing

@testable import CCCore
@testable import CCView

@Suite struct FloorScaleTests {
  private func stage(_ agents: Int) -> FloorStage {
    var stage = FloorStage()
    for index in 0..<agents {
      stage.seat(
        "t\(index % 9)/\(index)", Seat(code: 2 + index % 4), name: SafeText("Agent \(index)"))
    }
    return stage
  }

  /// The least processor time of many frames: what else runs on the machine does not count.
  private func frameTime(_ stage: FloorStage) -> Int64 {
    (0..<30).map { _ in
      let start = processorTime()
      _ = stage.frame(120, 40)
      return processorTime() - start
    }.min() ?? 0
  }

  private func processorTime() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  @Test func aFrameCostsTheSameForAHundredAndForTwentyThousand() {
    let (small, large) = (frameTime(stage(100)), frameTime(stage(20_000)))
    #expect(large < 3 * small, "\(large) ns against \(small) ns")
  }

  @Test func namesInManySizesStandInTheOrderOfTheirBytes() {
    var stage = FloorStage()
    let names = [
      "", "a", "ab", "aaaaaaa", "aaaaaaaa", "aaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaab",
      "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaac tail", "aaaaaaaaaaaaaaac", "é", "陈小明和他的朋友们", "陈小明和他的朋友",
      "Zoë", "zz",
    ]
    for (index, name) in names.shuffled(with: 7).enumerated() where !name.isEmpty {
      stage.seat("red/\(index)", .busy, name: SafeText(name))
    }
    stage.press("ss")
    #expect(stage.floor.sort == .name)
    let expected = names.filter { !$0.isEmpty }.sorted { one, two in
      one.utf8.lexicographicallyPrecedes(two.utf8)
    }
    #expect(stage.names == expected)
  }

  @Test func teamsStandTogetherHoweverLongTheirNames() {
    var stage = FloorStage()
    let teams = ["a", "support-north-1", "support-north-10", "support-north-2", "zebra"]
    let names = ["Ana", "Anastasia Konstantinidou", "Bo", "陈小明和他的朋友们"]
    let all = teams.flatMap { team in names.map { (team, $0) } }
    for (index, (team, name)) in all.shuffled(with: 3).enumerated() {
      stage.seat("\(team)/\(index)", .busy, name: SafeText(name))
    }
    stage.press("sss")
    #expect(stage.floor.sort == .team)
    let rows = stage.floor.rows(in: 0..<stage.floor.shownCount)
    #expect(rows.map(\.key.team) == all.map(\.0) && rows.map(\.name.string) == all.map(\.1))
  }
}

extension Array {
  fileprivate func shuffled(with seed: UInt64) -> [Element] {
    var random = Random(seed: seed)
    return shuffled(using: &random)
  }
}
