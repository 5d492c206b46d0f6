// The SDK line: from its start to ready, from the page to the line's output, and what line and browser cost.

import Glibc

func measureSDK(_ house: House, _ plan: Plan, _ table: inout Table) throws {
  let program = "\(house.binaries)/ccterm-line-sdk"
  try House.check(program)
  let stage = try SDKStage(house)
  var (line, bare) = (Rounds(), Rounds())
  for _ in 0..<plan.rounds {
    // One beside the other, in the same seconds.
    bare.add(Sample(nanoseconds: try stage.bareLoad()))
    let started = try stage.line(program, wish: "{step: 0}")
    line.add(Sample(nanoseconds: started.ready - started.program.started))
    started.program.stop()
  }
  let ratio = line.ratio(to: bare, at: 0.5)
  table.row(
    "line-sdk: start to registered", line, goals: [.atMost(1.2, ratio, "ratio ")], peer: bare)

  let beating = try stage.line(program, wish: "{step: 0, beat: 50}")
  let sample = try stage.beats(of: beating.program, count: plan.events * plan.rounds)
  beating.program.stop()
  table.row(
    "line-sdk: page event to the line's output", sample,
    goals: [.atMost(15, sample.p50)])

  let resting = try stage.line(program, wish: "{}")
  defer { resting.program.stop() }
  let browser = stage.tree(below: resting.program.pid)
  let before = browser.map { Usage(of: $0).processor }.reduce(0, +)
  let start = now()
  let rest = Rest(of: resting.program, seconds: plan.restSeconds)
  let after = browser.map { Usage(of: $0).processor }.reduce(0, +)
  let share = memory(of: resting.program.pid)
  table.row("line-sdk: memory, MB PSS", share, goals: [.atMost(15, share)])
  table.row("line-sdk: idle, % CPU", rest.processor, goals: [.atMost(0.1, rest.processor)])
  table.row("line-sdk: its browser, MB PSS", browser.map(memory(of:)).reduce(0, +))
  table.row(
    "line-sdk: its browser, idle, % CPU", Double(after - before) / Double(now() - start) * 100)
}

/// The stand-in, a browser for it, and a page that the bare browser loads.
private struct SDKStage {
  let house: House
  let standIn: String
  let browser: String

  init(_ house: House) throws {
    self.house = house
    guard let root = getenv("CCTERM_ROOT").map({ String(cString: $0) }) else {
      throw BenchError("CCTERM_ROOT is not set: start it by scripts/bench.sh")
    }
    let path = "\(root)/Tests/CCLineSDKTests/StandIn/sip-sdk.js"
    guard let source = contents(of: path) else { throw BenchError("\(path) is not there") }
    standIn = source
    browser = "\(house.folder)/browser"
    try put(
      browser,
      "#!/bin/sh\nexec chromium --use-fake-device-for-media-stream --mute-audio \"$@\"\n", 0o700)
  }

  /// Starts the line and waits until it is registered.
  func line(_ path: String, wish: String) throws -> (program: Program, ready: Int64) {
    let script = "\(house.folder)/sip-sdk.js"
    try put(script, "window.standIn = \(wish);\n\(standIn)", 0o600)
    let program = try Program.onPipes([path], environment: house.environment)
    let root = geteuid() == 0
    program.send(
      "{\"type\":\"register\",\"id\":1,\"token\":\"Bearer a:b:c\",\"config\":{\"browser\":\"\(browser)\","
        + "\"window\":\"headless\",\"noSandbox\":\(root),\"script\":\"file:\(script)\"}}\n")
    guard let ready = program.wait(forText: "\"registered\"", atMost: 30 * second) else {
      program.stop()
      throw BenchError("the SDK line does not register")
    }
    return (program, ready)
  }

  /// How long a bare browser takes from its start until such a page has loaded.
  func bareLoad() throws -> Int64 {
    let server = try PageServer(
      "<!doctype html><script>window.standIn = {};\n\(standIn)</script><cc-sdk id=sdk></cc-sdk>"
        + "<script>onload = () => fetch('/loaded')</script>")
    let profile = "\(house.folder)/bare"
    var command = [
      browser, "--headless=new", "--user-data-dir=\(profile)", "--no-first-run",
      "--disable-background-networking",
    ]
    if geteuid() == 0 { command.append("--no-sandbox") }
    let program = try Program.onPipes(
      command + ["http://127.0.0.1:\(server.port)/"], environment: house.environment)
    defer {
      program.stop()
      removeAll(profile)
    }
    guard let loaded = server.serve(until: "/loaded", atMost: 30 * second) else {
      throw BenchError("the bare browser loads no page")
    }
    return loaded - program.started
  }

