// One way of sound between a device and a call.

import CPulse
import Glibc

/// A stream from a microphone or to a loudspeaker, opened and opened again as devices and servers come
/// and go.
///
/// `open` and `close` are the loop's; libpulse's thread calls `heard` and `wanted` in between.
final class PulseStream: @unchecked Sendable {
  /// What a stream is like.
  struct Setup {
    var way: SoundWay
    /// The device that the settings name; empty: the server's own choice.
    var device = ""
    var rate: Int
    /// What the server may do about it: `phone`, `event`.
    var role = "phone"
    /// Whether the server is asked for its echo canceller.
    var cancelsEcho = false
    /// How much the device may hold, in milliseconds.
    var latency: Int
  }

  let setup: Setup
  var way: SoundWay { setup.way }
  var wanted: String { setup.device }
  private let server: PulseServer
  /// Takes what was recorded, or fills what is to be played; on libpulse's thread.
  private let work: @Sendable (UnsafeMutableBufferPointer<Int16>) -> Void
  private var stream: OpaquePointer?
  private var placedOn: String?
  // Under the lock.
  private var underflows = 0
  private var latency: Int

  /// A device that runs dry so often gets more.
  private static let mostUnderflows = 3
  /// And no more than this.
  private static let mostLatency = 120

  init(
    _ setup: Setup, on server: PulseServer,
    work: @escaping @Sendable (UnsafeMutableBufferPointer<Int16>) -> Void
  ) {
    self.setup = setup
    self.server = server
    self.work = work
    latency = setup.latency
  }

  /// Opens it on a device, or moves it there; nil: the server's own choice.
  ///
  /// Returns what is wrong, in words.
  func open(on device: String?) -> String? {
    server.locked {
      guard let context = server.context else { return nil }
      if let stream, server.library.stream_state(stream) != PA_STREAM_FAILED {
        move(stream, to: device, context)
        return nil
      }
      closeLocked()
      placedOn = device
      return connect(context, device)
    }
  }

  private func connect(_ context: OpaquePointer, _ device: String?) -> String? {
    let library = server.library
    var format = pa_sample_spec(
      format: PA_SAMPLE_S16LE, rate: UInt32(setup.rate), channels: 1)
    let properties = library.proplist_new()
    defer { library.proplist_free(properties) }
    _ = library.proplist_set(properties, "media.role", setup.role)
    _ = library.proplist_set(properties, "media.name", "call")
    if setup.cancelsEcho { _ = library.proplist_set(properties, "filter.want", "echo-cancel") }
    guard
      let stream = library.stream_new(
        context, way == .record ? "microphone" : "loudspeaker", &format, nil, properties)
    else { return "the \(way.word) cannot be opened" }
    self.stream = stream
    let me = Unmanaged.passUnretained(self).toOpaque()
    var buffer = self.buffer
    let error: Int32
    if way == .record {
      library.on_read(stream, pulseRead, me)
      error = library.connect_record(stream, device, &buffer, PA_STREAM_ADJUST_LATENCY)
    } else {
      library.on_write(stream, pulseWrite, me)
      library.on_underflow(stream, pulseUnderflow, me)
      error = library.connect_playback(
        stream, device, &buffer, PA_STREAM_ADJUST_LATENCY, nil, nil)
    }
    guard error < 0 else { return nil }
    let words = library.words(library.context_error(context)).map { String(cString: $0) } ?? ""
    closeLocked()
    return "the \(way.word) cannot be opened: \(words)"
  }

  private func move(_ stream: OpaquePointer, to device: String?, _ context: OpaquePointer) {
    // Where a device goes away the server moves its streams; when it is back, they are moved back.
    defer { placedOn = device }
    guard let device, device != placedOn else { return }
    let index = server.library.stream_index(stream)
    let operation =
      way == .record
      ? server.library.move_input(context, index, device, nil, nil)
      : server.library.move_output(context, index, device, nil, nil)
    if let operation { server.library.operation_unref(operation) }
  }

  private var buffer: pa_buffer_attr {
    let bytes = UInt32(latency * setup.rate / 1000 * 2)
    let any = UInt32.max
    // A record stream hands over pieces of this size; a playback stream never waits to be filled.
    return way == .record
      ? pa_buffer_attr(maxlength: any, tlength: any, prebuf: any, minreq: any, fragsize: bytes)
      : pa_buffer_attr(
        maxlength: any, tlength: bytes, prebuf: 0, minreq: bytes / 4, fragsize: any)
  }

  /// Closes it.
  func close() {
    guard stream != nil else { return }
    server.locked { closeLocked() }
  }

  private func closeLocked() {
    guard let stream else { return }
    self.stream = nil
    placedOn = nil
    let library = server.library
    library.on_read(stream, nil, nil)
    library.on_write(stream, nil, nil)
    library.on_underflow(stream, nil, nil)
    _ = library.disconnect(stream)
    library.stream_unref(stream)
  }

  // MARK: On libpulse's thread, under its lock

  fileprivate func read(_ stream: OpaquePointer) {
    while true {
      var data: UnsafeRawPointer?
      var bytes = 0
      guard server.library.peek(stream, &data, &bytes) >= 0, bytes > 0 else { return }
      if let data {
        let samples = UnsafeMutableRawPointer(mutating: data)
          .assumingMemoryBound(to: Int16.self)
        work(UnsafeMutableBufferPointer(start: samples, count: bytes / 2))
      }
      _ = server.library.drop(stream)
    }
  }

  fileprivate func write(_ stream: OpaquePointer, _ wanted: Int) {
    var left = wanted
    while left > 1 {
      var place: UnsafeMutableRawPointer?
      var bytes = left
      guard server.library.begin_write(stream, &place, &bytes) >= 0, let place, bytes > 1 else {
        return
      }
      bytes = min(bytes, left) & ~1
      let samples = place.assumingMemoryBound(to: Int16.self)
      work(UnsafeMutableBufferPointer(start: samples, count: bytes / 2))
      guard server.library.write(stream, place, bytes, nil, 0, PA_SEEK_RELATIVE) >= 0 else {
        return
      }
      left -= bytes
    }
  }

  fileprivate func ranDry(_ stream: OpaquePointer) {
    underflows += 1
    guard underflows >= Self.mostUnderflows, latency < Self.mostLatency else { return }
    underflows = 0
    latency = min(Self.mostLatency, latency + 10)
    var buffer = self.buffer
    if let operation = server.library.set_buffer(stream, &buffer, nil, nil) {
      server.library.operation_unref(operation)
    }
  }

  deinit { close() }
}

private func stream(_ argument: UnsafeMutableRawPointer?) -> PulseStream? {
  argument.map { Unmanaged<PulseStream>.fromOpaque($0).takeUnretainedValue() }
}

private func pulseRead(_ handle: OpaquePointer?, _: Int, _ argument: UnsafeMutableRawPointer?) {
  guard let handle else { return }
  stream(argument)?.read(handle)
}

private func pulseWrite(
  _ handle: OpaquePointer?, _ bytes: Int, _ argument: UnsafeMutableRawPointer?
) {
  guard let handle else { return }
  stream(argument)?.write(handle, bytes)
}

private func pulseUnderflow(_ handle: OpaquePointer?, _ argument: UnsafeMutableRawPointer?) {
  guard let handle else { return }
  stream(argument)?.ranDry(handle)
}
