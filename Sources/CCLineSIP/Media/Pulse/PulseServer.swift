// The sound server: PulseAudio, PipeWire in its place, or the one that PULSE_SERVER names.

import CCCore
import CLibre
import CPulse
import Glibc

/// The connection to the sound server, kept and made again for as long as there is one.
///
/// libpulse has a thread of its own. What that thread touches is touched under its lock (`locked`) only;
/// it hands over to the loop through a queue. Everything else belongs to the loop.
final class PulseServer: @unchecked Sendable {
  let library: cc_pulse
  private let thread: OpaquePointer
  private let queue = Slot()
  private let ticket = Ticket()
  private let retry = Timer()
  private weak var owner: (any SoundOwner)?
  private(set) var context: OpaquePointer?
  private(set) var isReady = false
  private var streams: [PulseStream] = []
  private var choice: DeviceChoice?
  private let inventory: PulseInventory
  /// What the agent was told is missing, so that it is told once.
  private var told: Set<String> = []
  /// The devices as the loop knows them.
  private(set) var devices = SoundDevices()

  /// What becomes of the connection.
  enum News: Hashable {
    case ready
    /// There is none, and why.
    case lost(String)
  }

  /// Told what becomes of it.
  var news: ((News) -> Void)?

  /// How long a lost server is left alone, in milliseconds.
  private static let pause = 3_000

  init(owner: any SoundOwner) throws(SoundUnusable) {
    guard let library = cc_pulse()?.pointee else {
      throw SoundUnusable(
        sentence: "sip.audio: pulse needs libpulse; install it (Debian: libpulse0), or set none.")
    }
    guard let thread = library.loop_new() else {
      throw SoundUnusable(sentence: "sip.audio: pulse cannot be opened: no memory.")
    }
    self.library = library
    self.thread = thread
    self.owner = owner
    inventory = PulseInventory(library)
    let error = mqueue_alloc(
      queue.place, { PulseServer.onMessage($0, $1, $2) }, ticket.of(self))
    guard error == 0, library.loop_start(thread) >= 0 else {
      throw SoundUnusable(sentence: "sip.audio: pulse cannot start its thread.")
    }
    inventory.done = { [unowned self] in post(.devices, 0) }
    connect()
  }

  /// Runs the closure while libpulse's thread stands still.
  func locked<Result>(_ body: () -> Result) -> Result {
    library.loop_lock(thread)
    defer { library.loop_unlock(thread) }
    return body()
  }

  // MARK: The connection

  private func connect() {
    locked {
      guard let context = library.context_new(library.loop_api(thread), "ccterm") else { return }
      self.context = context
      let me = Unmanaged.passUnretained(self).toOpaque()
      library.on_context(context, pulseContextChanged, me)
      library.on_event(context, pulseDevicesChanged, me)
      // A server that is not there is the user's to start: a line starts no programs.
      if library.context_connect(context, nil, PA_CONTEXT_NOAUTOSPAWN, nil) < 0 {
        post(.state, Int(PA_CONTEXT_FAILED.rawValue))
      }
    }
  }

  /// Ends it for good.
  func close() {
    retry.cancel()
    for stream in streams { stream.close() }
    streams = []
    drop()
    library.loop_stop(thread)
    library.loop_free(thread)
    queue.release()
  }

  private func drop() {
    isReady = false
    locked {
      guard let context else { return }
      library.on_context(context, nil, nil)
      library.on_event(context, nil, nil)
      library.context_disconnect(context)
      library.context_unref(context)
      self.context = nil
      inventory.stop()
    }
  }

  fileprivate func contextChanged(_ context: OpaquePointer) {
    let state = library.context_state(context)
    switch state {
    case PA_CONTEXT_READY:
      let mask =
        PA_SUBSCRIPTION_MASK_SINK.rawValue | PA_SUBSCRIPTION_MASK_SOURCE.rawValue
        | PA_SUBSCRIPTION_MASK_SERVER.rawValue
      forget(library.subscribe(context, pa_subscription_mask(rawValue: mask), nil, nil))
      inventory.take(of: context)
    case PA_CONTEXT_FAILED, PA_CONTEXT_TERMINATED: post(.state, Int(state.rawValue))
    default: break
    }
  }