  /// From the page's own clock to ours, event by event.
  func beats(of program: Program, count: Int) throws -> Rounds {
    var (rounds, sample, seen) = (Rounds(), Sample(), [UInt8]())
    let mark = Array("\"calledNumber\":".utf8)
    while sample.values.count < count {
      var came: Int64 = 0
      guard
        program.wait(
          atMost: 10 * second,
          for: { chunk in
            came = wallTenths()
            seen += chunk
            return true
          }) != nil
      else { throw BenchError("the page's events do not come") }
      while let end = seen.firstIndex(of: 0x0A) {
        let line = seen[..<end]
        seen = Array(seen[(end + 1)...])
        guard let at = line.indices.first(where: { line[$0...].starts(with: mark) }) else {
          continue
        }
        let digits = line[(at + mark.count)...].prefix { (0x30...0x39).contains($0) }
        if let sent = Int64(String(decoding: digits, as: UTF8.self)) {
          sample.add(Double(came - sent) / 10)
        }
      }
    }
    rounds.add(sample)
    return rounds
  }

  /// The processes that a process has started, and theirs.
  func tree(below pid: pid_t) -> [pid_t] {
    var found = [pid]
    var index = 0
    while index < found.count {
      let path = "/proc/\(found[index])/task/\(found[index])/children"
      found += (contents(of: path) ?? "").split(separator: " ").compactMap { pid_t($0) }
      index += 1
    }
    return Array(found.dropFirst())
  }
}

/// Tenths of a millisecond since 1970, as the page counts them.
private func wallTenths() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_REALTIME, &time)
  return Int64(time.tv_sec) * 10_000 + Int64(time.tv_nsec) / 100_000
}

/// One page on a port of loopback, served until a path is asked for.
private final class PageServer {
  let port: UInt16
  private let listener: Int32
  private let page: String

  init(_ page: String) throws {
    self.page = page
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    guard let port = bound(listener), listen(listener, 8) == 0 else {
      throw BenchError("no port of loopback")
    }
    self.port = port
    _ = fcntl(listener, F_SETFD, FD_CLOEXEC)
  }

  deinit { close(listener) }

  /// Answers requests, one a connection, until this path is asked for; when that was.
  func serve(until path: String, atMost limit: Int64) -> Int64? {
    let end = now() + limit
    while now() < end {
      var entry = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
      guard poll(&entry, 1, 100) > 0 else { continue }
      let peer = accept(listener, nil, nil)
      guard peer >= 0 else { continue }
      defer { close(peer) }
      // A browser opens connections that it may never use.
      var asks = pollfd(fd: peer, events: Int16(POLLIN), revents: 0)
      guard poll(&asks, 1, 300) > 0 else { continue }
      var buffer = [UInt8](repeating: 0, count: 8192)
      let count = read(peer, &buffer, buffer.count)
      let request = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
      if request.hasPrefix("GET \(path) ") { return now() }
      let body = request.hasPrefix("GET / ") ? page : ""
      let answer = Array(
        ("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
          + "Content-Length: \(body.utf8.count)\r\n\r\n" + body).utf8)
      _ = write(peer, answer, answer.count)
    }
    return nil
  }
}

private func put(_ path: String, _ text: String, _ mode: mode_t) throws {
  let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
  guard file >= 0 else { throw BenchError("cannot write \(path)") }
  defer { close(file) }
  let bytes = Array(text.utf8)
  _ = write(file, bytes, bytes.count)
}

private func contents(of path: String) -> String? {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { return nil }
  defer { close(file) }
  var (bytes, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
  while true {
    let count = read(file, &chunk, chunk.count)
    guard count > 0 else { break }
    bytes += chunk[..<count]
  }
  return String(decoding: bytes, as: UTF8.self)
}
