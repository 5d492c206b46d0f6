// A broker: mosquitto on a loopback port.

import Foundation

/// A mosquitto with the settings that a floor needs, and with TLS, users and an ACL where asked for.
public final class Mosquitto: Sendable {
  /// How it is set up.
  public struct Setup: Sendable {
    /// User names and passwords; none: everybody may do everything.
    public var users: [String: String] = [:]
    /// Whether it speaks TLS, with a certificate for `localhost` and 127.0.0.1.
    public var isSecure = false
    /// More lines of the ACL: the usual one is that of agents.
    public var acl: [String] = []
    /// Whether a client's name is its user's: a second one takes over.
    public var namesByUser = false
    /// More lines of the configuration.
    public var lines: [String] = []
    /// The longest packet; nil: any.
    public var longestPacket: Int? = 8192
    /// The usual one.
    public init() {}
  }

  /// The port.
  public let port: UInt16
  private let folder: TestFolder
  private let peer: Mutexed<Peer>

  /// Starts one and waits until it listens.
  public init(_ setup: Setup = Setup()) async throws {
    // Between the kernel's pick and the bind another program may have taken the port.
    var last: any Error = NotInTime("mosquitto")
    for _ in 1...3 {
      do {
        let port = Ports.free()
        let folder = try TestFolder()
        if setup.isSecure { try Self.makeCertificates(in: folder) }
        if !setup.users.isEmpty { try Self.makeUsers(setup, in: folder) }
        _ = try folder.write("mosquitto.conf", Self.configuration(setup, port, folder))
        peer = Mutexed(try await Self.start(port, folder))
        self.port = port
        self.folder = folder
        return
      } catch { last = error }
    }
    throw last
  }

  private static func start(_ port: UInt16, _ folder: TestFolder) async throws -> Peer {
    let peer = try Peer("mosquitto", ["-c", folder.path("mosquitto.conf")], in: folder)
    try await eventually("mosquitto listens", within: 20) {
      if let code = peer.exitCodeIfEnded {
        throw NotInTime("mosquitto ended with \(code): \(folder.read("mosquitto.out").suffix(500))")
      }
      return Ports.answers(tcp: port)
    }
    return peer
  }

  /// The authority that signed its certificate.
  public var caFile: String { folder.path("ca.crt") }
  /// What it wrote.
  public var log: String { folder.read("mosquitto.out") }
  /// Its process.
  public var pid: Int32 { peer.with { $0.pid } }

  /// Stops it in good order; `start()` brings it back on the same port.
  public func stop() async { await peer.with({ $0 }).stop() }

  /// Kills it, as a power cut would.
  public func kill() async {
    let peer = peer.with { $0 }
    Foundation.kill(peer.pid, SIGKILL)
    _ = await peer.exitCode()
  }

  /// Makes it silent: its connections stay open, and nothing comes from it.
  public func freeze() { Foundation.kill(pid, SIGSTOP) }

  /// Lets it go on.
  public func thaw() { Foundation.kill(pid, SIGCONT) }

  /// Starts it again.
  public func start() async throws {
    var last: any Error = NotInTime("mosquitto")
    for _ in 1...10 {
      do {
        let again = try await Self.start(port, folder)
        return peer.with { $0 = again }
      } catch { last = error }
    }
    throw last
  }

  private static func configuration(
    _ setup: Setup, _ port: UInt16, _ folder: TestFolder
  ) -> String {
    var lines = [
      "listener \(port) 127.0.0.1", "set_tcp_nodelay true", "max_queued_messages 1000000",
      "max_inflight_messages 200", "max_keepalive 60", "persistence false", "log_type all",
      "log_dest stderr",
    ]
    if geteuid() == 0 { lines.append("user root") }
    if let longest = setup.longestPacket { lines.append("max_packet_size \(longest)") }
    if setup.namesByUser { lines.append("use_username_as_clientid true") }
    if setup.isSecure {
      lines += [
        "cafile \(folder.path("ca.crt"))", "certfile \(folder.path("server.crt"))",
        "keyfile \(folder.path("server.key"))", "tls_version tlsv1.2",
      ]
    }
    if setup.users.isEmpty {
      lines.append("allow_anonymous true")
    } else {
      lines += [
        "allow_anonymous false", "password_file \(folder.path("passwd"))",
        "acl_file \(folder.path("acl"))",
      ]
    }
    return (lines + setup.lines).joined(separator: "\n") + "\n"
  }

  private static func makeUsers(_ setup: Setup, in folder: TestFolder) throws {
    let lines = setup.users.map { "\($0.key):\($0.value)" }.joined(separator: "\n")
    _ = try folder.write("passwd", lines + "\n")
    try run("mosquitto_passwd", ["-U", folder.path("passwd")], in: folder)
    let acl =
      [
        "pattern write cc/v1/%u/seat", "pattern write cc/v1/%u/call", "pattern write cc/v1/%u/ack",
        "pattern read cc/v1/%u/seat", "pattern read cc/v1/%u/cmd/+",
      ] + setup.acl
    _ = try folder.write("acl", acl.joined(separator: "\n") + "\n")
  }

  private static func makeCertificates(in folder: TestFolder) throws {
    let key = ["ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out"]
    try run("openssl", key + [folder.path("ca.key")], in: folder)
    try run(
      "openssl",
      [
        "req", "-x509", "-new", "-key", folder.path("ca.key"), "-subj", "/CN=test authority",
        "-days", "2", "-out", folder.path("ca.crt"),
      ], in: folder)
    try run("openssl", key + [folder.path("server.key")], in: folder)
    try run(
      "openssl",
      [
        "req", "-new", "-key", folder.path("server.key"), "-subj", "/CN=localhost", "-out",
        folder.path("server.csr"),
      ], in: folder)
    let names = try folder.write("names", "subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    try run(
      "openssl",
      [
        "x509", "-req", "-in", folder.path("server.csr"), "-CA", folder.path("ca.crt"), "-CAkey",
        folder.path("ca.key"), "-CAcreateserial", "-days", "2", "-extfile", names, "-out",
        folder.path("server.crt"),
      ], in: folder)
  }

  private static func run(_ name: String, _ arguments: [String], in folder: TestFolder) throws {
    guard try TestChild.run("/usr/bin/\(name)", arguments).code == 0 else {
      throw NotInTime("\(name) \(arguments)")
    }
  }
}
