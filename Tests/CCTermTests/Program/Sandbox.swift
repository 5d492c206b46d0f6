// A home of its own for each run of the program.

import CCTestSupport
import Foundation

/// A folder that stands in for home, configuration, state and `/etc`; it goes with the value.
final class Sandbox {
  let folder: URL
  /// What a test sets besides, or instead.
  var more: [String: String] = [:]

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "ccterm-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// The environment that keeps a run inside.
  var environment: [String: String] {
    [
      "HOME": folder.path, "XDG_CONFIG_HOME": path("config"), "XDG_STATE_HOME": path("state"),
      "CCTERM_ETC": path("etc"), "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "",
      "LANG": "C.UTF-8", "TZ": "UTC", "TERM": "xterm-256color",
    ].merging(more) { $1 }
  }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  /// Writes a file; its folders are made.
  @discardableResult
  func write(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
    let file = folder.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
    return file.path
  }

  func mode(_ name: String) -> Int? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path(name))
    return (attributes?[.posixPermissions] as? NSNumber)?.intValue
  }

  func text(_ name: String) -> String? {
    try? String(contentsOfFile: path(name), encoding: .utf8)
  }
}

extension Sandbox {
  /// The configuration of an account on a registrar over TLS, with encrypted sound; `more` are lines
  /// that stand under `sip:`.
  func signsIn(
    _ account: String, at kamailio: Kamailio, _ certificates: Certificates, _ more: String = ""
  ) throws {
    try write(
      "config/ccterm/config.yaml",
      """
      line: sip
      seat:
        wrapUp: 0
      sip:
        registrar: "127.0.0.1:\(kamailio.tlsPort)"
        account: "\(account)@cc.test"
        password: secret
        transport: tls
        caFile: "\(certificates.authority.certificate)"
        srtp: required
      \(more)

      """)
  }
}

/// Files of the repository.
enum Repository {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func path(_ name: String) -> String { root.appending(path: name).path }

  /// The example line of the documentation; it answers after so many seconds.
  static func exampleLine(answering seconds: Double) -> String {
    "exec:python3 \(path("examples/line.py")) \(seconds)"
  }
}
