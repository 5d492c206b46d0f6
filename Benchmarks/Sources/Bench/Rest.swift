// What the desk costs while nothing happens, and while a call goes on.

import Glibc

/// Processor, wake-ups and bytes of a program over a time in which nobody touches it.
struct Rest {
  let processor: Double
  let wakeUps: Double
  let bytes: Double

  init(of program: Program, for duration: Int64) {
    let (before, bytesBefore, start) = (Usage(of: program.pid), program.bytes, now())
    program.listen(for: duration)
    let seconds = Double(now() - start) / 1e9
    let after = Usage(of: program.pid)
    processor = Double(after.processor - before.processor) / 1e9 / seconds * 100
    wakeUps = Double(after.sleeps - before.sleeps) / seconds
    bytes = Double(program.bytes - bytesBefore) / seconds
  }
}

func measureRest(_ house: House, seconds: Int64, memoryAfter: Int64, _ table: inout Table) throws {
  let desk = try BenchDesk(house)
  defer { desk.close() }
  let opened = desk.program.started
  let idle = Rest(of: desk.program, for: seconds * second)
  table.row("idle, \(seconds) s: processor", idle.processor, "%", atMost: 0.1)
  table.row("idle: wake-ups", idle.wakeUps, "/s", atMost: 2)
  table.row("idle: bytes to the terminal", idle.bytes, "/s", atMost: 40)

  desk.seat(3)
  for status in [1, 2, 3] { desk.call(status) }
  desk.program.settle(quiet: 200 * millisecond, atMost: second)
  let talking = Rest(of: desk.program, for: seconds * second)
  table.row("talking, \(seconds) s: processor", talking.processor, "%", atMost: 0.1)
  table.row("talking: wake-ups", talking.wakeUps, "/s", atMost: 2)
  table.row("talking: bytes to the terminal", talking.bytes, "/s", atMost: 80)

  let left = memoryAfter * second - (now() - opened)
  if left > 0 { desk.program.listen(for: left) }
  let after = (now() - opened) / second
  table.row("memory (PSS) after \(after) s", memory(of: desk.program.pid), "MB", atMost: 12)
}
