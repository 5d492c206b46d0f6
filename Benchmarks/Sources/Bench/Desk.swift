// The desk under measure: a home of its own, and a line that says what we write into a pipe.

import Glibc

/// Where the programs are, and a folder that is ours alone.
struct House {
  let binaries: String
  let folder: String

  var ccterm: String { "\(binaries)/ccterm" }
  var line: String { "\(binaries)/ccterm-line-sip" }
  var environment: [String] { environment(of: "state") }

  /// With a state folder of this name: two desks of one account share none.
  func environment(of name: String) -> [String] {
    [
      "HOME=\(folder)", "XDG_CONFIG_HOME=\(folder)/config", "XDG_STATE_HOME=\(folder)/\(name)",
      "XDG_RUNTIME_DIR=\(folder)/run",
    ]
  }

  init(binaries: String) throws {
    self.binaries = binaries
    try Self.check("\(binaries)/ccterm")
    var template = Array("/tmp/ccterm-bench.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw BenchError("no temporary folder") }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    for name in ["config", "config/ccterm", "run"] { mkdir("\(folder)/\(name)", 0o700) }
  }

  /// Says what to do when a program is not there.
  static func check(_ program: String) throws {
    guard access(program, X_OK) == 0 else {
      throw BenchError("\(program) is not built; `make bench` does it")
    }
  }

  /// Writes the configuration.
  func configure(_ text: String) throws { try write(text, to: "config/ccterm/config.yaml") }

  /// Writes a file in this folder, which may hold a password, so it is ours alone; its whole path.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    let path = "\(folder)/\(name)"
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw BenchError("cannot write \(path)") }
    defer { close(file) }
    let bytes = Array(text.utf8)
    _ = Glibc.write(file, bytes, bytes.count)
    return path
  }

  /// A desk on a terminal whose SIP line is registered here; `more`: rows of its configuration.
  func desk(at registrar: Registrar, more: String = "") throws -> Program {
    try Self.check(line)
    try configure(
      """
      line: sip
      sip:
        registrar: 127.0.0.1:\(registrar.port)
        account: "1001"
        password: bench
        transport: udp
        audio: none
      \(more)

      """)
    let desk = try Program.onTerminal(
      [ccterm, "desk", "--line", "sip"], environment: environment)
    guard registrar.serve(until: "REGISTER", atMost: 5 * second) != nil,
      desk.wait(forGlyph: "○") != nil
    else {
      desk.stop()
      throw BenchError("the desk does not get ready")
    }
    return desk
  }

  /// Takes the folder away again, with what the peers left in it.
  func remove() { removeAll(folder) }
}

/// A desk on a terminal whose line says what is written to `say`.
final class BenchDesk {
  let program: Program
  private let pipe: Int32

  /// Opens it, and waits until its first picture stands; `cat` carries the line's words.
  init(_ house: House, named name: String = "state", options: [String] = []) throws {
    let path = "\(house.folder)/\(name).pipe"
    mkfifo(path, 0o600)
    program = try Program.onTerminal(
      [house.ccterm, "desk", "--line", "exec:cat \(path)"] + options,
      environment: house.environment(of: name))
    // For reading too: so it opens at once, and the line never sees an end.
    pipe = open(path, O_RDWR | O_CLOEXEC)
    guard pipe >= 0, program.wait() != nil else { throw BenchError("the desk shows nothing") }
    program.settle(quiet: 100 * millisecond)
    seat(2)
    guard program.wait(forGlyph: "○") != nil else { throw BenchError("the desk hears no line") }
    program.settle(quiet: 50 * millisecond)
  }

  /// Lets the line say something, whole.
  func say(_ text: String) {
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { write(pipe, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      sent += count
    }
  }

  func seat(_ code: Int) { say("{\"type\":\"onSeatStatus\",\"detail\":[\(code)]}\n") }
  func call(_ code: Int) { say(Self.call(code)) }

  static func call(_ code: Int) -> String {
    "{\"type\":\"onCall\",\"detail\":{\"callStatus\":\(code),\"calledNumber\":\"13212345678\"}}\n"
  }

  func close() {
    program.stop()
    Glibc.close(pipe)
  }
}
