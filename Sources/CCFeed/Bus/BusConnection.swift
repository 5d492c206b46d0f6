// One connection to one broker, from the first packet to the last; on the thread of the bus.

import CCCore
import CMosquitto
import Glibc

/// Drives the library from poll(2): it reads until nothing comes any more, so that a flood costs one
/// system call less a message than with the library's own loop.
final class BusConnection {
  private let client: BusClient
  private let settings: BusClient.Settings
  private let library: BusLibrary
  private let host: BusAddress.Host
  private let words: BusWords
  private let ears: BusEars
  private let epoch: Int64
  private var handle: OpaquePointer?
  private let began = BusClock.uptime()

  /// Whether the broker took us.
  private(set) var wasUp = false
  private var upAt: Int64?
  /// Milliseconds since then; 0 where it did not.
  var heldFor: Int64 { upAt.map { BusClock.uptime() - $0 } ?? 0 }

  private var flood = Flood()
  private var handshake: BusHandshake

  // What is asked again, and when.
  private var retainedBefore = 0
  private var rereadAt: Int64?
  private var refusals = 0
  private var askAgainAt: Int64?
  private var miscAt: Int64 = 0
  /// The owner wants an end: when it comes even if the broker has not confirmed the last words.
  private var endsAt: Int64?

  /// `settings`: the client's, with the user of this connection.
  init(
    _ client: BusClient, _ settings: BusClient.Settings, to host: BusAddress.Host, epoch: Int64
  ) {
    self.client = client
    self.settings = settings
    library = client.library
    self.host = host
    self.epoch = epoch
    words = BusWords(
      library: library, host: host, user: settings.user,
      isSecure: settings.address.isSecure)
    ears = BusEars(client.mailbox)
    handshake = BusHandshake(client.library, isSecure: settings.address.isSecure)
  }

  deinit {
    if let handle { library.call.pointee.destroy(handle) }
  }

  /// Connects, stays, and says why it did not stay.
  func run() -> BusEnd {
    defer {
      for tag in ears.unconfirmed.values where tag != 0 {
        client.mailbox.post(.undelivered(tag: tag))
      }
    }
    let handle: OpaquePointer
    do throws(BusHandle.Trouble) {
      handle = try BusHandle.make(settings, epoch: epoch, library, ears)
    } catch { return .lost(error.words) }
    self.handle = handle
    errno = 0
    let code = library.call.pointee.connect(
      handle, host.name, Int32(host.port), Int32(settings.keepalive))
    // With TLS the library writes at once, and takes away what the socket would have said.
    let early = errno
    if let end = outcome(of: code) { return end }
    if let end = waitForTCP(early) { return end }
    while true {
      if let end = step() { return end }
    }
  }

  // MARK: Connecting

