// `ccterm line NAME`: a phone line by itself, to be tried by hand.

import ArgumentParser

/// Runs a phone line on stdin and stdout.
struct LineSubcommand: ParsableCommand, Runnable {
  static let configuration = CommandConfiguration(
    commandName: "line",
    abstract: "Run a phone line by itself, on stdin and stdout.",
    discussion: """
      A line speaks JSON, one object a line (docs/line-protocol.md). To try one by hand:

        ccterm line demo
        {"type":"register","id":1}
        {"type":"callPhone","id":2,"phone":"13212345678","info":""}

      "ccterm line sip" is ccterm-line-sip, found beside this program.
      """)

  @Argument(help: "demo, sip, sdk, or any NAME with a ccterm-line-NAME.")
  var name: String

  @Argument(parsing: .captureForPassthrough, help: "What that program gets.")
  var arguments: [String] = []

  @MainActor func start() throws(Failure) {
    guard name != "demo" else {
      try DemoProgram.run()
      return
    }
    if !name.contains("/"), let program = Beside.program("ccterm-line-\(name)") {
      throw Beside.become(program, arguments)
    }
    if LineChoice.programs.contains(name) {
      throw .failed("ccterm-line-\(name) is not installed in \(Beside.folder).")
    }
    let known = ["demo"] + LineChoice.programs + Beside.words(after: "ccterm-line-")
    throw .usage("there is no line \(shown(name))\(Nearest.hint(for: name, in: known))")
  }
}