  private func lost() {
    guard context != nil else { return }
    let words = locked {
      context.map { library.words(library.context_error($0)).map { String(cString: $0) } ?? "" }
    }
    for stream in streams { stream.close() }
    drop()
    let why = "\(words ?? "")\(Self.place)"
    tell("server", "no sound server: \(why); calls are silent until there is one")
    news?(.lost(why))
    retry.start(after: Self.pause) { [weak self] in self?.connect() }
  }

  private static var place: String {
    getenv("PULSE_SERVER").map { " (PULSE_SERVER is \(String(cString: $0)))" } ?? ""
  }

  private func tell(_ key: String, _ words: String) {
    guard told.insert(key).inserted else { return }
    owner?.note(.warning, SafeText(words, limit: 240))
  }

  private func untell(_ key: String, _ words: String) {
    guard told.remove(key) != nil else { return }
    owner?.note(.cleared, SafeText(words, limit: 240))
  }

  // MARK: Devices

  fileprivate func changedDevices(of context: OpaquePointer) { inventory.take(of: context) }

  private func forget(_ operation: OpaquePointer?) {
    if let operation { library.operation_unref(operation) }
  }

  private func devicesChanged() {
    let found = locked { inventory.last }
    guard found != devices || !isReady else { return }
    devices = found
    let isNew = !isReady
    if isNew {
      isReady = true
      untell("server", "the sound server is there")
    }
    check()
    for stream in streams { place(stream) }
    if isNew { news?(.ready) }
  }

  // MARK: Streams

  /// Opens a stream as soon as there is a server, on its device as soon as that is there.
  func add(_ stream: PulseStream) {
    streams.append(stream)
    if isReady { place(stream) }
  }

  /// Ends a stream.
  func remove(_ stream: PulseStream) {
    streams.removeAll { $0 === stream }
    stream.close()
  }

  private func place(_ stream: PulseStream) {
    let device = devices.find(stream.wanted, for: stream.way)
    if let problem = stream.open(on: device?.name) { tell("stream", problem) }
  }

  /// The devices that will be wanted: where one is not there, it is said before a call needs it.
  func expects(_ choice: DeviceChoice) {
    self.choice = choice
    if isReady { check() }
  }

  private func check() {
    guard let choice else { return }
    for (name, way) in [
      (choice.microphone, SoundWay.record), (choice.loudspeaker, .playback),
      (choice.ringer, .playback),
    ] where !name.isEmpty {
      let words = "the \(way.word) \u{201C}\(name)\u{201D}"
      if devices.find(name, for: way) == nil {
        tell("\(way) \(name)", "\(words) is not there; the server's own choice is used")
      } else {
        untell("\(way) \(name)", "\(words) is there")
      }
    }
  }

  // MARK: From the thread to the loop

  private enum Message: Int32 { case state = 1, devices }

  private func post(_ message: Message, _ value: Int) {
    mqueue_push(queue.object, message.rawValue, UnsafeMutableRawPointer(bitPattern: value))
  }

  private static func onMessage(
    _ id: Int32, _ data: UnsafeMutableRawPointer?, _ argument: UnsafeMutableRawPointer?
  ) {
    guard let me = Ticket.holder(argument, as: PulseServer.self) else { return }
    switch Message(rawValue: id) {
    case .state: me.lost()
    case .devices: me.devicesChanged()
    case nil: break
    }
  }
}

// MARK: libpulse's callbacks, on its thread and under its lock

private func server(_ argument: UnsafeMutableRawPointer?) -> PulseServer? {
  argument.map { Unmanaged<PulseServer>.fromOpaque($0).takeUnretainedValue() }
}

private func pulseContextChanged(_ context: OpaquePointer?, _ argument: UnsafeMutableRawPointer?) {
  guard let context else { return }
  server(argument)?.contextChanged(context)
}

private func pulseDevicesChanged(
  _ context: OpaquePointer?, _: pa_subscription_event_type_t, _: UInt32,
  _ argument: UnsafeMutableRawPointer?
) {
  guard let context else { return }
  server(argument)?.changedDevices(of: context)
}
