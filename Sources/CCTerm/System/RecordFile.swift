// The file of `--record`: what passes between desk and line.

import CCCore
import CCLine
import Glibc

/// Keeps a record in a new file that only the user can read.
@MainActor final class RecordFile {
  private let path: String
  private let writer: RecordWriter
  private let limit: Int
  private var descriptor: Int32
  private var size = 0
  private var buffer: [UInt8] = []

  /// The most that a record holds, in bytes: a working day of a busy desk is less than a tenth of it.
  static let limit = 64 << 20

  /// Makes the file; one that is there is never overwritten.
  init(path: String, limit: Int = RecordFile.limit, at now: Int64) throws(Failure) {
    self.path = path
    self.limit = limit
    writer = RecordWriter(startingAt: now)
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      if errno == EEXIST {
        throw .failed("\(path) is there already; a record goes into a new file.")
      }
      throw .failed("\(path) cannot be made: \(Files.reason()).")
    }
  }

  /// Why nothing is written any more; told once.
  private(set) var trouble: String?

  func write(_ event: LineEvent, at now: Int64) { add(writer.line(event, at: now)) }
  func write(_ command: LineCommand, at now: Int64) { add(writer.line(command, at: now)) }

  private func add(_ bytes: [UInt8]) {
    guard descriptor >= 0 else { return }
    guard size + bytes.count <= limit else {
      flush()
      return end("\(path) has \(limit >> 20) MiB, the most that is kept: nothing more is recorded.")
    }
    size += bytes.count
    buffer += bytes
    if buffer.count > 65_536 { flush() }
  }

  /// Writes what was gathered: once a turn of the loop, so that a crash loses next to nothing.
  func flush() {
    var done = 0
    while done < buffer.count, descriptor >= 0 {
      let count = buffer.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress?.advanced(by: done), buffer.count - done)
      }
      if count > 0 {
        done += count
      } else if errno != EINTR {
        end("\(path) cannot be written any more: \(Files.reason()).")
      }
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private func end(_ why: String) {
    guard descriptor >= 0 else { return }
    trouble = why
    Glibc.close(descriptor)
    descriptor = -1
  }

  /// The sentence of a failure, once.
  func takeTrouble() -> String? {
    defer { trouble = nil }
    return trouble
  }

  func close() {
    flush()
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }
}
