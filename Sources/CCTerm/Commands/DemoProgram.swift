// `ccterm line demo`: the demo speaks the line protocol, to be looked at.

import CCLine
import Glibc

/// The demo as a line program.
enum DemoProgram {
  @MainActor static func run() throws(Failure) {
    let code = runDemoLine()
    guard code == 0 else { throw .failed("the demo line ended with \(code).") }
  }
}
