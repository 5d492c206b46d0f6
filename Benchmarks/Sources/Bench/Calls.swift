// The SIP line: from Enter to the INVITE on the wire, and what the line itself costs.

import Glibc

func measureInvite(_ house: House, calls: Int, _ table: inout Table) throws {
  try house.check(house.line)
  let registrar = try Registrar()
  try house.configure(
    """
    line: sip
    sip:
      registrar: 127.0.0.1:\(registrar.port)
      account: "1001"
      password: bench
      transport: udp

    """)
  let desk = try Program.onTerminal([house.ccterm, "desk"], environment: house.environment)
  defer { desk.stop() }
  guard registrar.serve(until: "REGISTER", atMost: 5 * second) != nil else {
    throw BenchError("the line does not register")
  }
  desk.settle(quiet: 300 * millisecond, atMost: 3 * second)
  var sample = Sample()
  for index in 0..<calls {
    for digit in "1321234\(1000 + index)" {
      desk.send(String(digit))
      desk.settle(quiet: 25 * millisecond, atMost: 100 * millisecond)
    }
    let pressed = now()
    desk.send("\r")
    guard let came = registrar.serve(until: "INVITE", atMost: 3 * second) else {
      throw BenchError("no INVITE of call \(index + 1)")
    }
    sample.add(nanoseconds: came - pressed)
    guard registrar.serve(until: "ACK", atMost: 3 * second) != nil else {
      throw BenchError("no ACK of call \(index + 1)")
    }
    desk.settle(quiet: 100 * millisecond, atMost: second)
    // Dialling moved the focus to the note; the number is typed in Dial.
    desk.send("\u{1B}[Z")
    desk.settle(quiet: 50 * millisecond, atMost: second)
  }
  table.row("Enter to INVITE on the wire", sample, "ms", [("p50 <= 2", sample.p50 <= 2)])
}

func measureLine(_ house: House, starts: Int, seconds: Int64, _ table: inout Table) throws {
  try house.check(house.line)
  let registrar = try Registrar()
  let register =
    "{\"type\":\"register\",\"id\":1,\"config\":{\"registrar\":\"127.0.0.1:\(registrar.port)\","
    + "\"account\":\"1001\",\"password\":\"bench\",\"transport\":\"udp\",\"audio\":\"none\"}}\n"
  var sample = Sample()
  for index in 0..<starts {
    let line = try Program.onPipes([house.line], environment: house.environment)
    defer { line.stop() }
    line.send(register)
    guard registrar.serve(until: "REGISTER", atMost: 5 * second) != nil,
      let registered = line.wait(for: { $0.contains(Array("\"registered\"".utf8)) })
    else { throw BenchError("the line does not register") }
    sample.add(nanoseconds: registered - line.started)
    if index == starts - 1 {
      table.row(
        "line-sip: start to registered", sample, "ms", [("p50 <= 25", sample.p50 <= 25)])
      let rest = Rest(of: line, for: seconds * second)
      table.row("line-sip: memory (PSS)", memory(of: line.pid), "MB", atMost: 8)
      table.row("line-sip idle, \(seconds) s: processor", rest.processor, "%", atMost: 0.1)
      table.row("line-sip idle: wake-ups", rest.wakeUps, "/s", atMost: 2)
    }
  }
}
