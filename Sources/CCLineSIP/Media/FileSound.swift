// Sound from and into WAV files.

import CCCore
import CLibre
import CLinux
import Glibc

/// `file:IN,OUT` plays IN over and over and writes what arrives to OUT; either may be left out.
final class FileSound: Sound {
  let rate = Block.narrow
  let hasMicrophone = false
  let hasClock = false
  private let samples: [Int16]
  private var position = 0
  private let recording = Slot()

  /// Where it records, if it does.
  private(set) var recordingPath: String?

  /// Opens the recording.
  ///
  /// An existing file is never written over: the next free name gets a number.
  init(samples: [Int16], output: String?) throws(SoundUnusable) {
    self.samples = samples
    guard let output else { return }
    let path = try Self.claim(output)
    var format = aufile_prm(srate: UInt32(Block.narrow), channels: 1, fmt: AUFMT_S16LE)
    let error = aufile_open(recording.place, &format, path, AUFILE_WRITE)
    guard error == 0 else { throw Self.unusable(path, error) }
    recordingPath = path
  }

  func open(wide: Bool, ear: Playout) {}

  func capture(_ block: UnsafeMutableBufferPointer<Int16>) {
    guard !samples.isEmpty else { return block.update(repeating: 0) }
    for index in block.indices {
      block[index] = samples[position]
      position = position + 1 == samples.count ? 0 : position + 1
    }
  }

  func play(_ block: UnsafeMutableBufferPointer<Int16>) {
    guard let file = recording.object, let base = block.baseAddress else { return }
    let bytes = block.count * 2
    base.withMemoryRebound(to: UInt8.self, capacity: bytes) { _ = aufile_write(file, $0, bytes) }
  }

  func finish() { recording.release() }

  /// The samples of a WAV file: 8000 a second, one channel, 16 bits; at most ten minutes.
  static func samples(of path: String) throws(SoundUnusable) -> [Int16] {
    // libre would wait for a FIFO, and read /dev/zero to no end.
    guard cc_look_at_file(path) != cc_no_file else {
      throw SoundUnusable(sentence: "sip.audio: \(SafeText(path)) is no file.")
    }
    let file = Slot()
    var format = aufile_prm()
    let error = aufile_open(file.place, &format, path, AUFILE_READ)
    guard error == 0 else { throw unusable(path, error) }
    guard format.srate == UInt32(Block.narrow), format.channels == 1, format.fmt == AUFMT_S16LE
    else {
      throw SoundUnusable(
        sentence: "sip.audio: \(path) is no WAV of 8000 Hz, one channel, 16 bits.")
    }
    let most = 10 * 60 * Block.narrow
    var samples: [Int16] = []
    var buffer = [Int16](repeating: 0, count: 8000)
    while samples.count < most {
      var bytes = buffer.count * 2
      let error = buffer.withUnsafeMutableBytes { raw in
        aufile_read(file.object, raw.baseAddress?.assumingMemoryBound(to: UInt8.self), &bytes)
      }
      guard error == 0, bytes > 1 else { break }
      samples += buffer[..<(bytes / 2)]
    }
    return samples
  }

  /// Creates the file, for nobody else to read, and returns its name.
  private static func claim(_ path: String) throws(SoundUnusable) -> String {
    let dot = path.lastIndex(of: ".") ?? path.endIndex
    for number in 1...999 {
      let name = number == 1 ? path : "\(path[..<dot])-\(number)\(path[dot...])"
      let descriptor = Glibc.open(name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
      if descriptor >= 0 {
        close(descriptor)
        return name
      }
      guard errno == EEXIST else { throw unusable(name, errno) }
    }
    throw SoundUnusable(sentence: "sip.audio: \(path) and 998 names after it are taken.")
  }

  private static func unusable(_ path: String, _ error: Int32) -> SoundUnusable {
    SoundUnusable(sentence: "sip.audio: \(path): \(Reasons.text(of: error)).")
  }
}
