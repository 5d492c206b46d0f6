// The devices of ALSA that calls and tones use.

import CALSA
import CCCore
import CLibre

/// Gives each device its stream, and tells what becomes of it.
///
/// It lives as long as the program, since a slow thread may still hold its queue.
final class AlsaDevices {
  private let library: cc_alsa
  private let queue = Slot()
  private let ticket = Ticket()
  private weak var owner: (any SoundOwner)?
  private var streams: [AlsaStream] = []
  /// Which stream a use is of.
  private var uses: [Int: AlsaStream] = [:]
  private var lastUse = 0
  /// The streams of which it was told that they failed, by their place.
  private var told: Set<Int> = []

  init(owner: any SoundOwner) throws(SoundUnusable) {
    guard let library = cc_alsa()?.pointee else {
      throw SoundUnusable(
        sentence: "sip.audio: alsa needs libasound; install it (Debian: libasound2), or set none.")
    }
    self.library = library
    self.owner = owner
    let error = mqueue_alloc(
      queue.place,
      { place, error, argument in
        Ticket.holder(argument, as: AlsaDevices.self)?
          .heard(of: Int(place), Int32(Int(bitPattern: error)))
      }, ticket.of(self))
    guard error == 0 else {
      throw SoundUnusable(sentence: "sip.audio: alsa cannot be opened: \(Reasons.text(of: error)).")
    }
  }

  /// Uses a device from now on, as soon as it is there; the use, to be given to `remove`.
  func add(_ way: SoundWay, on device: String, _ work: @escaping AlsaStream.Work) -> Int {
    lastUse += 1
    if let stream = stream(of: device, way) {
      uses[lastUse] = stream
      stream.add(lastUse, work)
    }
    return lastUse
  }

  /// Ends a use.
  func remove(_ use: Int) { uses.removeValue(forKey: use)?.remove(use) }

  private func stream(of device: String, _ way: SoundWay) -> AlsaStream? {
    if let stream = streams.first(where: { $0.device == device && $0.way == way }) { return stream }
    nonisolated(unsafe) let queue = self.queue.object
    let place = Int32(streams.count)
    let stream = AlsaStream(device, way, library: library) { error in
      mqueue_push(queue, place, UnsafeMutableRawPointer(bitPattern: Int(error)))
    }
    if let stream { streams.append(stream) }
    return stream
  }

  private func heard(of place: Int, _ error: Int32) {
    guard streams.indices.contains(place), uses.values.contains(where: { $0 === streams[place] })
    else { return }
    let words = AlsaWords.device(streams[place].device, streams[place].way)
    if error == 0 {
      if told.remove(place) != nil { owner?.note(.cleared, SafeText("\(words) is there")) }
    } else if told.insert(place).inserted {
      let why = AlsaWords.reason(error, library)
      owner?.note(
        .warning, SafeText("\(words) \(why); it is tried again every three seconds", limit: 240))
    }
  }
}

/// What is told of ALSA's devices.
enum AlsaWords {
  /// A device by its name.
  static func device(_ name: String, _ way: SoundWay) -> String {
    "the \(way.word) \u{201C}\(name.isEmpty ? "default" : name)\u{201D}"
  }

  /// Why it cannot be used, after its name.
  static func reason(_ error: Int32, _ library: cc_alsa) -> String {
    switch error {
    case ENOENT, ENODEV, ENXIO: "is not there"
    case EBUSY: "is taken by another program"
    case EACCES, EPERM: "may not be opened by this user (is it in the group audio?)"
    case EINVAL: "takes no single channel of \(AlsaStream.rate) Hz (one named plughw: does)"
    case ETIMEDOUT: "gives no sound"
    default:
      "cannot be used: \(library.words(-error).map { String(cString: $0) } ?? "error \(error)")"
    }
  }
}