  /// Waits until TCP stands: only then does the library take a step of TLS.
  ///
  /// `early` is the error of the library's own first step, where it had one.
  private func waitForTCP(_ early: Int32) -> BusEnd? {
    guard let handle else { return nil }
    while true {
      let socket = library.call.pointee.socket(handle)
      var entries = [
        pollfd(fd: socket, events: Int16(POLLOUT), revents: 0),
        pollfd(fd: client.waker.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      let left = began + settings.patience - BusClock.uptime()
      guard left > 0 else { return .lost("no answer in \(settings.patience) ms") }
      _ = poll(&entries, 2, Int32(clamping: left))
      guard socket >= 0 else { return .lost(words.closed(wasUp: false)) }
      if entries[1].revents != 0, let end = obey() { return end }
      guard entries[0].revents != 0 else { continue }
      var code: Int32 = 0
      var size = socklen_t(MemoryLayout<Int32>.size)
      getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &size)
      let isSecure = settings.address.isSecure
      if code == 0, !isConnected(socket) {
        // With TLS the library took the error away; who was there took what we said first.
        guard isSecure else { return .lost(words.closed(wasUp: false)) }
        let unsaid = hasSent(socket) ? ECONNRESET : ECONNREFUSED
        code = [0, EINPROGRESS, EAGAIN].contains(early) ? unsaid : early
      }
      if isSecure, code == ECONNRESET || code == EPIPE { return .lost(BusWords.cutHandshake) }
      guard code == 0 else { return .lost(words.system(code, wasUp: false)) }
      return settings.address.isSecure
        ? outcome(of: library.call.pointee.read(handle, 1)) : nil
    }
  }

  /// Whether TCP carried anything of ours: only what is connected does.
  private func hasSent(_ socket: Int32) -> Bool {
    // struct tcp_info of linux/tcp.h, which is longer than glibc's: tcpi_data_segs_out.
    let (place, whole) = (156, 160)
    var info = [UInt8](repeating: 0, count: whole)
    var size = socklen_t(whole)
    guard getsockopt(socket, Int32(IPPROTO_TCP), TCP_INFO, &info, &size) == 0, size >= whole else {
      return false
    }
    return info[place..<whole].contains { $0 != 0 }
  }

  private func isConnected(_ socket: Int32) -> Bool {
    var address = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutableBytes(of: &address) { bytes in
      guard let base = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else {
        return false
      }
      return getpeername(socket, base, &size) == 0
    }
  }

  // MARK: One turn

  private func step() -> BusEnd? {
    guard let handle else { return .ended }
    let call = library.call
    let socket = call.pointee.socket(handle)
    guard socket >= 0 else { return .lost(words.closed(wasUp: wasUp)) }
    let wants = handshake.wantsWrite(handle)
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
    let first = ears.received
    let socket = library.call.pointee.socket(handle)
    if !wasUp, let stranger = handshake.stranger(at: socket) { return .lost(stranger) }
    // Until nothing comes, but not for ever: there is also something to send.
    for _ in 0..<256 {
      let before = ears.received
      if let end = outcome(of: library.call.pointee.read(handle, 1)) { return end }
      if ears.received == before { break }
    }
    // The library may have closed it, and says so when it is asked next.
    if ears.received == first, ears.answer == nil || wasUp,
      library.call.pointee.socket(handle) == socket,
      let end = handshake.end(of: socket, words, wasUp: wasUp)
    {
      return .lost(end)
    }
    if flood.goesOn(ears.received - first, at: BusClock.uptime()) {
      // Each message alone would cost a wake-up; so a handful share one. What is to be sent wakes us.
      _ = client.waker.wait(milliseconds: 1)
    }
    return nil
  }

  private var timeout: Int32 {
    let now = BusClock.uptime()
    var next = miscAt
    if !wasUp { next = min(next, began + settings.patience) }
    if let rereadAt { next = min(next, rereadAt) }
    if let askAgainAt { next = min(next, askAgainAt) }
    if let endsAt { next = min(next, endsAt) }
    return Int32(clamping: max(0, next - now))
  }

  private func keepTime(_ handle: OpaquePointer) -> BusEnd? {
    let now = BusClock.uptime()
    if let answer = ears.answer, answer != 0 { return words.refusal(answer) }
    if ears.answer == 0, !wasUp { open(handle, now) }
    if !wasUp, now >= began + settings.patience {
      return .lost("no answer in \(settings.patience) ms")
    }
    if now >= miscAt {
      miscAt = now + max(1, Int64(settings.keepalive) / 4) * 1_000
      if let end = outcome(of: library.call.pointee.misc(handle)) { return end }
    }
    if let at = rereadAt, at <= now {
      rereadAt = ears.retained > retainedBefore ? now + settings.rereadAfter : nil
      if rereadAt != nil { readAll(handle) }
    }
    if !ears.refusedFilters.isEmpty, askAgainAt == nil {
      askAgainAt = now + 2_000 << min(refusals, 4)
      refusals += 1
    }
    if let at = askAgainAt, at <= now {
      askAgainAt = nil
      let filters = ears.refusedFilters
      ears.refusedFilters = []
      for filter in filters { subscribe(filter, handle) }
    }
    return nil
  }

  private func open(_ handle: OpaquePointer, _ now: Int64) {
    wasUp = true
    upAt = now
    // It would put each message into words.
    library.call.pointee.on_log(handle, nil)
    client.outbox.open()
    client.mailbox.post(.up(epoch: epoch, host: SafeText(host.description)))
    for filter in settings.filters { subscribe(filter, handle) }
    if settings.rereads { rereadAt = now + settings.rereadAfter }
  }

  private func readAll(_ handle: OpaquePointer) {
    retainedBefore = ears.retained
    ears.retained = 0
    for filter in settings.filters { subscribe(filter, handle) }
  }

  private func subscribe(_ filter: String, _ handle: OpaquePointer) {
    var id: Int32 = 0
    // QoS 0: what is retained comes anyway, and a guaranteed stream costs the broker four times as much.
    if library.call.pointee.subscribe(handle, &id, filter, 0) == 0 { ears.asked[id] = filter }
  }

  private func send(_ handle: OpaquePointer) -> BusEnd? {
    guard wasUp else { return nil }
    let call = library.call
    while ears.unconfirmed.count < BusClient.Limits.unconfirmed, !call.pointee.wants_write(handle),
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
      ears.unconfirmed[id] = message.tag
    }
    if client.outbox.tellsRoom() { client.mailbox.post(.room) }
    guard let endsAt,
      client.outbox.isEmpty && ears.unconfirmed.isEmpty || endsAt <= BusClock.uptime()
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

  private func outcome(of code: Int32) -> BusEnd? {
    let tls = code == 0 ? nil : handle.flatMap { library.call.pointee.tls($0) }
    return words.end(
      of: code,
      .init(
        wasUp: wasUp, answer: ears.answer, logs: ears.logs,
        certificateFault: ears.certificateFault != 0
          ? ears.certificateFault
          : tls.flatMap { library.call.pointee.certificate_fault?($0) } ?? 0))
  }
}
