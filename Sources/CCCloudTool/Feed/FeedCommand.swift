// `ccterm cloud feed`: the vendor's seats, on the floor's bus.

import ArgumentParser
import CCCloud
import CCCore
import CCFeed
import Foundation

/// Reads the list of seats once for everybody, and tells the floor what changed.
struct FeedCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "feed",
    abstract: "Tell the floor how the vendor's seats are.",
    discussion: """
      One feed reads the vendor's list of seats (cloud.pollSeconds) and publishes it; however many
      supervisors watch, the vendor is asked once. Seats' passwords come with that list and are made
      unreadable before anything is decoded.

        ccterm cloud feed --to mqtts://broker.example

      It signs in at the broker as bus.user, a user of its own (packaging/mosquitto/floors.acl). Accounts
      that do not fit into a topic are named in the configuration:

        cloud:
          team: sales
          topics:
            li@red: red/li
      """)

  @Option(help: "The bus: mqtts://HOST[,HOST] or mqtt://; bus.url by default.")
  var to: String?

  @OptionGroup var settings: SettingsOption

  func run() async throws {
    let settings = try settings.load()
    guard let address = to ?? settings.text("bus", "url") else {
      throw ToolFailure.usage("--to says which bus, as in --to mqtts://broker.example")
    }
    let team = settings.text("cloud", "team") ?? "cloud"
    guard AgentKey.isLevel(team) else {
      throw ToolFailure.usage("cloud.team is 1 to 64 of A-Z a-z 0-9 _ -")
    }
    var table: [String: String] = [:]
    let names = SeatBoard.Names(team: team)
    for (account, topic) in settings.map("cloud", "topics") {
      guard names.key(topic) != nil else {
        throw ToolFailure.usage(
          "cloud.topics.\(SafeText(account, limit: 60)) is TEAM/AGENT, of A-Z a-z 0-9 _ - each.")
      }
      table[account] = topic
    }
    let interval = settings.number("cloud", "pollSeconds", in: 1...3600) ?? 15
    let feed = SeatFeedRunner(
      reader: SeatReader(CloudClient(try settings.cloud())),
      board: SeatBoard(.init(team: team, table: table), interval: interval),
      bus: try bus(address, settings), address: address, interval: Double(interval))
    try await feed.run()
  }

  private func bus(_ text: String, _ settings: ToolSettings) throws -> BusClient {
    let address: BusAddress
    do throws(BusAddress.Refusal) { address = try BusAddress(text) } catch {
      throw ToolFailure.usage(error.sentence)
    }
    var bus = BusClient.Settings(
      address: address, clientID: BusClient.Settings.secretID("feed"))
    bus.user = settings.text("bus", "user")
    bus.caFile = settings.text("bus", "caFile")
    if let keepalive = settings.number("bus", "keepalive", in: 5...60) { bus.keepalive = keepalive }
    // What bus.passwordCommand prints comes from ccterm, which runs it.
    bus.password = try settings.secret("bus", "password")
    guard bus.password == nil || address.isSecure || address.isThisMachine else {
      throw ToolFailure.usage("the broker's password would travel in the clear; use mqtts://")
    }
    // What desks say of themselves is heard, so that it is not contradicted.
    bus.filters = [BusTopic.seats(of: nil)]
    do throws(BusTrouble) { return try BusClient(bus) } catch {
      throw ToolFailure.failed(error.sentence)
    }
  }
}
