// The demo as a program of its own: a complete line in Swift, and the protocol to look at.

import CCCore
import Glibc

/// The demo as a line program on stdin and stdout (`ccterm line demo`); returns its exit code.
///
/// Ends with `quit`, with the end of its input, and when nobody reads its output.
public func runDemoLine(seed: UInt64 = 1) -> Int32 {
  signal(SIGPIPE, SIG_IGN)
  var exchange = DemoExchange(seed: seed)
  var lines = LineSplitter()
  var buffer = [UInt8](repeating: 0, count: 65_536)
  guard write([DemoExchange.hello]) else { return 0 }
  while true {
    Poll.wait(
      read: STDIN_FILENO, write: nil,
      nanoseconds: exchange.deadline.map { max(0, $0 - Clock.now()) })
    guard write(exchange.tick(at: Clock.now())) else { return 0 }
    guard Poll.isReadable(STDIN_FILENO) else { continue }
    let count = read(STDIN_FILENO, &buffer, buffer.count)
    if count < 0, errno == EINTR || errno == EAGAIN { continue }
    if count <= 0 { return 0 }
    var (answers, quit) = ([LineEvent](), false)
    buffer.withUnsafeBytes { bytes in
      lines.feed(UnsafeRawBufferPointer(rebasing: bytes[..<count])) { piece in
        let reply = answer(piece, &exchange)
        answers += reply ?? []
        quit = quit || reply == nil
      }
    }
    guard write(answers), !quit else { return 0 }
  }
}

// nil: the desk says goodbye.
private func answer(_ piece: LineSplitter.Piece, _ exchange: inout DemoExchange) -> [LineEvent]? {
  guard case .line(let line) = piece else { return [.log(.warning, "A command over 64 KiB.")] }
  if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) { return [] }
  switch LineCodec.decodeCommand(line) {
  case .success((.quit, _)): return nil
  case .success((let command, _)): return exchange.handle(command, at: Clock.now())
  case .failure(let error):
    if let id = error.id { return [.result(id: id, ok: false, error: SafeText(error.sentence))] }
    return [.log(.warning, SafeText(error.sentence))]
  }
}

private func write(_ events: [LineEvent]) -> Bool {
  var bytes = events.flatMap { LineCodec.encode($0) }[...]
  while !bytes.isEmpty {
    let count = bytes.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    if count > 0 {
      bytes = bytes.dropFirst(count)
    } else if errno == EAGAIN {
      Poll.wait(read: nil, write: STDOUT_FILENO, nanoseconds: nil)
    } else if errno != EINTR {
      return false
    }
  }
  return true
}
