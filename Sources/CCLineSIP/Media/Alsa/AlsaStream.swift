// A device of ALSA with a thread of its own.

import CALSA
import CLinux
import Glibc

/// One device, one way: open while anybody uses it, opened again while it is not there.
///
/// Many devices take one stream only. So all who are to be heard on one share it, and are mixed here; all
/// who record from one get the same samples. `add` and `remove` are the loop's; the rest is the thread's,
/// which sleeps while nobody uses the device, and lives as long as the program.
final class AlsaStream: @unchecked Sendable {
  /// Takes what was recorded, or fills what is to be played; on the stream's thread.
  typealias Work = @Sendable (UnsafeMutableBufferPointer<Int16>) -> Void

  let device: String
  let way: SoundWay
  private let library: cc_alsa
  /// Told 0 when sound flows, and why when it does not.
  private let tell: @Sendable (Int32) -> Void
  private let wanted = Lock<[(use: Int, work: Work)]>([])
  /// Wakes the thread.
  private let bell: Int32
  /// How much a loudspeaker may hold, in milliseconds.
  private var latency = 30
  private var flows = false

  /// One rate for everybody: a call in the telephone's band is brought to it.
  static let rate = Block.wide
  /// How long a device that failed is left alone, in milliseconds.
  private static let pause: Int32 = 3_000
  /// A device that gives nothing for so long is gone, in milliseconds.
  private static let patience = 2_000.0
  /// A loudspeaker that runs dry so often gets more.
  private static let mostDry = 3
  /// And no more than this.
  private static let mostLatency = 120

  /// Nil if there is no thread for it.
  init?(
    _ device: String, _ way: SoundWay, library: cc_alsa, tell: @escaping @Sendable (Int32) -> Void
  ) {
    self.device = device
    self.way = way
    self.library = library
    self.tell = tell
    bell = eventfd(0, cc_eventfd_flags)
    guard bell >= 0 else { return nil }
    guard DetachedThread.start({ [self] in run() }) else { return nil }
  }

  deinit { if bell >= 0 { close(bell) } }

  /// Somebody more who uses it.
  func add(_ use: Int, _ work: @escaping Work) {
    wanted.with { $0.append((use, work)) }
    ring()
  }

  /// One less; the device is closed after the last.
  func remove(_ use: Int) {
    wanted.with { wanted in wanted.removeAll { $0.use == use } }
    ring()
  }

  private func ring() {
    var one: UInt64 = 1
    _ = write(bell, &one, MemoryLayout<UInt64>.size)
  }

  // MARK: On the thread

  /// Those who use it now.
  private var works: [(use: Int, work: Work)] { wanted.with { $0 } }

  private func run() {
    while true {
      if works.isEmpty {
        rest(-1)
      } else if let error = open() {
        flows = false
        tell(error)
        rest(Self.pause)
      }
    }
  }

  /// Until the bell rings, or so many milliseconds.
  private func rest(_ milliseconds: Int32) {
    var entry = pollfd(fd: bell, events: Int16(POLLIN), revents: 0)
    poll(&entry, 1, milliseconds)
    var count: UInt64 = 0
    _ = read(bell, &count, MemoryLayout<UInt64>.size)
  }

  /// Opens the device and moves sound until nobody wants any; or what failed.
  private func open() -> Int32? {
    let pcm: AlsaPCM
    do throws(AlsaPCM.Failure) {
      pcm = try AlsaPCM(device, way, rate: Self.rate, latency: latency, library: library)
    } catch {
      return error.error
    }
    defer { pcm.close() }
    let code = pcm.start()
    return code < 0 ? AlsaPCM.Failure(code).error : move(pcm)
  }

  private func move(_ pcm: AlsaPCM) -> Int32? {
    let block = UnsafeMutableBufferPointer<Int16>.allocate(capacity: pcm.period)
    let scratch = UnsafeMutableBufferPointer<Int16>.allocate(capacity: pcm.period)
    defer {
      block.deallocate()
      scratch.deallocate()
    }
    var last = Playout.now
    var (dry, failures) = (0, 0)
    while true {
      let works = self.works
      if works.isEmpty { return nil }
      let code = way == .record ? record(pcm, block, works) : play(pcm, block, scratch, works)
      if code > 0 {
        (last, failures) = (Playout.now, 0)
        if !flows { tell(0) }
        flows = true
      } else if code == 0 || code == -Int(EAGAIN) {
        guard Playout.now - last < Self.patience else { return ETIMEDOUT }
      } else {
        if code == -Int(EPIPE), way == .playback { dry += 1 }
        failures += 1
        let code = failures < 10 ? pcm.recover(code) : code
        if code < 0 { return AlsaPCM.Failure(code).error }
        if dry == Self.mostDry, latency < Self.mostLatency {
          latency += 10
          return nil
        }
      }
    }
  }

  private func record(
    _ pcm: AlsaPCM, _ block: UnsafeMutableBufferPointer<Int16>, _ works: [(use: Int, work: Work)]
  ) -> Int {
    let count = pcm.read(block)
    guard count > 0 else { return count == -Int(EAGAIN) ? min(0, pcm.wait(100)) : count }
    for (_, work) in works { work(UnsafeMutableBufferPointer(rebasing: block[..<count])) }
    return count
  }

  private func play(
    _ pcm: AlsaPCM, _ block: UnsafeMutableBufferPointer<Int16>,
    _ scratch: UnsafeMutableBufferPointer<Int16>, _ works: [(use: Int, work: Work)]
  ) -> Int {
    let room = pcm.room()
    guard room >= block.count else { return room < 0 ? room : min(0, pcm.wait(100)) }
    works[0].work(block)
    for (_, work) in works.dropFirst() {
      work(scratch)
      for index in block.indices {
        block[index] = Int16(clamping: Int(block[index]) + Int(scratch[index]))
      }
    }
    var done = 0
    while done < block.count {
      let count = pcm.write(UnsafeBufferPointer(rebasing: block[done...]))
      guard count > 0 else { return count }
      done += count
    }
    return done
  }
}
