// The feed at work: reads, compares, publishes, waits.

import CCCloud
import CCCore
import CCFeed
import CCJSON
import CLinux
import Foundation

/// Drives a `SeatBoard` between the vendor and a bus, for as long as the program lives.
actor SeatFeedRunner {
  private var reader: SeatReader
  private var board: SeatBoard
  private let bus: BusClient
  private let address: String
  private var pace: PollPace
  private var lastTrouble = ""
  /// Why the bus is not there, as it was said last.
  private var lastBusTrouble: SafeText?

  /// How often the bus is looked at, between readings.
  private static let tick = Duration.milliseconds(250)

  init(
    reader: SeatReader, board: SeatBoard, bus: BusClient, address: String, interval: Double
  ) {
    self.reader = reader
    self.board = board
    self.bus = bus
    self.address = address
    pace = PollPace(interval: interval)
  }

  func run() async throws {
    do throws(BusTrouble) { try bus.start() } catch { throw ToolFailure.failed(error.sentence) }
    ServiceLog.add("feeding: \(address), every \(Int(pace.interval)) s")
    async let reading: Void = readForEver()
    while true {
      listen()
      try await Task.sleep(for: Self.tick)
      guard !Task.isCancelled else { break }
    }
    try await reading
  }

  private func readForEver() async throws {
    while true {
      let wait = await read()
      try await Task.sleep(for: .seconds(wait))
    }
  }

  /// Reads the list once; seconds to wait.
  private func read() async -> Double {
    var reader = reader
    let outcome: Result<SeatPoll, CloudFailure>
    do throws(CloudFailure) {
      outcome = .success(try await reader.read(at: Self.now().unix))
    } catch { outcome = .failure(error) }
    self.reader = reader
    switch outcome {
    case .success(let poll):
      if !lastTrouble.isEmpty || pace.failures > 0 { ServiceLog.add("the vendor answers again") }
      lastTrouble = ""
      for news in board.take(poll, at: Self.now()) { ServiceLog.add(news) }
      tell()
      return pace.succeeded()
    case .failure(let failure):
      // Nothing is published: leases run out, and the floor says that it does not know.
      let wait = pace.failed(mayPass: failure.mayPass, chance: .random(in: 0...1))
      if failure.sentence != lastTrouble {
        ServiceLog.add("\(failure.sentence) Asked again in \(Int(wait.rounded())) s.")
        lastTrouble = failure.sentence
      }
      return wait
    }
  }

  private func listen() {
    var isNew = false
    for event in bus.take() {
      switch event {
      case .up(let epoch, let host):
        ServiceLog.add("bus: on \(host)")
        board.up(epoch: epoch)
        lastBusTrouble = nil
        isNew = true
      case .down(let reason, _):
        // Each reason once: it is tried again for as long as it takes.
        if reason != lastBusTrouble { ServiceLog.add("bus: \(reason)") }
        lastBusTrouble = reason
        board.down()
      case .refused(let filter):
        ServiceLog.add("bus: the broker does not let this user read \(filter); see its ACL")
      case .room: isNew = true
      case .message(let message): isNew = hear(message) || isNew
      case .connecting, .subscribed, .delivered, .undelivered, .overrun, .tooLong: break
      }
    }
    if isNew { tell() }
  }

  private func hear(_ message: BusMessage) -> Bool {
    let event = FloorCodec.event(
      topic: message.topic, payload: message.payload, retained: message.isRetained)
    guard case .seat(let key, let update, _) = event else { return false }
    // Only a desk says when it was opened.
    let isDesk = (try? JSONReader.read(message.payload))?["desk"]?.int != nil
    board.hear(key, update, isDesk: isDesk, at: Self.now())
    return isDesk
  }

  private func tell() {
    board.tell(at: Self.now()) { key, update in
      bus.publish(
        BusMessage(
          topic: FloorTopic(key, .seat).description, payload: FloorCodec.encode(update),
          isRetained: true))
    }
  }

  private static func now() -> Instant { Instant(uptime: cc_uptime(), unix: cc_unix()) }
}
