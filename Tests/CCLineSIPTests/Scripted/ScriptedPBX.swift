// A telephone system that is nothing but a socket and says whatever a test wants, over UDP, TCP or TLS.

import CCCore
import CCJSON
import CCTestSupport
import Foundation

@testable import CCLineSIP

/// Welcomes a line by itself, keeps what else comes for the test, and sends what the test says.
///
/// Its way can break (`shut`), hang (`isMute`) and come back (`open`), on the same port.
final class ScriptedPBX: @unchecked Sendable {
  let transport: String
  let port: UInt16
  private let certificates: (Certificates, Certificates.Pair)?
  private let state = Mutexed(State())

  private struct State {
    var wire: Wire?
    var inbox: [String] = []
    var isMute = false
    var isOver = false
    var welcome: @Sendable (String) -> String? = { _ in nil }
  }

  /// Starts one.
  init(_ transport: String = "udp") async throws {
    self.transport = transport
    if transport == "tls" {
      let authority = try await Certificates()
      certificates = (authority, try await authority.make("pbx", for: "IP:127.0.0.1"))
    } else {
      certificates = nil
    }
    // Between the kernel's pick and the bind another program may have taken the port.
    var found: (port: UInt16, wire: Wire)?
    for _ in 1...5 where found == nil {
      let port = Ports.free()
      found = try? await (port, Self.wire(transport, port, certificates?.1))
    }
    guard let found else { throw NotInTime("a port for a telephone system") }
    port = found.port
    state.with { $0.wire = found.wire }
    let thread = Thread { [weak self] in
      while let self, !self.state.with({ $0.isOver }) { self.turn() }
    }
    thread.start()
  }

  deinit {
    state.with {
      $0.isOver = true
      $0.wire = nil
    }
  }

  /// Ends it.
  func stop() { state.with { $0.isOver = true } }

  /// What a REGISTER or OPTIONS is answered; nil: a 200.
  var welcome: @Sendable (String) -> String? {
    get { state.with { $0.welcome } }
    set { state.with { $0.welcome = newValue } }
  }

  /// Whether it hears nothing and says nothing, as a host that hangs.
  var isMute: Bool {
    get { state.with { $0.isMute } }
    set { state.with { $0.isMute = newValue } }
  }

  /// Nobody is there any more: connections are reset, datagrams refused.
  func shut() { state.with { $0.wire = nil } }

  /// It is there again.
  func open() async throws {
    // Whoever just looks at the old way holds the port for a moment more.
    try await eventually("port \(port) is had again") {
      state.with { $0.wire = nil }
      guard let wire = try? await Self.wire(transport, port, certificates?.1) else { return false }
      state.with { $0.wire = wire }
      return true
    }
  }

  private static func wire(
    _ transport: String, _ port: UInt16, _ pair: Certificates.Pair?
  ) async throws -> Wire {
    switch transport {
    case "udp": try DatagramWire(port)
    case "tcp": try StreamWire(port)
    default: try await TLSWire(port, pair)
    }
  }

  /// Where the line speaks from, over UDP.
  var peerPort: UInt16? { state.with { $0.wire?.peerPort } }

  // MARK: The line

  /// The configuration for it.
  func configuration(
    _ line: LineUnderTest, _ more: [(String, JSONValue)] = []
  ) -> JSONValue {
    let trust: [(String, JSONValue)] =
      certificates.map { [("caFile", .string($0.0.authority.certificate))] } ?? []
    return line.configuration(port: port, transport: transport, trust + more)
  }

  /// What each rule is tried over.
  static let transports = ["udp", "tcp", "tls"]

  /// One over a transport, and a line that is registered there.
  static func withLine(
    _ transport: String, _ more: [(String, JSONValue)] = []
  ) async throws -> (LineUnderTest, ScriptedPBX) {
    let pbx = try await ScriptedPBX(transport)
    let line = try LineUnderTest()
    try await pbx.signIn(line, more)
    return (line, pbx)
  }

