// The built line program, driven as a desk drives it.

import CCCore
import CCJSON
import CCLine
import CCTestSupport
import Foundation

/// `ccterm-line-sip` as a child: commands go in, events are waited for in their order.
final class LineUnderTest: Sendable {
  private let child: TestChild
  private let input: FileHandle
  private let output: FileHandle
  private let events = EventLog()
  private let nextID = Mutexed(100)
  let folder: TestFolder

  /// Starts it; nothing is sent yet.
  ///
  /// What it says on stderr goes to `errors`, or nowhere.
  init(environment: [String] = [], errors: Int32 = -1) throws {
    folder = try TestFolder()
    let stdin = Pipe()
    let stdout = Pipe()
    input = stdin.fileHandleForWriting
    output = stdout.fileHandleForReading
    child = try TestChild(
      "/usr/bin/env", environment + [Products.path("ccterm-line-sip")], in: folder.url.path,
      input: stdin.fileHandleForReading.fileDescriptor,
      output: stdout.fileHandleForWriting.fileDescriptor, error: errors)
    // Ours would keep the pipes open after the program has ended.
    try stdin.fileHandleForReading.close()
    try stdout.fileHandleForWriting.close()
    events.read(from: output) { LineCodec.decode($0) }
  }

  var pid: Int32 { child.pid }

  /// The configuration for a registrar on a port.
  func configuration(
    port: UInt16, transport: String = "tcp", _ more: [(String, JSONValue)] = []
  ) -> JSONValue {
    var object = JSONObject([
      .init(name: "registrar", value: .string("127.0.0.1:\(port)")),
      .init(name: "account", value: "1001@cc.test"),
      .init(name: "transport", value: .string(transport)), .init(name: "audio", value: "none"),
    ])
    for (name, value) in more { object[name] = value }
    return .object(object)
  }

  /// Sends `register`, the password as its token.
  func register(_ configuration: JSONValue, password: String = "secret") {
    send(.register(id: 1, token: Secret(password)), configuration)
  }

  /// Sends a command.
  func send(_ command: LineCommand, _ configuration: JSONValue? = nil) {
    try? input.write(contentsOf: Data(LineCodec.encode(command, configuration: configuration)))
  }

  /// Writes a text as it is.
  func write(_ text: String) { try? input.write(contentsOf: Data(text.utf8)) }

  /// Registers and waits for it.
  func signIn(
    _ kamailio: Kamailio, transport: String = "tcp", _ more: [(String, JSONValue)] = []
  ) async throws {
    register(configuration(port: kamailio.port, transport: transport, more))
    try await wait("registered") { if case .registered = $0 { true } else { nil } }
  }

  /// Dials.
  func dial(_ number: String, info: String = "") {
    send(
      .callPhone(
        id: nextID.with {
          $0 += 1; return $0
        }, phone: number, info: info))
  }

  /// Sends a command made with a fresh id, and waits for its result: nil, or why it was not done.
  @discardableResult
  func ask(
    within seconds: Double = 15, _ command: (Int) -> LineCommand
  ) async throws -> SafeText? {
    let id = nextID.with {
      $0 += 1; return $0
    }
    send(command(id))
    return try await wait("result \(id)", within: seconds) { event -> SafeText?? in
      guard case .result(id, let ok, let error) = event else { return nil }
      return .some(ok ? nil : error)
    }
  }

  /// Dials a far end until the two talk; the call's id.
  func talk(to far: Sipp) async throws -> String? {
    dial("7\(far.port)")
    return try await call(.talking).call
  }

  /// The next word of a transfer that it has come so far, and why.
  func transfer(_ state: LineEvent.TransferState) async throws -> SafeText {
    try await wait("transfer \(state)") { event -> SafeText? in
      guard case .transfer(_, state, let reason) = event else { return nil }
      return reason
    }
  }

  /// The next state of a call.
  @discardableResult
  func state(_ id: String?) async throws -> (held: Bool?, muted: Bool?) {
    try await wait("state of \(id ?? "-")") { event -> (Bool?, Bool?)? in
      guard case .callState(id, let held, let muted) = event else { return nil }
      return (held, muted)
    }
  }

  /// The next line of the log that holds these words.
  @discardableResult
  func log(_ words: String) async throws -> SafeText {
    try await wait("log: \(words)") { event -> SafeText? in
      switch event {
      case .log(_, let text), .remark(_, _, let text):
        return text.string.contains(words) ? text : nil
      default: return nil
      }
    }
  }

  /// The next report of a call with this status; what comes before it is passed over.
  @discardableResult
  func call(_ status: CallReport.Status, within seconds: Double = 15) async throws -> CallReport {
    try await wait("call \(status)", within: seconds) { event -> CallReport? in
      guard case .call(let report) = event, report.status == status else { return nil }
      return report
    }
  }

  /// The next event that the closure takes.
  @discardableResult
  func wait<T>(
    _ what: String, within seconds: Double = 15, _ take: @Sendable (LineEvent) -> T?
  ) async throws -> T {
    let deadline = Date().addingTimeInterval(seconds)
    while let event = try await events.next(what, until: deadline) {
      if let found = take(event) { return found }
    }
    throw NotInTime("the line ended before: \(what); seen: \(events.seen)")
  }

  /// All events until now, also those already taken.
  var seen: [LineEvent] { events.seen }

  /// A round trip through the program's loop: whatever was under way before it is done.
  func fence() async throws {
    let id = nextID.with {
      $0 += 1; return $0
    }
    send(.ping(id: id))
    try await wait("ping \(id)") { event -> Bool? in
      if case .result(id, true, _) = event { true } else { nil }
    }
  }

  /// Says `quit` and waits for the end; the exit code.
  func quit() async throws -> Int32 {
    send(.quit)
    return try await ended()
  }

  /// Says `quit` and waits for an end in good order, whether the far side answers its goodbye or not.
  func ends() async throws -> Bool { [0, LineExit.unfinished].contains(try await quit()) }

  /// Closes stdin and waits for the end; the exit code.
  func closeInput() async throws -> Int32 {
    try input.close()
    return try await ended()
  }

  /// Sends a signal and waits for the end; the exit code.
  func signal(_ number: Int32) async throws -> Int32 {
    kill(child.pid, number)
    if number == SIGKILL { return try await child.ended(within: 15) }
    return try await ended()
  }

  /// It has ended, and all that it said was read.
  ///
  /// That takes it a second at most; a busy machine was seen to let one that was ready to run wait for more
  /// than another. How soon it has to be over is asked where that is what is tried.
  private func ended() async throws -> Int32 {
    guard let code = try? await child.ended(within: 10) else {
      throw NotInTime(
        "the line does not end; it waits in \(Processes.waits(child.pid)) and said \(events.seen)")
    }
    try await eventually("its output ends") { events.isClosed }
    return code
  }
}
