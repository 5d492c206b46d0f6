// What the configuration says of the bus.

import CCCore
import CCFeed

/// The keys below `bus.`, checked.
struct BusOptions: Hashable, Sendable {
  /// Where it is.
  var address: BusAddress
  /// The user at the broker; nil: anonymous.
  var user: String?
  /// Where the password comes from; nil: there is none.
  var password: BusPassword.Source?
  /// The authority that the broker's certificate must be signed by; nil: the system's.
  var caFile: String?
  /// Seconds between two signs of life.
  var keepalive: Int

  /// What every client of the bus needs; `address` is `bus.url` or `--from`.
  init(address: String, at place: String, _ configuration: Configuration) throws(Failure) {
    do throws(BusAddress.Refusal) {
      self.address = try BusAddress(address)
    } catch { throw .usage("\(place): \(error.sentence)") }
    user = configuration.text("bus.user")
    caFile = configuration.text("bus.caFile")
    keepalive = configuration.number("bus.keepalive")
    switch (configuration.text("bus.passwordCommand"), configuration.text("bus.passwordFile")) {
    case (let command?, nil): password = .command(command)
    case (nil, let path?): password = .file(path)
    case (nil, nil): password = nil
    case (_?, _?):
      throw Self.twoPasswords
    }
    if password != nil, !self.address.isSecure, !self.address.isThisMachine {
      throw .usage(
        "\(place): a password would travel in the clear; use mqtts://, or a broker on this machine."
      )
    }
    if caFile != nil, !self.address.isSecure {
      throw .usage("bus.caFile is set, and \(place) is mqtt://, which has no TLS: use mqtts://.")
    }
  }

  static let twoPasswords = Failure.usage(
    "bus.passwordCommand and bus.passwordFile are both set: one of the two.")

  /// Settings without the password, which may take a while to come.
  func settings(clientID: String) -> BusClient.Settings {
    var settings = BusClient.Settings(address: address, clientID: clientID)
    settings.user = user
    settings.caFile = caFile
    settings.keepalive = keepalive
    return settings
  }
}

/// What a desk says on the bus, and as whom.
struct DeskBusOptions: Hashable, Sendable {
  var bus: BusOptions
  var key: AgentKey
  var name: SafeText?
  var sharesNumbers: Bool

  /// Nil where no bus is configured.
  init?(_ configuration: Configuration) throws(Failure) {
    guard let url = configuration.text("bus.url") else { return nil }
    bus = try BusOptions(address: url, at: "bus.url", configuration)
    let team = try Self.level("bus.team", configuration)
    let agent = try Self.level("bus.agent", configuration)
    guard let key = AgentKey(team: team, agent: agent) else { return nil }
    self.key = key
    // The broker's rights go by the user: an agent's is her topic.
    if bus.user == nil, bus.password != nil { bus.user = key.description }
    let name = configuration.text("bus.name") ?? configuration.text("desk.account")
    self.name = name.map { SafeText($0, limit: 64) }
    sharesNumbers = configuration.flag("bus.shareNumbers")
  }

  private static func level(_ name: String, _ configuration: Configuration) throws(Failure)
    -> String
  {
    guard let text = configuration.text(name) else {
      throw .usage("bus.url is set, and \(name) is not: who publishes?")
    }
    guard AgentKey.isLevel(text) else {
      throw .usage("\(name) is 1 to 64 of A-Z a-z 0-9 _ -: \(shown(text)) is a topic's poison.")
    }
    return text
  }
}
