// From an INVITE on the wire to ringing: on the desk's screen, beside baresip that only answers 180.

import Glibc

/// Both are registered, and each is called in turn.
func measureRing(_ house: House, _ plan: Plan, _ table: inout Table) throws {
  let (ours, theirs) = (try Registrar(), try Registrar())
  let desk = try house.desk(at: ours)
  defer { desk.stop() }
  let baresip = try baresip(house, registrar: theirs.port)
  defer { baresip.stop() }
  guard theirs.serve(until: "REGISTER", atMost: 10 * second) != nil else {
    throw BenchError("baresip does not register")
  }
  baresip.settle(quiet: 500 * millisecond)
  var (glyphs, rings) = (Rounds(), Rounds())
  for round in 0..<plan.rounds {
    var (glyph, ring) = (Sample(), Sample())
    for call in 0..<plan.calls {
      let name = "bench\(round)x\(call)"
      desk.settle(quiet: 100 * millisecond, atMost: 2 * second)
      let sent = now()
      ours.send(ours.request("INVITE", name))
      guard let seen = desk.wait(forGlyph: "►") else { throw BenchError("no call is shown") }
      glyph.add(nanoseconds: seen - sent)
      try giveUp(name, ours, reading: desk)

      let called = now()
      theirs.send(theirs.request("INVITE", name))
      guard let rang = theirs.await("SIP/2.0 180") else {
        throw BenchError("baresip does not ring")
      }
      ring.add(nanoseconds: rang - called)
      try giveUp(name, theirs, reading: baresip)
    }
    glyphs.add(glyph)
    rings.add(ring)
  }
  let ratio = glyphs.ratio(to: rings, at: 0.5)
  table.row(
    "INVITE to ringing on the screen", glyphs, goals: [.atMost(1, ratio, "x baresip ")],
    peer: rings)
}

/// The caller gives up: the next call finds a free telephone.
private func giveUp(_ name: String, _ registrar: Registrar, reading program: Program) throws {
  registrar.send(registrar.request("CANCEL", name))
  guard registrar.await("SIP/2.0 487") != nil else { throw BenchError("it goes on ringing") }
  registrar.send(registrar.request("ACK", name, to: registrar.last))
  program.settle(quiet: 60 * millisecond, atMost: second)
}

/// As its package sets it up, with one account.
private func baresip(_ house: House, registrar: UInt16) throws -> Program {
  let folder = "\(house.folder)/baresip"
  mkdir(folder, 0o700)
  // The first run writes its configuration, and ends.
  let first = try Program.onPipes(
    ["baresip", "-f", folder, "-t", "1"], environment: house.environment)
  _ = first.wait(forText: "baresip is ready")
  first.stop()
  try house.write(
    "<sip:1001@127.0.0.1:\(registrar);transport=udp>;auth_pass=bench;regint=600;answermode=manual\n",
    to: "baresip/accounts")
  return try Program.onPipes(["baresip", "-f", folder], environment: house.environment)
}
