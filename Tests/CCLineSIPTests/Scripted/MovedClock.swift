// The clocks of a line, moved while it runs.

import CCTestSupport
import Foundation

/// What `libMovedClock.so` tells a program that was started with `environment`.
final class MovedClock: Sendable {
  private let folder: TestFolder
  private let path: String

  init() throws {
    folder = try TestFolder()
    path = try folder.write("clock", String(repeating: "\0", count: 16))
  }

  /// For `LineUnderTest`.
  var environment: [String] {
    ["LD_PRELOAD=\(Products.path("libMovedClock.so"))", "MOVED_CLOCK=\(path)"]
  }

  /// Sets the time of day to so many seconds from the true one.
  func set(by seconds: Int64) throws { try write(seconds * 1_000_000_000, at: 0) }

  /// Lets the machine have slept for so many seconds.
  func sleep(for seconds: Int64) throws { try write(seconds * 1_000_000_000, at: 8) }

  private func write(_ nanoseconds: Int64, at place: UInt64) throws {
    let file = try FileHandle(forUpdating: URL(filePath: path))
    try file.seek(toOffset: place)
    try file.write(contentsOf: withUnsafeBytes(of: nanoseconds) { Data($0) })
    try file.close()
  }
}
