// What the world sends to a SIP line: messages that nobody can read, and strangers' connections.

import Glibc

/// The line alone, registered over TCP.
private final class ConnectedLine {
  let line: Program
  let registrar: StreamRegistrar
  private var calls = 0

  init(_ house: House) throws {
    try House.check(house.line)
    registrar = try StreamRegistrar()
    line = try Program.onPipes([house.line], environment: house.environment)
    line.send(
      "{\"type\":\"register\",\"id\":1,\"config\":{\"registrar\":\"127.0.0.1:\(registrar.port)\","
        + "\"account\":\"1001\",\"password\":\"bench\",\"transport\":\"tcp\",\"audio\":\"none\"}}\n"
    )
    guard registrar.serve(until: "REGISTER", atMost: 5 * second) != nil,
      line.wait(forText: "\"registered\"") != nil
    else { throw BenchError("the line does not register over TCP") }
  }

  /// A call comes, and its caller gives up as soon as it rings; returns how long that took.
  func ring(atMost limit: Int64 = 3 * second) throws -> Int64 {
    calls += 1
    let name = "bench\(calls)"
    func request(_ method: String, to answer: String = "") -> String {
      Registrar.request(method, name, to: answer, at: registrar.port, over: "TCP")
    }
    let sent = now()
    registrar.send(request("INVITE"))
    guard let came = registrar.serve(until: "SIP/2.0 180", atMost: limit) else {
      throw BenchError("call \(calls) does not ring")
    }
    registrar.send(request("CANCEL"))
    guard registrar.serve(until: "SIP/2.0 487", atMost: 3 * second) != nil else {
      throw BenchError("call \(calls) goes on ringing")
    }
    registrar.send(request("ACK", to: registrar.last))
    _ = line.taken()
    return came - sent
  }

  func stop() { line.stop() }
}

/// 20,000 messages a second on the registration's connection that cannot be read, then a call.
func measureUnreadable(_ house: House, _ plan: Plan, _ table: inout Table) throws {
  let connected = try ConnectedLine(house)
  defer { connected.stop() }
  let tail = "To: <sip:1001@a>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
  let via = "Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKx\r\n"
  let kinds = [
    "OPTIONS sip:1001@a\tSIP/2.0\r\n\(via)From: <sip:b@a>;tag=1\r\n\(tail)",
    "OPTIONS sip:1001@a SIP/2.0\r\n\(via)From: garbage\r\n\(tail)",
    "SIP/2.0 200\r\n\(via)From: <sip:b@a>;tag=1\r\n\(tail)",
    "HELLO\r\n\(via)From: <sip:b@a>;tag=1\r\n\(tail)",
  ]
  // A hundredth of a second of them.
  let portion = Array(String(repeating: kinds.joined(), count: 50).utf8)
  let (before, start) = (Usage(of: connected.line.pid), now())
  let portions = plan.floodSeconds * 100
  for index in 0..<portions {
    connected.registrar.send(portion)
    _ = connected.registrar.drain()
    _ = connected.line.taken()
    pause(start + Int64(index + 1) * 10 * millisecond - now())
  }
  let passed = Double(now() - start) / 1e9
  let ring = try connected.ring()
  let used = Usage(of: connected.line.pid).processor - before.processor
  let share = Double(used) / 1e9 / passed * 100
  let sent = Double(portions * 200) / passed
  table.row("unreadable: sent a second", sent)
  table.row("unreadable: line-sip, % CPU", share, goals: [.atMost(25, share)])
  let milliseconds = Double(ring) / 1e6
  table.row(
    "unreadable: next INVITE to its 180, ms", milliseconds, goals: [.atMost(1_000, milliseconds)])
}

/// Strangers' connections, as many as they like; then a call, beside one without them.
func measureStrangers(_ house: House, _ plan: Plan, _ table: inout Table) throws {
  let connected = try ConnectedLine(house)
  defer { connected.stop() }
  guard let port = listeningPort(of: connected.line.pid) else {
    throw BenchError("the line listens nowhere")
  }
  var (alone, beside) = (Rounds(), Rounds())
  func rings() throws -> Sample {
    var sample = Sample()
    for _ in 0..<(plan.calls * 5) { sample.add(nanoseconds: try connected.ring()) }
    return sample
  }
  _ = try rings()
  for _ in 0..<plan.rounds { alone.add(try rings()) }
  // Half of them from a place of their own, half from the registrar's.
  var strangers = (0..<plan.strangers).map { connection(to: port, from: $0 % 2 == 0 ? 9 : 1) }
  defer { strangers.forEach { close($0) } }
  let (before, start) = (Usage(of: connected.line.pid), now())
  let end = start + plan.restSeconds * second
  while now() < end {
    pause(100 * millisecond)
    // Whoever was sent away comes again.
    for index in strangers.indices where isOver(strangers[index]) {
      close(strangers[index])
      strangers[index] = connection(to: port, from: index % 2 == 0 ? 9 : 1)
    }
  }
  let passed = Double(now() - start) / 1e9
  let used = Usage(of: connected.line.pid).processor - before.processor
  for _ in 0..<plan.rounds { beside.add(try rings()) }
  let share = Double(used) / 1e9 / passed * 100
  let what = "\(plan.strangers) strangers: line-sip, % CPU"
  table.row(what, share, goals: [.atMost(2, share)])
  let ratio = beside.p50 / alone.p50
  table.row(
    "\(plan.strangers) strangers: INVITE to 180", beside,
    goals: [.atMost(1.2, ratio, "p50 ratio ")],
    peer: alone)
}

private func connection(to port: UInt16, from host: UInt8) -> Int32 {
  let descriptor = streamSocket()
  _ = with(loopback(0, host: host)) { bind(descriptor, $0, $1) }
  _ = with(loopback(port)) { connect(descriptor, $0, $1) }
  return descriptor
}

private func isOver(_ descriptor: Int32) -> Bool {
  var byte: UInt8 = 0
  let count = recv(descriptor, &byte, 1, Int32(MSG_DONTWAIT | MSG_PEEK))
  return count == 0 || count < 0 && errno != EAGAIN && errno != ENOTCONN
}
