// A call of the SIP line: how long a word takes, what it costs, how punctual its packets are.

import CSpawn
import Glibc

func measureSound(_ house: House, _ plan: Plan, _ table: inout Table) throws {
  try House.check(house.line)
  for codec in ["pcmu", "opus"] {
    let wire = try Wire(house)
    defer { wire.stop() }
    let call = try BenchCall(
      house,
      audio: #""audio":"pulse","microphone":"hears","loudspeaker":"ear","codecs":"\#(codec)""#,
      environment: ["PULSE_SERVER=\(wire.address)"])
    defer { call.stop() }
    call.echo(for: second) { wire.listen() }
    var rounds = Rounds()
    for _ in 0..<plan.rounds {
      for word in 0..<plan.calls {
        // Off the beat, a little more each time.
        wire.say(milliseconds: 300 + word * 7)
        call.echo(for: Int64(300 + word * 7) * millisecond) { wire.listen() }
      }
    }
    call.echo(for: second) { wire.listen() }
    rounds.add(wire.delays())
    guard rounds.p50.isFinite else { throw BenchError("no word came back (\(codec))") }
    table.row("sound: mouth to ear, \(codec)", rounds, goals: [.atMost(60, rounds.p50)])
    let before = Usage(of: call.line.pid)
    let start = now()
    call.echo(for: plan.restSeconds * second) { wire.listen() }
    let used = Usage(of: call.line.pid)
    let passed = Double(now() - start) / 1e9
    let share = Double(used.processor - before.processor) / 1e9 / passed * 100
    table.row("sound: in a call, \(codec), % CPU", share, goals: [.atMost(2, share)])
    let memory = memory(of: call.line.pid)
    table.row("sound: in a call, \(codec), MB PSS", memory, goals: [.atMost(12, memory)])
  }
  try measureBeat(house, plan, &table)
}

/// Packets of the line beside those of a bare timer of libre, in the same seconds.
private func measureBeat(_ house: House, _ plan: Plan, _ table: inout Table) throws {
  let timer = "\(CommandLine.arguments[0])-timer"
  guard access(timer, X_OK) == 0 else { throw BenchError("\(timer) is not built") }
  let call = try BenchCall(house, audio: #""audio":"none","codecs":"pcmu""#)
  defer { call.stop() }
  let bare = try Port()
  let peer = try Program.onPipes([timer, "\(bare.number)"])
  defer { peer.stop() }
  var (ours, theirs) = (Rounds(), Rounds())
  for _ in 0..<plan.rounds {
    _ = (call.port.lateness(), bare.lateness())
    call.echo(for: max(2, plan.restSeconds / 4) * second) { bare.take() }
    ours.add(call.port.lateness())
    theirs.add(bare.lateness())
  }
  let ratio = ours.ratio(to: theirs, at: 0.9)
  table.row(
    "sound: packets off their beat", ours, goals: [.atMost(1.2, ratio, "p90 ratio ")], peer: theirs)
}

/// A call of the line with a far end in the benchmark that sends every packet back at once.
private final class BenchCall {
  let line: Program
  let port: Port
  private let registrar: Registrar

  init(_ house: House, audio: String, environment: [String] = []) throws {
    registrar = try Registrar()
    port = try Port()
    registrar.answersWithSound = port.number
    line = try Program.onPipes([house.line], environment: house.environment + environment)
    line.send(
      "{\"type\":\"register\",\"id\":1,\"config\":{\"registrar\":\"127.0.0.1:\(registrar.port)\","
        + "\"account\":\"1001\",\"password\":\"bench\",\"transport\":\"udp\",\(audio)}}\n")
    guard registrar.serve(until: "REGISTER", atMost: 5 * second) != nil,
      line.wait(forText: "\"registered\"") != nil
    else { throw BenchError("the line does not register") }
    line.send("{\"type\":\"callPhone\",\"id\":2,\"phone\":\"13212345678\"}\n")
    guard registrar.serve(until: "ACK", atMost: 5 * second) != nil,
      line.wait(forText: "\"callStatus\":3") != nil
    else { throw BenchError("the call is not answered") }
  }

  /// Sends packets back for so long, and does something else every few milliseconds.
  func echo(for duration: Int64, _ meanwhile: () -> Void) {
    let end = now() + duration
    while now() < end {
      var entries = [pollfd(fd: port.socket, events: Int16(POLLIN), revents: 0)]
      poll(&entries, 1, 4)
      port.take(echo: true)
      _ = line.taken()
      meanwhile()
    }
  }

  func stop() {
    line.send("{\"type\":\"quit\"}\n")
    _ = registrar.serve(until: "REGISTER", atMost: second)
    line.stop()
  }
}

/// A UDP port that notes when packets came.
private final class Port {
  let socket: Int32
  let number: UInt16
  private var stamps: [Int64] = []
  private var buffer = [UInt8](repeating: 0, count: 2048)

  init() throws {
    let descriptor = Glibc.socket(
      AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard let number = bound(descriptor) else { throw BenchError("no UDP port") }
    self.number = number
    bench_stamp(descriptor)
    socket = descriptor
  }

  /// Takes what came; sends it back if asked.
  func take(echo: Bool = false) {
    var from = sockaddr_in()
    var stamp: Int64 = 0
    while case let count = bench_take(socket, &buffer, buffer.count, &from, &stamp), count > 0 {
      stamps.append(stamp)
      guard echo else { continue }
      let descriptor = socket
      _ = withUnsafePointer(to: &from) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          sendto(descriptor, buffer, count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    }
  }

  /// How far each step from packet to packet was from 20 ms, since the last question.
  func lateness() -> Sample {
    var sample = Sample()
    for (one, next) in zip(stamps, stamps.dropFirst()) {
      sample.add(nanoseconds: abs(next - one - 20 * millisecond))
    }
    stamps = []
    return sample
  }

  deinit { close(socket) }
}
