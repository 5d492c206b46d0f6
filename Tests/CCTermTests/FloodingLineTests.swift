// A line that floods, and one that speaks with the desk's voice.

import CCCore
import CCTestSupport
import CCView
import Foundation
import Testing

@testable import CCTerm

@Suite struct FloodingLineTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  /// A line that lets calls ring and end, one after the other, until three seconds are over.
  private func flood() throws -> String {
    let script = try sandbox.write(
      "flood.py",
      #"""
      import json, sys, time
      def say(**message): print(json.dumps(message))
      say(type="hello", protocol=1, line="flood", abilities=["dial", "hangUp", "answer", "reject"])
      say(type="registered", account="1001")
      number, end = 0, time.monotonic() + 3
      while time.monotonic() < end:
          number += 1
          call, detail = f"c{number}", {"calledNumber": str(1000 + number)}
          say(type="onCall", call=call, direction="in", detail={**detail, "callStatus": 2})
          say(type="onCall", call=call, direction="in", detail={**detail, "callStatus": 5})
          sys.stdout.flush()
          time.sleep(0.002)
      say(type="log", level="warning", message=f"calls: {number}")
      sys.stdout.flush()
      sys.stdin.read()
      """#)
    return "exec:python3 \(script)"
  }

  @Test("on a screen and in words, a bell a second at most", arguments: [[], ["--plain"]])
  func bells(mode: [String]) throws {
    let pty = try Pty(
      [Products.path("ccterm"), "desk", "--line", flood()] + mode,
      environment: sandbox.environment)
    let start = Date()
    #expect(pty.wait(for: "line: calls: ", seconds: 30))
    let seconds = Int(Date().timeIntervalSince(start).rounded(.up))
    let bells = pty.output.count { $0 == 0x07 }
    #expect((2...seconds + 1).contains(bells), "\(bells) bells in \(seconds) s")
    pty.send(SIGTERM)
    #expect(pty.end() == .exited(0))
  }

  private static let lies = ["Call ended. You are IDLE.", "link up", "Quit? y/n", "idle."]

  @Test("on the screen a remark of the line is the line's") func screen() {
    for lie in Self.lies {
      var stage = Stage()
      for level in [NoticeLevel.warning, .error] {
        stage.line(.log(level, SafeText(lie)))
        #expect(stage.message.contains("line: \(lie)"))
      }
      stage.line(.log(.warning, "a"))
      stage.line(.log(.cleared, SafeText(lie)))
      #expect(stage.message == "line: \(lie)")
    }
  }

  @Test("in words") func words() {
    var plain = Plain()
    for lie in Self.lies {
      plain.tell(.line(.log(.warning, SafeText(lie))))
      plain.tell(.line(.log(.cleared, SafeText(lie))))
    }
    #expect(plain.said == Self.lies.flatMap { ["line: \($0)", "line: \($0)"] })
  }

  @Test("in JSON") func json() {
    var facts = JSONFacts()
    let now = Instant(uptime: 0, unix: 0)
    let desk = Desk(settings: .init(), at: now)
    let ours = facts.line(.notice(.warning, "x"), desk, at: now) ?? []
    let theirs = facts.line(.log(.warning, "x"), desk, at: now) ?? []
    #expect(!String(decoding: ours, as: UTF8.self).contains("from"))
    #expect(String(decoding: theirs, as: UTF8.self).contains(#""message":"x","from":"line""#))
  }

  @Test("in the log, a remark and a reason too") func log() throws {
    let script = try sandbox.write(
      "liar.sh",
      #"""
      echo '{"type":"hello","protocol":1,"line":"liar","abilities":["dial"]}'
      echo '{"type":"log","level":"warning","message":"link up"}'
      echo '{"type":"unregistered","reason":"signed in elsewhere","final":true}'
      cat >/dev/null
      """#)
    let pty = try Pty(
      [Products.path("ccterm"), "desk", "--plain", "--line", "exec:sh \(script)"],
      environment: sandbox.environment)
    #expect(pty.wait { sandbox.text("state/ccterm/log")?.contains("elsewhere") == true })
    pty.send(SIGTERM)
    _ = pty.end()
    let log = try #require(sandbox.text("state/ccterm/log"))
    #expect(log.contains(" desk: line: link up\n"))
    #expect(log.contains(" desk: link refused: line: signed in elsewhere\n"))
    #expect(!log.contains(" desk: link up\n"))
  }
}
