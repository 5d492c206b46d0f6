// One connection to one broker, from the first packet to the last; on the thread of the bus.

import CCCore
import CMosquitto
import Glibc

/// Drives the library from poll(2): it reads until nothing comes any more, so that a flood costs one
/// system call less a message than with the library's own loop.
final class BusConnection {
  private let client: BusClient
  private let library: BusLibrary
  private let host: BusAddress.Host
  private let epoch: Int64
  private var handle: OpaquePointer?
  private let began = BusClock.uptime()

  // What the callbacks tell.
  private(set) var wasUp = false
  private var answer: Int32?
  private var received = 0
  private var retained = 0
  private var unconfirmed: [Int32: UInt64] = [:]
  private var asked: [Int32: String] = [:]
  private var refusedFilters: [String] = []
  private var lastLog = ""

  private var flood = Flood()

  // What is asked again, and when.
  private var retainedBefore = 0
  private var rereadAt: Int64?
  private var refusals = 0
  private var askAgainAt: Int64?
  private var miscAt: Int64 = 0
  /// The owner wants an end: when it comes even if the broker has not confirmed the last words.
  private var endsAt: Int64?

  init(_ client: BusClient, to host: BusAddress.Host, epoch: Int64) {
    self.client = client
    library = client.library
    self.host = host
    self.epoch = epoch
  }

  deinit {
    if let handle { library.call.pointee.destroy(handle) }
  }

  /// Connects, stays, and says why it did not stay.
  func run() -> BusEnd {
    defer {
      for tag in unconfirmed.values where tag != 0 { client.mailbox.post(.undelivered(tag: tag)) }
    }
    if let trouble = prepare() { return .lost(trouble) }
    guard let handle else { return .lost("no memory") }
    let code = library.call.pointee.connect(
      handle, host.name, Int32(host.port), Int32(client.settings.keepalive))
    guard code == 0 else { return .lost(words(code, errno)) }
    if let end = waitForTCP() { return end }
    while true {
      if let end = step() { return end }
    }
  }

  // MARK: Making

  private func prepare() -> String? {
    let settings = client.settings
    let call = library.call
    let made = settings.clientID.withCString {
      call.pointee.make($0, true, Unmanaged.passUnretained(self).toOpaque())
    }
    guard let made else { return "no memory" }
    handle = made
    _ = call.pointee.set_option(made, MOSQ_OPT_PROTOCOL_VERSION, Int32(MQTT_PROTOCOL_V311))
    _ = call.pointee.set_option(made, MOSQ_OPT_TCP_NODELAY, 1)
    if let user = settings.user {
      _ = call.pointee.set_user(made, user, settings.password?.revealed)
    }
    if settings.address.isSecure {
      let folder = settings.caFile == nil ? "/etc/ssl/certs" : nil
      guard call.pointee.set_tls(made, settings.caFile, folder, nil, nil, nil) == 0 else {
        return "\(settings.caFile ?? "/etc/ssl/certs") cannot be read: see bus.caFile"
      }
    }
    if let key = settings.will {
      let payload = FloorCodec.will(epoch: epoch, desk: settings.deskOpened)
      let topic = FloorTopic(key, .seat).description
      let code = payload.withUnsafeBytes {
        call.pointee.set_will(made, topic, Int32($0.count), $0.baseAddress, 1, true)
      }
      guard code == 0 else { return words(code, 0) }
    }
    call.pointee.on_connect(made, connected)
    call.pointee.on_message(made, messageCame)
    call.pointee.on_subscribe(made, subscribed)
    call.pointee.on_publish(made, published)
    call.pointee.on_log(made, logged)
    return nil
  }

