// A registrar that answers by rules that a test sets, and loses its connections as it is told.

import CCCore
import CCJSON
import CCTestSupport
import Foundation

@testable import CCLineSIP

/// Answers by rules on a thread of its own, and keeps all that came, by connection.
///
/// `ScriptedPBX` has one way and hands its messages out one by one; here the ways themselves are looked at.
final class ScriptedRegistrar: @unchecked Sendable {
  /// One message that came.
  struct Heard: Sendable {
    var text: String
    /// Which connection it came on, from 0.
    var way: Int

    func header(_ name: String) -> String { ScriptedDialog.value(name.lowercased(), text) }
    var method: Substring { text.prefix { $0 != " " } }
  }

  /// The status line, headers and body for a request; nil: it is not answered.
  typealias Rule = @Sendable (Heard) -> (status: String, headers: [String])?

  private struct State {
    var heard: [Heard] = []
    var isOver = false
    var rules: [String: Rule] = [:]
    var contact = ""
  }

  let transport: String
  let port: UInt16
  private let ways: RegistrarWays
  private let certificates: Certificates?
  private let state = Mutexed(State())

  static let registers: Rule = { heard in
    ("200 OK", ["Contact: \(heard.header("contact"))"])
  }

  init(_ transport: String, host: UInt8 = 1, port given: UInt16? = nil) async throws {
    self.transport = transport
    certificates = transport == "tls" ? try await Certificates() : nil
    let pair = try await certificates?.make("pbx", for: "IP:127.0.0.1,DNS:localhost")
    ways = try RegistrarWays(transport, host: host, port: given, pair)
    port = ways.port
    state.with {
      $0.rules["REGISTER"] = Self.registers
      for method in ["OPTIONS", "BYE"] { $0.rules[method] = { _ in ("200 OK", []) } }
    }
    let (ways, state) = (ways, state)
    Thread.detachNewThread { [weak self] in
      while !state.with({ $0.isOver }) {
        for (text, way) in ways.take() { self?.hear(Heard(text: text, way: way)) }
      }
    }
  }

  deinit { stop() }

  /// Ends it.
  func stop() { state.with { $0.isOver = true } }

  /// Sets how a method is answered; nil: not at all.
  func answer(_ method: String, _ rule: Rule?) { state.with { $0.rules[method] = rule } }

  /// Everything that came so far.
  var heard: [Heard] { state.with { $0.heard } }
  /// The requests of a method; what was sent again counts once.
  func heard(_ method: String) -> [Heard] {
    var known: Set<String> = []
    return heard.filter {
      $0.method == method && known.insert($0.header("call-id") + $0.header("cseq")).inserted
    }
  }
  /// The answers of the line in a call.
  func answers(to callID: String) -> [String] {
    heard.filter { $0.text.hasPrefix("SIP/") && $0.header("call-id") == callID }.map(\.text)
  }
  /// Forgets what came.
  func forget() { state.with { $0.heard = [] } }
  /// How many connections there were.
  var connections: Int { ways.count }
  /// The contact that the line registered last.
  var contact: String { state.with { $0.contact } }
  /// Its port.
  var contactPort: UInt16? { NameAddress("<\(contact)>").flatMap { HostPort($0.host)?.port } }

  /// Waits for a message after the first `count` of them.
  @discardableResult
  func next(
    _ what: String, after count: Int = 0, within seconds: Double = 10,
    _ fits: @Sendable (Heard) -> Bool
  ) async throws -> Heard {
    var found: Heard?
    try await eventually(what, within: seconds) {
      found = self.heard.dropFirst(count).first(where: fits)
      return found != nil
    }
    guard let found else { throw NotInTime(what) }
    return found
  }

  /// Loses a connection; the newest one without a number.
  func lose(_ loss: RegistrarWays.Loss, way: Int? = nil) { ways.lose(loss, way: way) }

  // MARK: Speaking

  /// Sends bytes on the newest connection, or on one.
  func send(_ bytes: [UInt8], way: Int? = nil) { ways.send(bytes, way: way) }

  private func hear(_ message: Heard) {
    let method = String(message.method)
    let rule = state.with { state -> Rule? in
      state.heard.append(message)
      if method == "REGISTER", !message.header("contact").isEmpty {
        state.contact = SIPText.uri(of: message.header("contact"))
      }
      return state.rules[method]
    }
    guard let (status, headers) = rule?(message) else { return }
    let hasSound = status.hasPrefix("200") && method == "INVITE"
    let answer = ScriptedDialog.answer(
      to: message.text, status, tag: "far", headers,
      body: hasSound ? HostileMessages.sound : "")
    send(Array(answer.utf8), way: message.way)
  }
}

extension ScriptedRegistrar: ScriptedPeer {
  func send(_ text: String) { send(Array(text.utf8)) }

  /// Waits for an answer to a request of a call.
  @discardableResult
  func answer(
    _ code: Int, to method: String, in callID: String, within seconds: Double = 10
  ) async throws -> String {
    try await next("\(code) to \(method) of \(callID)", within: seconds) {
      $0.text.hasPrefix("SIP/2.0 \(code) ") && $0.header("call-id") == callID
        && $0.header("cseq").hasSuffix(" \(method)")
    }.text
  }

  /// Calls the line and hears it ring; the dialog, and the INVITE that began it.
  func rings(_ mark: String) async throws -> (dialog: ScriptedDialog, invite: String) {
    let invite = ScriptedDialog.invite(self, mark, from: mark)
    send(invite)
    let ringing = try await answer(180, to: "INVITE", in: mark)
    return (ScriptedDialog(self, called: invite, answered: ringing), invite)
  }

  /// What a line needs to register here.
  func signIn(
    _ line: LineUnderTest, _ more: [(String, JSONValue)] = [], within seconds: Double = 30
  ) async throws {
    line.register(configuration(line, more))
    try await line.wait("registered", within: seconds) {
      if case .registered = $0 { true } else { nil }
    }
  }

  /// The configuration for this registrar.
  func configuration(_ line: LineUnderTest, _ more: [(String, JSONValue)] = []) -> JSONValue {
    let trust: [(String, JSONValue)] =
      certificates.map { [("caFile", .string($0.authority.certificate))] } ?? []
    return line.configuration(port: port, transport: transport, trust + more)
  }
}
