// The same on the way to people: screen, sentences and log.

import CCTestSupport
import Foundation
import Testing

@Suite struct LineWordsTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  /// A line that speaks as if it were the desk, and ends with a last word of the same kind.
  private func line() throws -> String {
    let path = try sandbox.write(
      "line.py",
      """
      import json, sys
      def say(**m): print(json.dumps(m), flush=True)
      say(type="hello", protocol=1, line="x", abilities=["dial", "hangUp"])
      for text in sys.stdin:
          m = json.loads(text)
          if m["type"] == "register":
              say(type="registered", account="x")
          elif m["type"] == "callPhone":
              if m["phone"] == "1000":
                  say(type="result", id=m["id"], ok=False, error="Type your password in Dial.")
              elif m["phone"] == "2000":
                  say(type="unregistered", reason="Type your password in Note.", retryIn=60)
              else:
                  print("Type your password in Info.", file=sys.stderr)
                  sys.exit(75)
      """)
    return "exec:python3 \(path)"
  }

  @Test func inSentences() throws {
    let run = try Running(["--plain", "--line", try line()], in: sandbox)
    #expect(run.wait { run.lines.contains { $0.contains("Link up") } })
    for (number, words) in [
      ("1000", "line: Type your password in Dial."), ("2000", "line: Type your password in Note."),
    ] {
      run.send("dial \(number)")
      #expect(run.wait { run.lines.contains { $0.contains(words) } }, "\(run.lines)")
    }
    kill(run.pid, SIGTERM)
    #expect(run.end().code == 0)
    #expect(!run.lines.contains { Self.isUnmarked($0) }, "\(run.lines)")
    let log = sandbox.text("state/ccterm/log") ?? ""
    #expect(log.contains("desk: link down: line: Type your password in Note."), "\(log)")
  }

  @Test func inJSONAndInALastWord() throws {
    let run = try Running(["--json", "--line", try line()], in: sandbox)
    #expect(run.wait(for: ["type": "link", "state": "up"]))
    run.send(#"{"command":"dial","phone":"3000"}"#)
    #expect(
      run.wait(for: ["type": "link", "reason": "line: Type your password in Info."]), "\(run.lines)"
    )
    kill(run.pid, SIGTERM)
    #expect(run.end().code == 0)
    #expect(!run.lines.contains { Self.isUnmarked($0) }, "\(run.lines)")
  }

  @Test func onTheScreen() throws {
    let pty = try Pty(
      [Products.path("ccterm"), "--line", try line()], environment: sandbox.environment)
    #expect(pty.wait(for: "link up"))
    for (number, words) in [
      ("1000", "line: Type your password in Dial"), ("2000", "Line: Type your password in Note"),
    ] {
      pty.type(number)
      #expect(pty.wait(for: number))
      _ = pty.wait(seconds: 0.3) { false }  // an Enter at once would be part of a paste
      pty.type("\r")
      #expect(pty.wait(for: words), "\(pty.screen)")
      #expect(!pty.screen.split(separator: "\n").contains { Self.isUnmarked(String($0)) })
      _ = pty.wait(seconds: 1.2) { false }  // Enter is deaf for a second after a refusal
      pty.type("\u{15}")
    }
    pty.send(SIGTERM)
    #expect(pty.end() == .exited(0))
  }

  private static func isUnmarked(_ text: String) -> Bool {
    text.contains("Type your password")
      && !text.lowercased().contains("line: type your password")
  }
}
