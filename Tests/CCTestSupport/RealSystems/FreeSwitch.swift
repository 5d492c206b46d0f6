// A real FreeSWITCH on loopback, as the documents set it up.

import Foundation

/// A FreeSWITCH with desks 1001 to 1003, the queue `support@default` (7000) and customers.
///
/// Its configuration is that of `docs/sip.md` with ports of its own, and a few numbers to try a line at:
/// 100 echo, 300 the customer's telephone, 486 busy.
public final class FreeSwitch: Sendable {
  /// What is different from what the documents show.
  public struct Setup: Sendable {
    /// Its certificate; without one there is no TLS.
    public var certificate: Certificates.Pair?
    /// Where the customer's telephone listens, to be called at 300.
    public var customer: UInt16 = 9
    /// What is replaced in `freeswitch.xml`.
    public var changes: [(old: String, new: String)] = []
    /// The usual one.
    public init(certificate: Certificates.Pair? = nil, customer: UInt16 = 9) {
      self.certificate = certificate
      self.customer = customer
    }
  }

  /// The password of every desk.
  public static let password = "change-me"

  /// The port of the desks for UDP and TCP.
  public let port: UInt16
  /// The port of the desks for TLS.
  public let tlsPort: UInt16
  /// The port where customers arrive.
  public let trunkPort: UInt16
  private let socketPort: UInt16
  private let place: RealSystem.Place
  private let folder: TestFolder
  private let process: Mutexed<TestChild>

  /// Starts one and waits until it is ready.
  public init(_ setup: Setup = Setup()) async throws {
    // Between the kernel's pick and the bind another program may have taken a port.
    var last: any Error = NotInTime("freeswitch")
    for _ in 1...3 {
      do {
        let folder = try TestFolder()
        let ports = [Ports.free(), Ports.free(), Ports.free(), Ports.free()]
        let place = try RealSystem.freeswitch.place()
        try Self.configure(setup, folder, ports)
        process = Mutexed(try await Self.start(place, folder, ports))
        (self.place, self.folder) = (place, folder)
        (port, tlsPort, trunkPort, socketPort) = (ports[0], ports[1], ports[2], ports[3])
        return
      } catch { last = error }
    }
    throw last
  }

  /// What it wrote.
  public var log: String { folder.read("log/freeswitch.log") + folder.read("freeswitch.out") }
  /// Its process.
  public var pid: Int32 { process.with { $0.pid } }

  /// Runs a command of its event socket; what it says.
  public func command(_ text: String) async throws -> String {
    try await EventSocket(port: socketPort).ask(text)
  }

  /// Kills it; `start()` brings it back on the same ports.
  public func kill() async {
    let child = process.with { $0 }
    Foundation.kill(-child.pid, SIGKILL)
    _ = try? await child.ended()
  }

  /// Starts it again.
  public func start() async throws {
    let again = try await Self.start(place, folder, [port, tlsPort, trunkPort, socketPort])
    process.with { $0 = again }
  }

  /// Stops it: its own end takes seconds, and there is nothing to save.
  public func stop() async { await kill() }

  private static let folders = [
    "log", "db", "run", "certs", "storage", "recordings", "cache", "scripts", "htdocs", "grammar",
    "sounds", "temp",
  ]

  private static func start(
    _ place: RealSystem.Place, _ folder: TestFolder, _ ports: [UInt16]
  ) async throws -> TestChild {
    let output = open(
      folder.path("freeswitch.out"), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0o600)
    defer { close(output) }
    try? FileManager.default.removeItem(atPath: folder.path("log/freeswitch.log"))
    let child: TestChild
    switch place {
    case .folder(let here):
      child = try TestChild(
        "\(here)/run", [folder.url.path], in: folder.url.path, output: output, error: output)
    case .program(let path):
      child = try TestChild(
        path,
        ["-nf", "-nc", "-nonat", "-nonatmap", "-nort", "-conf", folder.path("conf")]
          + folders.flatMap { ["-\($0)", folder.path($0)] },
        in: folder.url.path, output: output, error: output)
    }
    // The event socket is loaded last, and profiles come up by themselves.
    try await eventually("freeswitch is ready", within: 60) {
      if let code = child.exitCode {
        throw NotInTime(
          "freeswitch ended with \(code): \(folder.read("freeswitch.out").suffix(800))")
      }
      return [ports[0], ports[2], ports[3]].allSatisfy { Ports.answers(tcp: $0) }
    }
    // Somebody else may be the one who answers there.
    let log = folder.read("log/freeswitch.log")
    guard !log.contains("Could not listen"), !log.contains("Error Creating SIP UA") else {
      Foundation.kill(-child.pid, SIGKILL)
      throw NotInTime("freeswitch found a port taken")
    }
    return child
  }

  private static func configure(
    _ setup: Setup, _ folder: TestFolder, _ ports: [UInt16]
  ) throws {
    for part in folders + ["conf"] {
      try FileManager.default.createDirectory(
        atPath: folder.path(part), withIntermediateDirectories: true)
    }
    var file = try DocumentedFile(.freeswitch, "freeswitch.xml")
    try file.replace("192.0.2.10", by: "127.0.0.1")
    for (name, port) in zip(["5060", "5061", "5080", "8021"], ports) {
      try file.replace("value=\"\(name)\"", by: "value=\"\(port)\"")
    }
    // A test does not wait for half a minute.
    try file.replace("wrap-up-time=\"30\"", by: "wrap-up-time=\"0\"")
    try file.replace("/etc/freeswitch/tls", by: folder.path("certs"))
    if let pair = setup.certificate {
      let both = try String(contentsOfFile: pair.certificate, encoding: .utf8)
      _ = try folder.write(
        "certs/agent.pem", both + String(contentsOfFile: pair.key, encoding: .utf8))
      _ = try folder.write("certs/cafile.pem", both)
    } else {
      try file.replace("name=\"tls\" value=\"true\"", by: "name=\"tls\" value=\"false\"")
    }
    var more = try DocumentedFile(.freeswitch, "more-desks.xml")
    more.text = more.text.replacing("127.0.0.1:5099", with: "127.0.0.1:\(setup.customer)")
    try file.replace("<!-- The tests add numbers here. -->", by: more.text)
    for (old, new) in setup.changes { try file.replace(old, by: new) }
    _ = try folder.write("conf/freeswitch.xml", file.text)
  }
}

/// One question to FreeSWITCH's event socket.
private struct EventSocket {
  var port: UInt16

  func ask(_ command: String) async throws -> String {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    guard Ports.withLoopback(port, { connect(descriptor, $0, $1) }) == 0 else {
      throw NotInTime("freeswitch's event socket")
    }
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    func say(_ text: String) {
      _ = Array("\(text)\n\n".utf8).withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
    }
    say("auth change-me-too")
    say("api \(command)")
    var bytes: [UInt8] = []
    var answer: String?
    try await eventually("freeswitch answers \(command)", within: 20) {
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
        bytes += buffer[..<count]
      }
      answer = Self.answer(in: String(decoding: bytes, as: UTF8.self))
      return answer != nil
    }
    return answer ?? ""
  }

  /// The body of `Content-Type: api/response`, once it is all there.
  private static func answer(in text: String) -> String? {
    guard let head = text.range(of: "Content-Type: api/response\n"),
      let length = text[head.upperBound...].firstMatch(of: /Content-Length: ([0-9]+)\n\n/),
      let count = Int(length.1)
    else { return nil }
    let body = text[length.range.upperBound...]
    return body.utf8.count >= count ? String(body.utf8.prefix(count)) : nil
  }
}