  /// Waits until TCP stands: only then does the library take a step of TLS.
  private func waitForTCP() -> BusEnd? {
    guard let handle else { return nil }
    while true {
      let socket = library.call.pointee.socket(handle)
      var entries = [
        pollfd(fd: socket, events: Int16(POLLOUT), revents: 0),
        pollfd(fd: client.waker.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      let left = began + client.settings.patience - BusClock.uptime()
      guard left > 0 else { return .lost("no answer in \(client.settings.patience) ms") }
      _ = poll(&entries, 2, Int32(clamping: left))
      if entries[1].revents != 0, let end = obey() { return end }
      guard entries[0].revents != 0 else { continue }
      var code: Int32 = 0
      var size = socklen_t(MemoryLayout<Int32>.size)
      getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &size)
      guard code == 0 else { return .lost(String(cString: strerror(code)).lowercased()) }
      return client.settings.address.isSecure
        ? outcome(of: library.call.pointee.read(handle, 1)) : nil
    }
  }

  // MARK: One turn

  private func step() -> BusEnd? {
    guard let handle else { return .ended }
    let call = library.call
    let socket = call.pointee.socket(handle)
    guard socket >= 0 else { return .lost(connectionWords) }
    let wants = call.pointee.wants_write(handle)
    var entries = [
      pollfd(fd: socket, events: Int16(POLLIN) | (wants ? Int16(POLLOUT) : 0), revents: 0),
      pollfd(fd: client.waker.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    _ = poll(&entries, 2, timeout)
    if entries[1].revents != 0, let end = obey() { return end }
    if entries[0].revents & Int16(POLLOUT) != 0,
      let end = outcome(of: call.pointee.write(handle, 1))
    {
      return end
    }
    if entries[0].revents & ~Int16(POLLOUT) != 0, let end = read(handle) { return end }
    return keepTime(handle) ?? send(handle)
  }

  private func read(_ handle: OpaquePointer) -> BusEnd? {
    let first = received
    // Until nothing comes, but not for ever: there is also something to send.
    for _ in 0..<256 {
      let before = received
      if let end = outcome(of: library.call.pointee.read(handle, 1)) { return end }
      if received == before { break }
    }
    if flood.goesOn(received - first, at: BusClock.uptime()) {
      // Each message alone would cost a wake-up; so a handful share one. What is to be sent wakes us.
      _ = client.waker.wait(milliseconds: 1)
    }
    return nil
  }

  private var timeout: Int32 {
    let now = BusClock.uptime()
    var next = miscAt
    if !wasUp { next = min(next, began + client.settings.patience) }
    if let rereadAt { next = min(next, rereadAt) }
    if let askAgainAt { next = min(next, askAgainAt) }
    if let endsAt { next = min(next, endsAt) }
    return Int32(clamping: max(0, next - now))
  }

  private func keepTime(_ handle: OpaquePointer) -> BusEnd? {
    let now = BusClock.uptime()
    if let answer, answer != 0 { return refusal(answer) }
    if answer == 0, !wasUp { open(handle, now) }
    if !wasUp, now >= began + client.settings.patience {
      return .lost("no answer in \(client.settings.patience) ms")
    }
    if now >= miscAt {
      miscAt = now + max(1, Int64(client.settings.keepalive) / 4) * 1_000
      if let end = outcome(of: library.call.pointee.misc(handle)) { return end }
    }
    if let at = rereadAt, at <= now {
      rereadAt = retained > retainedBefore ? now + client.settings.rereadAfter : nil
      if rereadAt != nil { readAll(handle) }
    }
    if !refusedFilters.isEmpty, askAgainAt == nil {
      askAgainAt = now + 2_000 << min(refusals, 4)
      refusals += 1
    }
    if let at = askAgainAt, at <= now {
      askAgainAt = nil
      let filters = refusedFilters
      refusedFilters = []
      for filter in filters { subscribe(filter, handle) }
    }
    return nil
  }

  private func open(_ handle: OpaquePointer, _ now: Int64) {
    wasUp = true
    // It would put each message into words.
    library.call.pointee.on_log(handle, nil)
    client.outbox.open()
    client.mailbox.post(.up(epoch: epoch, host: SafeText(host.description)))
    for filter in client.settings.filters { subscribe(filter, handle) }
    if client.settings.rereads { rereadAt = now + client.settings.rereadAfter }
  }

  private func readAll(_ handle: OpaquePointer) {
    retainedBefore = retained
    retained = 0
    for filter in client.settings.filters { subscribe(filter, handle) }
  }

  private func subscribe(_ filter: String, _ handle: OpaquePointer) {
    var id: Int32 = 0
    // QoS 0: what is retained comes anyway, and a guaranteed stream costs the broker four times as much.
    if library.call.pointee.subscribe(handle, &id, filter, 0) == 0 { asked[id] = filter }
  }

  private func send(_ handle: OpaquePointer) -> BusEnd? {
    guard wasUp else { return nil }
    let call = library.call
    while unconfirmed.count < BusClient.Limits.unconfirmed, !call.pointee.wants_write(handle),
      let message = client.outbox.next()
    {
      var id: Int32 = 0
      let code = message.payload.withUnsafeBytes {
        call.pointee.publish(
          handle, &id, message.topic, Int32($0.count), $0.baseAddress, 1, message.isRetained)
      }
      guard code == 0 else {
        if message.tag != 0 { client.mailbox.post(.undelivered(tag: message.tag)) }
        if let end = outcome(of: code) { return end }
        continue
      }
      unconfirmed[id] = message.tag
    }
    if client.outbox.tellsRoom() { client.mailbox.post(.room) }
    guard let endsAt, client.outbox.isEmpty && unconfirmed.isEmpty || endsAt <= BusClock.uptime()
    else { return nil }
    // In good order: the broker forgets the will.
    _ = call.pointee.disconnect(handle)
    return .ended
  }

  /// Does what the owner wants.
  private func obey() -> BusEnd? {
    client.waker.clear()
    let wishes = client.takeWishes()
    if wishes.ends {
      if !wasUp { return .ended }
      endsAt = BusClock.uptime() + 800
    }
    guard let handle, wasUp else { return nil }
    if wishes.reconnects {
      _ = library.call.pointee.disconnect(handle)
      return .renewed
    }
    if wishes.rereads { readAll(handle) }
    return nil
  }

  // MARK: Words

  private func outcome(of code: Int32) -> BusEnd? {
    let system = errno
    guard code != 0 else { return nil }
    if let answer, answer != 0 { return refusal(answer) }
    return .lost(words(code, system))
  }

  private func refusal(_ answer: Int32) -> BusEnd {
    switch answer {
    case 4, 5:
      let who = client.settings.user.map { "user \($0)" } ?? "a client without a user"
      return .refused("the broker refuses \(who): see bus.user and bus.passwordFile")
    default:
      let words = library.call.pointee.connack_words(answer).map { String(cString: $0) }
      return .refused((words ?? "refused with code \(answer)").lowercased())
    }
  }

  private var connectionWords: String {
    wasUp ? "the broker closed the connection" : "the broker hung up before it took us"
  }

  private func words(_ code: Int32, _ system: Int32) -> String {
    switch code {
    case Int32(MOSQ_ERR_CONN_LOST.rawValue): return connectionWords
    case Int32(MOSQ_ERR_KEEPALIVE.rawValue): return "the broker has fallen silent"
    case Int32(MOSQ_ERR_EAI.rawValue): return "there is no host \(host.name)"
    case Int32(MOSQ_ERR_ERRNO.rawValue) where system == EPIPE || system == ECONNRESET:
      return connectionWords
    case Int32(MOSQ_ERR_ERRNO.rawValue):
      return String(cString: strerror(system)).lowercased()
    case Int32(MOSQ_ERR_TLS.rawValue):
      return "TLS failed" + (lastLog.isEmpty ? "" : ": \(lastLog)")
    default: return library.words(code).lowercased()
    }
  }

  // MARK: What the callbacks tell

  fileprivate func hear(answer: Int32) { self.answer = answer }

  fileprivate func hear(_ message: mosquitto_message) {
    received += 1
    if message.retain { retained += 1 }
    guard let topic = message.topic else { return }
    let name = UnsafeRawBufferPointer(start: topic, count: strlen(topic))
    guard message.payloadlen <= BusClient.Limits.payload, name.count <= Int(UInt16.max) else {
      client.mailbox.post(.tooLong(topic: SafeText(bytes: Array(name.prefix(256)))))
      return
    }
    let payload = UnsafeRawBufferPointer(
      start: message.payload, count: Int(max(0, message.payloadlen)))
    client.mailbox.post(topic: name, payload: payload, isRetained: message.retain)
  }

  fileprivate func hearSubscribed(_ id: Int32, isGranted: Bool) {
    received += 1
    guard let filter = asked.removeValue(forKey: id) else { return }
    if !isGranted {
      refusedFilters.append(filter)
      client.mailbox.post(.refused(filter: SafeText(filter)))
    }
    if asked.isEmpty { client.mailbox.post(.subscribed) }
  }

  fileprivate func hearPublished(_ id: Int32) {
    received += 1
    guard let tag = unconfirmed.removeValue(forKey: id), tag != 0 else { return }
    client.mailbox.post(.delivered(tag: tag))
  }

  fileprivate func hearLog(_ words: String) { lastLog = words }
}

// The callbacks: at file scope, so that they belong to no actor; called within `read`, on this thread.

private func connection(_ context: UnsafeMutableRawPointer?) -> BusConnection? {
  context.map { Unmanaged<BusConnection>.fromOpaque($0).takeUnretainedValue() }
}

private func connected(_: OpaquePointer?, _ context: UnsafeMutableRawPointer?, _ answer: Int32) {
  connection(context)?.hear(answer: answer)
}

private func messageCame(
  _: OpaquePointer?, _ context: UnsafeMutableRawPointer?,
  _ message: UnsafePointer<mosquitto_message>?
) {
  if let message { connection(context)?.hear(message.pointee) }
}

private func subscribed(
  _: OpaquePointer?, _ context: UnsafeMutableRawPointer?, _ id: Int32, _ count: Int32,
  _ granted: UnsafePointer<Int32>?
) {
  let isGranted = count > 0 && granted.map { $0[0] & 0x80 == 0 } ?? false
  connection(context)?.hearSubscribed(id, isGranted: isGranted)
}

private func published(_: OpaquePointer?, _ context: UnsafeMutableRawPointer?, _ id: Int32) {
  connection(context)?.hearPublished(id)
}

private func logged(
  _: OpaquePointer?, _ context: UnsafeMutableRawPointer?, _ level: Int32,
  _ words: UnsafePointer<CChar>?
) {
  guard level == MOSQ_LOG_ERR, let words else { return }
  connection(context)?.hearLog(String(cString: words))
}
