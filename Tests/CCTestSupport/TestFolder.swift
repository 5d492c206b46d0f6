// A folder that lives as long as a test.

import Foundation

/// A temporary folder, for its owner only, removed with the last reference to it.
public final class TestFolder: Sendable {
  /// Where it is.
  public let url: URL

  /// Makes one.
  public init() throws {
    url = FileManager.default.temporaryDirectory.appending(
      path: "cc-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(
      at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  /// The path of a file in it.
  public func path(_ name: String) -> String { url.appending(path: name).path }

  /// Writes a file and returns its path.
  public func write(_ name: String, _ text: String) throws -> String {
    // A child that is just being started holds what is open here, and what is open for writing cannot be
    // executed.
    let file = url.appending(path: name)
    try Spawner.shared.run { try Data(text.utf8).write(to: file) }
    return path(name)
  }

  /// The text of a file; empty if there is none.
  public func read(_ name: String) -> String {
    (try? Data(contentsOf: url.appending(path: name))).map { String(decoding: $0, as: UTF8.self) }
      ?? ""
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}
