// The SIP line: from Enter to the INVITE on the wire, and what the line itself costs.

func measureInvite(_ house: House, _ plan: Plan, _ table: inout Table) throws {
  let registrar = try Registrar()
  let desk = try house.desk(at: registrar)
  defer { desk.stop() }
  var rounds = Rounds()
  for round in 0..<plan.rounds {
    var sample = Sample()
    for call in 0..<plan.calls {
      let pressed = try dial("1321234\(1000 + round * 100 + call)", on: desk)
      guard let came = registrar.serve(until: "INVITE", atMost: 3 * second) else {
        throw BenchError("no INVITE of call \(call + 1)")
      }
      sample.add(nanoseconds: came - pressed)
      guard registrar.serve(until: "ACK", atMost: 3 * second) != nil else {
        throw BenchError("no ACK of call \(call + 1)")
      }
      // Dialling moved the focus to the note; the next number is typed in Dial.
      desk.settle(quiet: 60 * millisecond, atMost: second)
      desk.send("\t")
      // For a second after a call went away by itself an Enter dials nothing.
      desk.listen(for: 1_100 * millisecond)
    }
    rounds.add(sample)
  }
  table.row("Enter to INVITE on the wire", rounds, goals: [.atMost(2, rounds.p50)])
}

/// Types a number, then Enter, and returns when that was pressed.
private func dial(_ number: String, on desk: Program) throws -> Int64 {
  desk.settle(quiet: 40 * millisecond, atMost: second)
  desk.send(number)
  guard desk.wait(forText: "sends \(number)") != nil else {
    throw BenchError("the number typed is not shown")
  }
  // An Enter at the heels of many bytes is part of a paste and dials nothing.
  desk.settle(quiet: 60 * millisecond, atMost: second)
  let pressed = now()
  desk.send("\r")
  return pressed
}

func measureLine(_ house: House, _ plan: Plan, _ table: inout Table) throws {
  try House.check(house.line)
  func started(_ body: (Program) -> Void = { _ in }) throws -> Int64 {
    // One of its own: the line before says good-bye to its registrar, and that is a REGISTER, too.
    let registrar = try Registrar()
    let register =
      "{\"type\":\"register\",\"id\":1,\"config\":{\"registrar\":\"127.0.0.1:\(registrar.port)\","
      + "\"account\":\"1001\",\"password\":\"bench\",\"transport\":\"udp\",\"audio\":\"none\"}}\n"
    let line = try Program.onPipes([house.line], environment: house.environment)
    defer { line.stop() }
    line.send(register)
    guard registrar.serve(until: "REGISTER", atMost: 5 * second) != nil,
      let registered = line.wait(forText: "\"registered\"")
    else { throw BenchError("the line does not register") }
    body(line)
    // It leaves as it does every day: a good-bye that is answered, and no wait for it.
    line.send("{\"type\":\"quit\"}\n")
    _ = registrar.serve(until: "REGISTER", atMost: second)
    return registered - line.started
  }
  var rounds = Rounds()
  for _ in 0..<plan.rounds {
    var sample = Sample()
    for _ in 0..<plan.starts { sample.add(nanoseconds: try started()) }
    rounds.add(sample)
  }
  table.row("line-sip: start to registered", rounds, goals: [.atMost(25, rounds.p50)])
  _ = try started { line in
    let rest = Rest(of: line, seconds: plan.restSeconds)
    let share = memory(of: line.pid)
    table.row("line-sip: memory, MB PSS", share, goals: [.atMost(8, share)])
    table.row("line-sip: idle, % CPU", rest.processor, goals: [.atMost(0.1, rest.processor)])
    table.row("line-sip: idle, wake-ups a second", rest.wakeUps)
  }
}
