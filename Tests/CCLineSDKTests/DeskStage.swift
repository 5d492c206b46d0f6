// The whole house: fake vendor, token service, desk on a terminal, its line, a browser, the stand-in.

import CCTestSupport
import Foundation
import Glibc

/// What a test of the desk on the SDK line needs; `stop` ends all of it.
final class DeskStage {
  let folder: TestFolder
  private let vendor: TestChild
  private let service: TestChild

  /// Starts vendor and service, and writes the desk's configuration.
  ///
  /// - Parameters:
  ///   - wish: what the stand-in is to do.
  ///   - life: how long a credential lives, in seconds.
  init(_ wish: String, life: Int = 600) async throws {
    let folder = try TestFolder()
    self.folder = folder
    // In a process of its own: a test that watches a terminal holds a thread that a server would want.
    vendor = try Self.run("FakeVendor", [], "vendor", in: folder)
    try await eventually("the vendor listens", within: 20) {
      folder.read("vendor.out").hasSuffix("\n")
    }
    let base = "http://127.0.0.1:" + folder.read("vendor.out").trimmingCharacters(in: .newlines)
    let agents = folder.path("agents")
    let added = try Self.run(
      "ccterm-cloud",
      [
        "token-service", "add", "liwei", "--seat", "0705C245_001", "--generate", "--agents", agents,
      ],
      "added", in: folder)
    guard try await added.ended() == 0 else { throw NotInTime(folder.read("added.err")) }
    let secret = folder.read("added.out").trimmingCharacters(in: .newlines)
    service = try Self.run(
      "ccterm-cloud", ["token-service", "--port", "0", "--settings", "0"], "service",
      input: """
        {"cloud":{"api":"\(base)","key":"bDqJFiq9","secret":"7bz1lzh9",
        "agentsFile":"\(agents)","expires":\(life)}}
        """, in: folder)
    try await eventually("the service listens", within: 20) {
      folder.read("service.err").contains("serving: ")
    }
    let words = folder.read("service.err").split { ": ,\n".contains($0) }
    guard let place = words.firstIndex(of: "127.0.0.1"), let port = Int(words[place + 1]) else {
      throw NotInTime("the service names no port: \(folder.read("service.err"))")
    }
    try configure(wish, port: port, secret: secret)
  }

  private func configure(_ wish: String, port: Int, secret: String) throws {
    let script = try folder.write("sip-sdk.js", try StandIn.script(wish))
    let config = folder.url.appending(path: "config/ccterm")
    try FileManager.default.createDirectory(at: config, withIntermediateDirectories: true)
    let path = try folder.write(
      "config/ccterm/config.yaml",
      """
      line: sdk
      sdk:
        browser: \(try StandIn.browser(in: folder))
        window: headless
        noSandbox: \(geteuid() == 0 ? "yes" : "no")
        script: "file:\(script)"
      token:
        from: url
        url: http://127.0.0.1:\(port)/v1/token
        user: liwei
        secret: \(secret)

      """)
    chmod(path, 0o600)
  }

  /// A desk on a terminal.
  func desk(_ arguments: [String] = []) throws -> Pty {
    try Pty([Products.path("ccterm")] + arguments, environment: environment)
  }

  /// What keeps a run inside the folder.
  var environment: [String: String] {
    [
      "HOME": folder.url.path, "XDG_CONFIG_HOME": folder.path("config"),
      "XDG_STATE_HOME": folder.path("state"), "XDG_RUNTIME_DIR": folder.url.path,
      "CCTERM_ETC": folder.path("etc"), "PATH": "\(folder.url.path):/usr/bin:/bin",
    ]
  }

  /// The browser's main process.
  var browser: Int32? {
    let name = (try? FileManager.default.contentsOfDirectory(atPath: folder.url.path))?.first {
      $0.hasPrefix("ccterm-sdk-")
    }
    return name.flatMap {
      Processes.with(
        argument: "--user-data-dir=\(folder.path($0))", "--remote-debugging-pipe"
      ).first
    }
  }

  /// How many credentials the service has issued.
  var issued: Int {
    folder.read("service.err").components(separatedBy: "issued: agent=liwei").count - 1
  }

  /// Ends what it started.
  func stop() async {
    await service.stop()
    await vendor.stop()
  }

  private static func run(
    _ program: String, _ arguments: [String], _ name: String, input: String = "",
    in folder: TestFolder
  ) throws -> TestChild {
    let given = try folder.write("\(name).in", input)
    let ends = [
      open(given, O_RDONLY | O_CLOEXEC),
      open(folder.path("\(name).out"), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0o600),
      open(folder.path("\(name).err"), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0o600),
    ]
    defer { for end in ends { close(end) } }
    defer { try? FileManager.default.removeItem(atPath: given) }
    return try TestChild(
      Products.path(program), arguments, in: folder.url.path, input: ends[0],
      output: ends[1], error: ends[2])
  }
}

extension Pty {
  /// Types a number and what goes with it, as a hand does, and presses Enter.
  func dial(_ number: String, info: String) -> Bool {
    for key in number.map(String.init) + ["\t"] + info.map(String.init) {
      let before = screen
      type(key)
      _ = wait(seconds: 2) { screen != before }
    }
    guard wait(for: "sends \(number)") else { return false }
    _ = wait(seconds: 0.1) { false }  // an Enter at once would be part of a paste
    type("\r")
    return true
  }

  static let f5 = "\u{1B}[15~"
  static let f8 = "\u{1B}[19~"
}
