// A desk's place on the bus: it says how the agent is, and hears what is meant for her.

import CCCore
import CCFeed

/// Who is told what the bus brings for the agent.
@MainActor protocol DeskBusListener: AnyObject {
  /// Something calm to say of the bus itself.
  func busSays(_ level: NoticeLevel, _ text: SafeText, at now: Instant)
  /// A command, `cc/v1/<team>/<agent>/cmd/<word>`, as it came.
  func busBrings(command word: String, payload: [UInt8], epoch: Int64, at now: Instant)
}

/// Publishes a desk; whatever the bus does, the desk goes on as without it.
@MainActor final class DeskBus {
  /// How long the bus may be away before a word is said of it, in nanoseconds; one that has never been
  /// there is told as soon as every broker was tried.
  static let calm = 5 * Instant.second

  weak var listener: (any DeskBusListener)?

  private let options: DeskBusOptions
  private let log: (SafeText) -> Void
  private let password = BusPassword()
  private var publisher: PresencePublisher
  private var client: BusClient?
  /// The epoch of the connection that stands; nil: none does.
  private(set) var epoch: Int64?
  private var awaySince: Int64?
  private var reason: SafeText = "not connected yet"
  private var hasSaidAway = false
  private var hasBeenUp = false
  /// Brokers that did not take us since the last that did.
  private var failures = 0
  private var isOver = false

  init(_ options: DeskBusOptions, at now: Instant, log: @escaping (SafeText) -> Void) {
    self.options = options
    self.log = log
    publisher = PresencePublisher(
      .init(
        key: options.key, name: options.name, sharesNumbers: options.sharesNumbers,
        opened: now.unix))
  }

  /// Connects, once the password is there.
  func open(at now: Instant) {
    awaySince = now.uptime
    do throws(Failure) {
      switch try password.begin(options.bus.password, at: now) {
      case .none: connect(nil, at: now)
      case .secret(let secret): connect(secret, at: now)
      case .later: break
      }
    } catch { giveUp(error.sentence ?? "", at: now) }
  }

  private func connect(_ secret: Secret?, at now: Instant) {
    var settings = options.bus.settings(clientID: BusClient.Settings.secretID("desk"))
    settings.password = secret
    settings.will = options.key
    settings.deskOpened = publisher.settings.opened
    let own = FloorTopic(options.key, .seat).description
    settings.filters = [own, BusTopic.commands(to: options.key)]
    do throws(BusTrouble) {
      let client = try BusClient(settings)
      try client.start()
      self.client = client
    } catch { giveUp(error.sentence, at: now) }
  }

  private func giveUp(_ sentence: String, at now: Instant) {
    isOver = true
    awaySince = nil
    say(.warning, SafeText("bus: \(sentence)"), at: now)
  }

  private func say(_ level: NoticeLevel, _ text: SafeText, at now: Instant) {
    log(text)
    listener?.busSays(level, text, at: now)
  }

  /// Keeps a line of what passed.
  func log(_ text: String) { log(SafeText(text)) }

  /// The machine has slept: the connection is looked at now, or tried at once.
  func woke(at now: Instant) {
    password.woke(at: now)
    client?.hurry()
  }

  // MARK: Out

  /// Says what changed at the desk.
  func show(_ desk: Desk, at now: Instant) {
    act(publisher.show(Presence(desk), at: now))
  }

  /// Answers a command; false where there is no connection.
  func answer(_ payload: [UInt8]) -> Bool {
    client?.publish(
      BusMessage(
        topic: BusTopic.answer(options.key).description, payload: payload, isRetained: false))
      ?? false
  }

  private func act(_ actions: [PresenceAction]) {
    for action in actions {
      switch action {
      case .publish(let message): _ = client?.publish(message)
      case .reconnect(let after): client?.reconnect(after: after)
      case .yield: break
      }
    }
  }

  // MARK: In

  private func listen(at now: Instant) {
    guard let client else { return }
    for event in client.take() {
      switch event {
      case .up(let epoch, let host): up(epoch, host, at: now)
      case .down(let reason, _):
        if epoch != nil || reason != self.reason { log(SafeText("bus: \(reason)")) }
        down(reason, at: now)
      case .refused(let filter):
        log(SafeText("bus: the broker does not let \(options.key) read \(filter)"))
      case .message(let message): take(message, at: now)
      case .connecting, .subscribed, .delivered, .undelivered, .room, .overrun, .tooLong: break
      }
    }
  }

  private func up(_ epoch: Int64, _ host: SafeText, at now: Instant) {
    self.epoch = epoch
    awaySince = nil
    hasBeenUp = true
    failures = 0
    act(publisher.up(epoch: epoch, at: now))
    if hasSaidAway {
      hasSaidAway = false
      say(.info, SafeText("bus: back on \(host)"), at: now)
    } else {
      log(SafeText("bus: on \(host) as \(options.key)"))
    }
  }

  private func down(_ reason: SafeText, at now: Instant) {
    epoch = nil
    publisher.down()
    self.reason = reason
    awaySince = awaySince ?? now.uptime
    failures += 1
    if !hasBeenUp, !hasSaidAway, failures >= options.bus.address.hosts.count { sayAway(at: now) }
  }

  private func sayAway(at now: Instant) {
    hasSaidAway = true
    say(
      .warning, SafeText("bus: away (\(reason)); the desk goes on, the floor does not see it"),
      at: now)
  }

  private func take(_ message: BusMessage, at now: Instant) {
    switch BusTopic(message.topic) {
    case .state(FloorTopic(options.key, .seat)):
      let actions = publisher.hear(message.payload, at: now)
      if actions.contains(.yield) { return yield(at: now) }
      act(actions)
    case .command(options.key, let word):
      // A command that the broker kept was meant for somebody who is gone.
      guard !message.isRetained, let epoch else { return }
      listener?.busBrings(command: word, payload: message.payload, epoch: epoch, at: now)
    default: break
    }
  }

  private func yield(at now: Instant) {
    client?.stop()
    client = nil
    epoch = nil
    giveUp("another desk publishes \(options.key); this one does not any more.", at: now)
  }

  // MARK: The loop

  var watches: [Watch] {
    if let descriptor = password.descriptor {
      return [.reading(descriptor) { [unowned self] in checkPassword(at: $0) }]
    }
    guard let client else { return [] }
    return [.reading(client.descriptor) { [unowned self] in listen(at: $0) }]
  }

  var deadline: Int64? {
    let away = hasSaidAway ? nil : awaySince.map { $0 + Self.calm }
    return [password.deadline, publisher.deadline, away].compactMap(\.self).min()
  }

  func turn(at now: Instant) {
    if let deadline = password.deadline, deadline <= now.uptime { checkPassword(at: now) }
    if let deadline = publisher.deadline, deadline <= now.uptime { act(publisher.turn(at: now)) }
    if let since = awaySince, !hasSaidAway, since + Self.calm <= now.uptime {
      sayAway(at: now)
    }
  }

  private func checkPassword(at now: Instant) {
    guard let outcome = password.ready(at: now) else { return }
    switch outcome {
    case .success(let secret): connect(secret, at: now)
    case .failure(let failure): giveUp(failure.sentence ?? "", at: now)
    }
  }

  /// Says good-bye and leaves; waits for the broker's word on it no longer than a moment.
  func close(at now: Instant) {
    client?.stop(
      saying: publisher.goodbye(at: now), atMost: LastMoment.left(atMost: 1_000))
    client = nil
  }
}