  /// Calls the line and hears it ring; the dialog, and the INVITE that began it.
  func rings() async throws -> (dialog: ScriptedDialog, invite: String) {
    let invite = ScriptedDialog.invite(self)
    send(invite)
    let ringing = try await answer(180, to: "INVITE")
    return (ScriptedDialog(self, called: invite, answered: ringing), invite)
  }

  /// Registers a line and waits for it.
  func signIn(_ line: LineUnderTest, _ more: [(String, JSONValue)] = []) async throws {
    line.register(configuration(line, more))
    try await line.wait("registered", within: 30) { if case .registered = $0 { true } else { nil } }
  }

  /// Lets the line call, and answers; the dialog.
  func takesCall(_ line: LineUnderTest, body: String = HostileMessages.sound) async throws
    -> ScriptedDialog
  {
    line.dial("123")
    let invite = try await next("INVITE")
    var dialog = ScriptedDialog(self, invited: invite)
    send(dialog.answer(invite, "200 OK", body: body))
    _ = try await next("ACK")
    dialog.id = try await line.call(.talking).call
    return dialog
  }

  // MARK: Messages

  private func turn() {
    guard let wire = state.with({ $0.wire }) else {
      usleep(2_000)
      return
    }
    for message in wire.take() {
      let answer = state.with { state -> String? in
        // What came on a way that was shut meanwhile came to nobody.
        guard !state.isMute, state.wire === wire else { return nil }
        guard message.hasPrefix("REGISTER ") || message.hasPrefix("OPTIONS ") else {
          state.inbox.append(message)
          return nil
        }
        return state.welcome(message) ?? Self.welcome(message)
      }
      if let answer { wire.send(Array(answer.utf8)) }
    }
  }

  private static func welcome(_ request: String) -> String {
    let contact = SIPText.header(["contact"], in: request)
    return ScriptedDialog.answer(
      to: request, "200 OK", tag: "pbx", contact.map { ["Contact: \($0)"] } ?? [])
  }

  /// Sends a message to the line.
  func send(_ text: String) { send(Array(text.utf8)) }

  /// Sends bytes to the line.
  func send(_ bytes: [UInt8]) {
    let wire = state.with { $0.isMute ? nil : $0.wire }
    wire?.send(bytes)
  }

  /// What came and nobody has taken.
  var waiting: [String] { state.with { $0.inbox } }

  /// Forgets what came.
  func forget() { state.with { $0.inbox = [] } }

  /// The next message for which something holds; what is before it stays.
  func next(
    _ what: String, within seconds: Double = 10, where holds: @Sendable (String) -> Bool
  ) async throws -> String {
    var found: String?
    do {
      try await eventually(what, within: seconds) {
        found = state.with { state in
          guard let place = state.inbox.firstIndex(where: holds) else { return nil }
          return state.inbox.remove(at: place)
        }
        return found != nil
      }
    } catch {
      throw NotInTime("\(error); came: \(waiting.map { $0.prefix(70) })")
    }
    return found ?? ""
  }

  /// The next request of a method.
  @discardableResult
  func next(_ method: String, within seconds: Double = 10) async throws -> String {
    try await next("a \(method)", within: seconds) { $0.hasPrefix("\(method) ") }
  }

  /// The next answer to a request of a method; provisional ones only where they are asked for.
  @discardableResult
  func answer(_ code: Int? = nil, to method: String, within seconds: Double = 10) async throws
    -> String
  {
    try await next("\(code.map { "\($0)" } ?? "an answer") to \(method)", within: seconds) { text in
      guard text.hasPrefix("SIP/2.0 "),
        SIPText.header(["cseq"], in: text)?.hasSuffix(" \(method)") == true
      else { return false }
      return code.map { text.hasPrefix("SIP/2.0 \($0) ") } ?? !text.hasPrefix("SIP/2.0 1")
    }
  }
}
