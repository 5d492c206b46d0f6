// A real program that a test talks to.

import Foundation

/// A program of the system, its output in `NAME.out` in the test's folder.
public final class Peer: Sendable {
  private let child: TestChild

  /// Starts a program found in PATH.
  public init(_ name: String, _ arguments: [String], in folder: TestFolder) throws {
    let log = open(folder.path("\(name).out"), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0o600)
    defer { close(log) }
    let places = ["/usr/sbin/", "/usr/bin/", "/usr/local/sbin/", "/usr/local/bin/", "/bin/"]
    guard let place = places.first(where: { access($0 + name, X_OK) == 0 }) else {
      throw NotInTime("\(name) is not installed: make test installs it")
    }
    child = try TestChild(place + name, arguments, in: folder.url.path, output: log, error: log)
  }

  /// Its exit code, once it has ended.
  public func exitCode() async -> Int32 { (try? await child.ended()) ?? -1 }

  /// Its process.
  public var pid: Int32 { child.pid }

  /// Its exit code; nil while it runs.
  public var exitCodeIfEnded: Int32? { child.exitCode }

  /// Stops it and waits until it is gone.
  public func stop() async { await child.stop() }
}
