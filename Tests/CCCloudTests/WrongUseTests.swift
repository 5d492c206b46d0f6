// What is typed wrong: one sentence and a 2, as of every other command.

import CCTestSupport
import Foundation
import Testing

@Suite struct WrongUseTests {
  @Test(arguments: [
    (["script"], "missing expected argument"), (["bogus"], "bogus"),
    (["token", "--bogus"], "unknown option '--bogus'"), (["feed", "--to"], "--to"),
    (["token-service", "add"], "missing expected argument"),
  ])
  func isOneSentenceAndATwo(_ arguments: [String], _ words: String) async throws {
    for program in ["ccterm-cloud", "ccterm"] {
      let folder = try TestFolder()
      let run = try await CloudProgram.once(
        program == "ccterm" ? ["cloud"] + arguments : arguments, program: program,
        environment: [
          "HOME=\(folder.url.path)", "XDG_CONFIG_HOME=\(folder.path("config"))",
          "CCTERM_ETC=\(folder.path("etc"))",
        ], in: folder)
      #expect(run.code == 2 && run.out.isEmpty, "\(run)")
      let lines = run.errors.split(separator: "\n")
      #expect(lines.count == 1 && run.errors.hasPrefix("ccterm cloud: "), "\(run.errors)")
      #expect(run.errors.lowercased().contains(words), "\(run.errors)")
      #expect(run.errors.hasSuffix(" See: ccterm cloud --help\n") && !run.errors.contains("Error:"))
    }
  }

  @Test(arguments: [["--help"], ["script", "--help"], ["help", "token"]])
  func helpIsNoError(_ arguments: [String]) async throws {
    let folder = try TestFolder()
    let run = try await CloudProgram.once(arguments, in: folder)
    #expect(run.code == 0 && run.errors.isEmpty && run.out.contains("USAGE: ccterm cloud"))
  }
}
