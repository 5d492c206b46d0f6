// Calls that come in, and very many calls.

import Glibc

/// From an INVITE on the wire to its sign on the screen, and from the answer key to 200 on the wire.
func measureInbound(_ house: House, _ plan: Plan, _ table: inout Table) throws {
  let registrar = try Registrar()
  let desk = try house.desk(at: registrar, more: "seat:\n  wrapUp: 0")
  defer { desk.stop() }
  var (shown, answered) = (Rounds(), Rounds())
  for round in 0..<plan.rounds {
    var (glyphs, answers) = (Sample(), Sample())
    for call in 0..<plan.calls {
      let name = "bench\(round)x\(call)"
      desk.settle(quiet: 100 * millisecond, atMost: 2 * second)
      let sent = now()
      registrar.send(registrar.request("INVITE", name))
      guard let seen = desk.wait(forGlyph: "►") else { throw BenchError("no call is shown") }
      glyphs.add(nanoseconds: seen - sent)
      guard registrar.await("SIP/2.0 180") != nil else {
        throw BenchError("it does not ring")
      }
      desk.settle(quiet: 60 * millisecond, atMost: second)
      let pressed = now()
      desk.send("\u{1B}[15~")
      guard let came = registrar.await("SIP/2.0 200") else {
        throw BenchError("no answer of call \(call + 1)")
      }
      answers.add(nanoseconds: came - pressed)
      registrar.send(registrar.request("ACK", name, to: registrar.last))
      guard desk.wait(forText: "TALKING") != nil else { throw BenchError("it does not talk") }
      desk.settle(quiet: 60 * millisecond, atMost: second)
      desk.send("\u{1B}[19~")
      guard registrar.serve(until: "BYE", atMost: 3 * second) != nil else {
        throw BenchError("no BYE of call \(call + 1)")
      }
    }
    shown.add(glyphs)
    answered.add(answers)
  }
  table.row("INVITE on the wire to its glyph", shown, goals: [.atMost(5, shown.p50)])
  table.row("answer key to 200 on the wire", answered, goals: [.atMost(2, answered.p50)])
}

/// Calls that are answered and hung up, one after another: none is lost, and nothing grows.
func measureCalls(_ house: House, _ plan: Plan, _ table: inout Table) throws {
  try House.check(house.line)
  let registrar = try Registrar()
  // Nobody hears what is said there: the port of discard.
  registrar.answersWithSound = 9
  let line = try Program.onPipes([house.line], environment: house.environment)
  defer { line.stop() }
  line.send(
    "{\"type\":\"register\",\"id\":1,\"config\":{\"registrar\":\"127.0.0.1:\(registrar.port)\","
      + "\"account\":\"1001\",\"password\":\"bench\",\"transport\":\"udp\",\"audio\":\"none\"}}\n")
  guard registrar.serve(until: "REGISTER", atMost: 5 * second) != nil,
    line.wait(forText: "\"registered\"") != nil
  else { throw BenchError("the line does not register") }
  var counted = 0
  func call(_ number: Int) {
    line.send(
      "{\"type\":\"callPhone\",\"id\":\(number),\"phone\":\"1000\(number)\",\"info\":\"\"}\n")
    guard registrar.serve(until: "ACK", atMost: 3 * second) != nil,
      line.wait(forText: "\"callStatus\":3") != nil
    else { return }
    line.send("{\"type\":\"hangUp\",\"id\":\(number)}\n")
    guard registrar.serve(until: "BYE", atMost: 3 * second) != nil,
      line.wait(forText: "\"callStatus\":4") != nil
    else { return }
    counted += 1
  }
  // A far end may ask for an ACK again for 32 s (RFC 3261 section 13.2.2.4): only after that is what is
  // left over left for ever.
  func rested() -> (memory: Double, descriptors: Int) {
    _ = registrar.serve(until: "nothing", atMost: plan.afterCalls * second)
    return (memory(of: line.pid), descriptors(of: line.pid))
  }
  let began = now()
  for number in 1...(plan.manyCalls / 2) { call(number) }
  let half = now() - began
  let early = rested()
  let again = now()
  for number in (plan.manyCalls / 2 + 1)...plan.manyCalls { call(number) }
  let peak = memory(of: line.pid)
  let each = Double(half + now() - again) / 1e6 / Double(plan.manyCalls)
  let late = rested()
  let lost = Double(plan.manyCalls - counted)
  table.row("\(plan.manyCalls) calls: ms each", each)
  table.row("\(plan.manyCalls) calls: lost or miscounted", lost, goals: [.atMost(0, lost)])
  table.row("\(plan.manyCalls) calls: MB PSS right after them", peak)
  let more = late.memory - early.memory
  table.row(
    "\(plan.manyCalls) calls: MB more than after half", more, goals: [.atMost(2, more)])
  let files = Double(late.descriptors - early.descriptors)
  table.row("\(plan.manyCalls) calls: descriptors more", files, goals: [.atMost(0, files)])
}
