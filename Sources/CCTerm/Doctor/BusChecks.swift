// The floor's broker.

import CCFeed

/// Looks whether a configured broker is there.
@MainActor enum BusChecks {
  static func findings(_ configuration: Configuration) -> [Finding] {
    guard let url = configuration.text("bus.url") else { return [] }
    do throws(BusAddress.Refusal) {
      let address = try BusAddress(url)
      return address.hosts.map { host in
        let answer = Reach.tcp(host.name, host.port)
        let words = "\(host): \(answer.words)"
        if case .answers = answer { return .ok("broker", words) }
        return .warning(
          "broker", words, mend: "the desk works without it; see bus.url and the broker")
      }
    } catch {
      return [.missing("broker", error.sentence, mend: "mend bus.url")]
    }
  }
}
