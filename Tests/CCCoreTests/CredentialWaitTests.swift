// Forty desks whose backend is away do not come back to it in step.

import Testing

@testable import CCCore

@Suite struct CredentialWaitTests {
  /// The waits of a desk whose source fails again and again, in seconds.
  private func waits(_ seed: UInt64?) -> [Double] {
    var desk = Script(.init(line: "test", account: "1", hasCredentialSource: true, seed: seed))
    desk.say(.line(.started))
    var waits: [Double] = []
    for _ in 0..<8 {
      let effects = desk.say(.credentialFailed("away", final: false))
      var wait: Int64 = 0
      for case .startTimer(.credential, let after) in effects { wait = after }
      waits.append(Double(wait) / 1e9)
      if case .down(_, _, let retryAt?) = desk.desk.link {
        #expect(
          retryAt.nanoseconds(since: desk.now) == wait, "what is shown is what is waited for")
      } else {
        Issue.record("\(desk.desk.link)")
      }
      desk.wait(waits.last ?? 0)
      #expect(desk.say(.timer(.credential)).contains(.fetchCredential))
    }
    return waits
  }

  @Test func chanceShortensAWaitByAQuarterAtMost() {
    let whole = [5.0, 10, 20, 40, 60, 60, 60, 60]
    #expect(waits(nil) == whole)
    var all: Set<[Double]> = []
    for seed in 0..<40 as Range<UInt64> {
      let found = waits(seed)
      #expect(zip(found, whole).allSatisfy { $0 >= $1 * 0.75 && $0 <= $1 }, "\(found)")
      #expect(found == waits(seed), "the same seed waits the same")
      all.insert(found)
    }
    #expect(all.count == 40)
  }
}
