// One device of ALSA, open one way.

import CALSA
import Glibc

/// A device that gives or takes 16 bits in one channel; only `wait` ever waits.
final class AlsaPCM {
  /// What libasound answered, as an error number of the system's.
  struct Failure: Error, Hashable {
    var error: Int32

    init(_ code: Int) { error = Int32(clamping: -code) }
  }

  private let library: cc_alsa
  private let handle: OpaquePointer
  private let way: SoundWay
  /// Samples that it moves at a time.
  let period: Int
  /// Samples that it can hold.
  private let buffer: Int
  /// Samples that a loudspeaker is to hold, and no more: what it holds is late.
  private let most: Int

  /// Opens a device by its name; without one, the one that ALSA calls the default.
  ///
  /// - Parameters:
  ///   - latency: how much a loudspeaker may hold, in milliseconds.
  init(
    _ name: String, _ way: SoundWay, rate: Int, latency: Int, library: cc_alsa
  ) throws(Failure) {
    var handle: OpaquePointer?
    let stream = way == .record ? SND_PCM_STREAM_CAPTURE : SND_PCM_STREAM_PLAYBACK
    try Self.check(
      library.pcm_open(&handle, name.isEmpty ? "default" : name, stream, Int32(SND_PCM_NONBLOCK)))
    guard let handle else { throw Failure(-Int(EIO)) }
    do throws(Failure) {
      (period, buffer, most) = try Self.shape(handle, way, rate, latency, library)
    } catch {
      _ = library.pcm_close(handle)
      throw error
    }
    self.library = library
    self.handle = handle
    self.way = way
  }

  /// Closes it.
  func close() { _ = library.pcm_close(handle) }

  private static func check(_ code: Int32) throws(Failure) {
    if code < 0 { throw Failure(Int(code)) }
  }

  /// A third of the latency is a period; a microphone, whose buffer is no delay, gets periods of 5 ms in
  /// a long one.
  private static func shape(
    _ handle: OpaquePointer, _ way: SoundWay, _ rate: Int, _ latency: Int, _ library: cc_alsa
  ) throws(Failure) -> (period: Int, buffer: Int, most: Int) {
    var hardware: OpaquePointer?
    try check(library.hw_new(&hardware))
    defer { library.hw_free(hardware) }
    try check(library.hw_any(handle, hardware))
    try check(library.hw_resample(handle, hardware, 1))
    try check(library.hw_access(handle, hardware, SND_PCM_ACCESS_RW_INTERLEAVED))
    try check(library.hw_format(handle, hardware, SND_PCM_FORMAT_S16))
    try check(library.hw_channels(handle, hardware, 1))
    try check(library.hw_rate(handle, hardware, UInt32(rate), 0))
    var microseconds = UInt32(way == .record ? 5_000 : latency * 1000 / 3)
    try check(library.hw_period(handle, hardware, &microseconds, nil))
    microseconds = UInt32(way == .record ? 100_000 : latency * 1000)
    try check(library.hw_buffer(handle, hardware, &microseconds, nil))
    try check(library.hw_set(handle, hardware))
    var (buffer, period) = (snd_pcm_uframes_t(), snd_pcm_uframes_t())
    try check(library.sizes(handle, &buffer, &period))
    period = max(1, min(period, buffer / 2))
    // Some devices have one size of buffer: then a part of it is used.
    let wanted = UInt(max(latency * rate / 1000, Int(period) * 2))
    let most = way == .record ? buffer : min(buffer, wanted)
    var software: OpaquePointer?
    try check(library.sw_new(&software))
    defer { library.sw_free(software) }
    try check(library.sw_current(handle, software))
    try check(library.sw_start(handle, software, way == .record ? 1 : most / period * period))
    try check(library.sw_least(handle, software, buffer - most + period))
    try check(library.sw_set(handle, software))
    return (Int(period), Int(buffer), Int(most))
  }

  // MARK: Sound

  /// Lets it run, where it does not begin by itself.
  func start() -> Int { way == .record ? Int(library.start(handle)) : 0 }

  /// Waits until something can be moved: 0 after so many milliseconds, below 0 if it failed.
  func wait(_ milliseconds: Int) -> Int { Int(library.wait(handle, Int32(milliseconds))) }

  /// Reads what is there: how many samples, or what failed; `-EAGAIN` is neither.
  func read(_ block: UnsafeMutableBufferPointer<Int16>) -> Int {
    library.read(handle, block.baseAddress, snd_pcm_uframes_t(block.count))
  }

  /// Writes: how many samples it took, or what failed.
  func write(_ block: UnsafeBufferPointer<Int16>) -> Int {
    library.write(handle, block.baseAddress, snd_pcm_uframes_t(block.count))
  }

  /// How many samples a loudspeaker wants now, or what failed.
  func room() -> Int {
    let free = library.available(handle)
    return free < 0 ? free : max(0, free - (buffer - most))
  }

  /// Makes it usable again after what failed; below 0 where that cannot be.
  func recover(_ failed: Int) -> Int {
    let code = Int(library.recover(handle, Int32(clamping: failed), 1))
    return code < 0 ? code : start()
  }
}
