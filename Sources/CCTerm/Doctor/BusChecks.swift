// The floor's broker.

import CCCore
import CCFeed
import Glibc

/// Looks whether a configured broker is there, and is one.
@MainActor enum BusChecks {
  static func findings(_ configuration: Configuration) -> [Finding] {
    guard let url = configuration.text("bus.url") else { return [] }
    do throws(BusAddress.Refusal) {
      let address = try BusAddress(url)
      let authority = FileChecks.authority("bus.caFile", configuration)
      let caFile = configuration.text("bus.caFile")
      return try authority
        + address.hosts.map { host throws(BusAddress.Refusal) in
          let one = try BusAddress("\(address.isSecure ? "mqtts" : "mqtt")://\(host)")
          return look(host, one, caFile)
        }
    } catch {
      return [.missing("broker", error.sentence, mend: "mend bus.url")]
    }
  }

  /// Connects as nobody: as the desk itself it would put out the one that runs.
  ///
  /// A broker that refuses that is one, and answers.
  private static func look(
    _ host: BusAddress.Host, _ address: BusAddress, _ caFile: String?
  ) -> Finding {
    func away(_ words: String) -> Finding {
      .warning(
        "broker", "\(host): \(words)",
        mend: "the desk works without it; see bus.url and the broker")
    }
    var settings = BusClient.Settings(
      address: address, clientID: BusClient.Settings.secretID("doctor"))
    settings.caFile = caFile
    do throws(BusTrouble) {
      let client = try BusClient(settings)
      try client.start()
      defer { client.stop() }
      let began = SystemClock.now().uptime
      while true {
        let spent = (SystemClock.now().uptime - began) / Instant.millisecond
        for event in client.take() {
          switch event {
          case .up: return .ok("broker", "\(host) answers in \(spent) ms")
          case .down(let reason, _):
            return reason.string.hasPrefix("the broker refuses")
              ? .ok("broker", "\(host) answers in \(spent) ms") : away(reason.string)
          default: break
          }
        }
        let left = settings.patience + 1_000 - spent
        guard left > 0 else { return away("no answer in \(settings.patience) ms") }
        var entry = pollfd(fd: client.descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&entry, 1, Int32(clamping: left))
      }
    } catch {
      return away(error.sentence)
    }
  }
}
