// The question for a secret on a terminal, and what is left of it.

import CCTestSupport
import Foundation
import Testing

@Suite struct SecretQuestionTests {
  /// `^C` is a character here, as the agent types it; the others come from outside.
  @Test(arguments: ["\u{3}", nil], [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1] as [Int32])
  func howeverItEndsWhatIsTypedIsShownAgain(_ typed: String?, _ signal: Int32) throws {
    guard typed == nil || signal == SIGINT else { return }
    let folder = try TestFolder()
    let pty = try Pty([
      Products.path("ccterm-cloud"), "token-service", "add", "liwei", "--seat", "1_001",
      "--agents", folder.path("agents"),
    ])
    #expect(pty.wait { pty.screen.contains("Secret of liwei:") && !pty.modes.isUsual })
    if let typed { pty.type(typed) } else { pty.send(signal) }
    #expect(pty.end(seconds: 10) == .signalled(signal))
    #expect(pty.modes.isUsual)
  }
}
