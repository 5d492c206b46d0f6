// What a program costs while nobody touches it, and while a call goes on.

/// Processor, wake-ups and bytes of a program over a time in which nothing is sent to it.
struct Rest {
  /// Per cent of one processor.
  let processor: Double
  /// A second, all threads.
  let wakeUps: Double
  /// A second.
  let bytes: Double

  init(of program: Program, seconds: Int64) {
    let (before, bytesBefore, start) = (Usage(of: program.pid), program.bytes, now())
    program.listen(for: seconds * second)
    let passed = Double(now() - start) / 1e9
    let after = Usage(of: program.pid)
    processor = Double(after.processor - before.processor) / 1e9 / passed * 100
    wakeUps = Double(after.sleeps - before.sleeps) / passed
    bytes = Double(program.bytes - bytesBefore) / passed
  }
}

func measureRest(_ house: House, _ plan: Plan, _ table: inout Table) throws {
  let desk = try BenchDesk(house)
  defer { desk.close() }
  let opened = desk.program.started
  let idle = Rest(of: desk.program, seconds: plan.restSeconds)
  table.row("idle: desk, % CPU", idle.processor, goals: [.atMost(0.1, idle.processor)])
  table.row("idle: desk, wake-ups a second", idle.wakeUps, goals: [.atMost(2, idle.wakeUps)])
  table.row("idle: desk, bytes a second", idle.bytes, goals: [.atMost(40, idle.bytes)])

  let left = plan.memoryAfter * second - (now() - opened)
  if left > 0 { desk.program.listen(for: left) }
  let share = memory(of: desk.program.pid)
  table.row(
    "memory: desk, \((now() - opened) / second) s old, MB PSS", share, goals: [.atMost(12, share)])

  desk.seat(3)
  for status in [1, 2, 3] { desk.call(status) }
  guard desk.program.wait(forText: "TALKING") != nil else {
    throw BenchError("the desk does not say that it talks")
  }
  desk.program.settle(quiet: 200 * millisecond, atMost: second)
  let talking = Rest(of: desk.program, seconds: plan.restSeconds)
  table.row("talking: desk, % CPU", talking.processor)
  table.row("talking: desk, wake-ups a second", talking.wakeUps)
  table.row("talking: desk, bytes a second", talking.bytes, goals: [.atMost(80, talking.bytes)])
}
