// One message that cannot be read costs itself alone.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct UnreadableTests {
  /// Calls until one rings: whatever of the odd messages rings itself is refused, and a call that came
  /// beside one comes again.
  private struct Caller {
    let registrar: ScriptedRegistrar
    let line: LineUnderTest
    var looked = 0
    var tries = 0

    mutating func rings(_ what: String) async throws {
      tries += 1
      var mark = "honest\(tries)"
      registrar.send(ScriptedDialog.invite(registrar, mark, from: mark))
      // Five seconds; a busy machine has more, and one that is deaf is so for longer.
      let deadline = Date() + 15
      while Date() < deadline {
        let seen = line.seen
        defer { looked = seen.count }
        for event in seen[looked...] {
          guard case .call(let report) = event else { continue }
          let isOurs = report.number?.string == mark
          switch report.status {
          case .ringing:
            line.send(.reject(id: 9_000, call: report.call))
            if isOurs { return try await line.fence() }
          case .notEstablished where !isOurs: continue
          default: break
          }
        }
        // A log line only: many were turned away in this second.
        let isRefused = registrar.answers(to: mark).contains { $0.hasPrefix("SIP/2.0 486") }
        if isRefused {
          tries += 1
          mark = "honest\(tries)"
          registrar.send(ScriptedDialog.invite(registrar, mark, from: mark))
        }
        try await line.fence()
      }
      throw NotInTime("nothing rings after \(what): \(line.seen.suffix(4))")
    }
  }

  /// The corpus on the registered connection: after each the next call rings within 5 s.
  @Test(arguments: ScriptedPBX.transports)
  func theNextCallRings(_ transport: String) async throws {
    let seed = UInt64.random(in: 0...999_999)
    print("odd messages over \(transport): seed \(seed)")
    let messages = OddMessages.all(seed: seed, damaged: 400)
    #expect(messages.count >= 1_004)
    let registrar = try await ScriptedRegistrar(transport)
    var caller = Caller(registrar: registrar, line: try LineUnderTest())
    try await registrar.signIn(caller.line)
    var deaf: [String] = []
    for message in messages {
      registrar.send(message.bytes)
      // What comes with it, a call as well, would be words of its last header.
      if message.isCutInWords { registrar.send("\r\n\r\n") }
      do { try await caller.rings(message.what) } catch {
        print("\(transport): \(error)")
        deaf.append(message.what)
        if deaf.count > 100 { break }
        caller = Caller(registrar: registrar, line: try LineUnderTest(), tries: caller.tries)
        try await registrar.signIn(caller.line)
      }
      registrar.forget()
    }
    print(
      "\(transport): \(messages.count) odd messages, \(deaf.count) deaf, "
        + "\(registrar.connections) connections")
    #expect(deaf.isEmpty, "deaf after \(deaf.count): \(deaf.prefix(40))")
    #expect(transport != "tcp" || registrar.connections == 1)
    #expect(try await caller.line.ends())
  }
}
