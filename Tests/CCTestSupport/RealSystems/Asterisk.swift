// A real Asterisk on loopback, as the documents set it up.

import Foundation

/// An Asterisk with desks 1001 to 1003, the queue `support` (7000) and customers.
///
/// Its configuration is that of `docs/sip.md` with ports of its own, and a few numbers to try a line at:
/// 100 echo, 300 the customer's telephone, 486 busy.
public final class Asterisk: Sendable {
  /// What is different from what the documents show.
  public struct Setup: Sendable {
    /// Its certificate; without one there is no TLS.
    public var certificate: Certificates.Pair?
    /// Where the customer's telephone listens, to be called at 300.
    public var customer: UInt16 = 9
    /// What is replaced in `pjsip.conf` and the like: file, old, new.
    public var changes: [(file: String, old: String, new: String)] = []
    /// What is added at the end of a file.
    public var additions: [String: String] = [:]
    /// The usual one.
    public init(certificate: Certificates.Pair? = nil, customer: UInt16 = 9) {
      self.certificate = certificate
      self.customer = customer
    }
  }

  /// The password of every desk.
  public static let password = "change-me"

  /// The port for UDP and TCP.
  public let port: UInt16
  /// The port for TLS.
  public let tlsPort: UInt16
  private let place: RealSystem.Place
  private let folder: TestFolder
  private let process: Mutexed<TestChild>

  /// Starts one and waits until it is ready.
  public init(_ setup: Setup = Setup()) async throws {
    // Between the kernel's pick and the bind another program may have taken a port.
    var last: any Error = NotInTime("asterisk")
    for _ in 1...3 {
      do {
        let folder = try TestFolder()
        let (port, tlsPort) = (Ports.free(), Ports.free())
        let place = try RealSystem.asterisk.place()
        try Self.configure(setup, folder, port, tlsPort)
        process = Mutexed(try await Self.start(place, folder))
        (self.place, self.folder, self.port, self.tlsPort) = (place, folder, port, tlsPort)
        return
      } catch { last = error }
    }
    throw last
  }

  /// What it wrote.
  public var log: String { folder.read("log/full") + folder.read("asterisk.out") }
  /// Its process.
  public var pid: Int32 { process.with { $0.pid } }

  /// Runs a command of its console; what it says.
  public func command(_ text: String) async throws -> String {
    let name = "command-\(UUID().uuidString.prefix(8))"
    let output = open(folder.path(name), O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
    defer { close(output) }
    let (path, arguments) = Self.program(place, folder)
    let child = try TestChild(
      path, arguments + ["-rx", text], in: folder.url.path, output: output, error: output)
    _ = try await child.ended()
    return folder.read(name)
  }

  /// Kills it; `start()` brings it back on the same ports.
  public func kill() async {
    let child = process.with { $0 }
    Foundation.kill(child.pid, SIGKILL)
    _ = try? await child.ended()
  }

  /// Starts it again.
  public func start() async throws {
    let again = try await Self.start(place, folder)
    process.with { $0 = again }
  }

  /// Stops it.
  public func stop() async { await kill() }

  private static func program(
    _ place: RealSystem.Place, _ folder: TestFolder
  ) -> (String, [String]) {
    switch place {
    case .folder(let here): ("\(here)/run", [folder.url.path])
    case .program(let path): (path, ["-C", folder.path("asterisk.conf")])
    }
  }

  private static func start(
    _ place: RealSystem.Place, _ folder: TestFolder
  ) async throws -> TestChild {
    let output = open(
      folder.path("asterisk.out"), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0o600)
    defer { close(output) }
    try? FileManager.default.removeItem(atPath: folder.path("log/full"))
    var (path, arguments) = program(place, folder)
    if case .program = place { arguments.append("-f") }
    let child = try TestChild(path, arguments, in: folder.url.path, output: output, error: output)
    try await eventually("asterisk is ready", within: 30) {
      if let code = child.exitCode {
        throw NotInTime("asterisk ended with \(code): \(folder.read("asterisk.out").suffix(800))")
      }
      return folder.read("log/full").contains("Asterisk Ready")
    }
    let log = folder.read("log/full")
    guard !log.contains("Unable to bind"), !log.contains("could not be started") else {
      await child.stop()
      throw NotInTime("asterisk found a port taken")
    }
    return child
  }

  private static func configure(
    _ setup: Setup, _ folder: TestFolder, _ port: UInt16, _ tlsPort: UInt16
  ) throws {
    for part in ["etc", "data/moh", "log", "run", "spool", "db", "cache"] {
      try FileManager.default.createDirectory(
        atPath: folder.path(part), withIntermediateDirectories: true)
    }
    var pjsip = try DocumentedFile(.asterisk, "pjsip.conf")
    try pjsip.replace("bind=0.0.0.0:5060", by: "bind=127.0.0.1:\(port)")
    if let pair = setup.certificate {
      try pjsip.replace("bind=0.0.0.0:5061", by: "bind=127.0.0.1:\(tlsPort)")
      try pjsip.replace("/etc/asterisk/keys/pbx.pem", by: pair.certificate)
      try pjsip.replace("/etc/asterisk/keys/pbx.key", by: pair.key)
    } else if let start = pjsip.text.range(of: "[tls]"),
      let end = pjsip.text.range(of: "; What every desk has")
    {
      pjsip.text.removeSubrange(start.lowerBound..<end.lowerBound)
    }
    var customers = try DocumentedFile(.asterisk, "more-pjsip.conf")
    try customers.replace("127.0.0.1:5099", by: "127.0.0.1:\(setup.customer)")
    var queues = try DocumentedFile(.asterisk, "queues.conf")
    // A test does not wait for half a minute.
    try queues.replace("wrapuptime=30", by: "wrapuptime=0")
    var files = [
      "pjsip.conf": pjsip.text + "\n" + customers.text, "queues.conf": queues.text,
      "extensions.conf": try DocumentedFile(.asterisk, "extensions.conf").text + "\n"
        + DocumentedFile(.asterisk, "more-extensions.conf").text,
      "modules.conf": "[modules]\nautoload=yes\n",
      "logger.conf": "[logfiles]\nfull => notice,warning,error,verbose\n",
      "musiconhold.conf": "[default]\nmode=files\ndirectory=\(folder.path("data/moh"))\n",
      "rtp.conf": "[general]\nrtpstart=10000\nrtpend=16000\n",
    ]
    for (file, old, new) in setup.changes {
      guard files[file]?.contains(old) == true else { throw NotInTime("\(file) has no \(old)") }
      files[file] = files[file]?.replacing(old, with: new)
    }
    for (file, text) in setup.additions { files[file, default: ""] += "\n" + text }
    for (name, text) in files { _ = try folder.write("etc/\(name)", text) }
    // The music of a held call: a tone of 660 Hz.
    let music = Data(CustomerVoice.holdMusic.samples(seconds: 2).map { MuLaw.encode($0) })
    try music.write(to: URL(filePath: folder.path("data/moh/tone.ulaw")))
    _ = try folder.write("asterisk.conf", placesOfItsOwn(folder))
  }

  /// Of the system's own program; an unpacked one writes a file of its own.
  private static func placesOfItsOwn(_ folder: TestFolder) -> String {
    """
    [directories]
    astetcdir => \(folder.path("etc"))
    astdbdir => \(folder.path("db"))
    astspooldir => \(folder.path("spool"))
    astrundir => \(folder.path("run"))
    astlogdir => \(folder.path("log"))
    astcachedir => \(folder.path("cache"))
    [options]
    hideconnect = yes
    nocolor = yes

    """
  }
}
