// A broker of the benchmark's own, and a writer that speaks just enough MQTT to fill it.

import Glibc

/// A mosquitto on a port that the kernel picked.
final class Broker {
  let port: UInt16
  private let program: Program

  var url: String { "mqtt://127.0.0.1:\(port)" }

  init(_ house: House) throws {
    port = try Self.freePort()
    let lines = [
      "listener \(port) 127.0.0.1", "allow_anonymous true", "set_tcp_nodelay true",
      "max_queued_messages 1000000", "max_inflight_messages 200", "persistence false",
      "log_type none",
    ]
    let path = try house.write(
      lines.joined(separator: "\n") + "\n", to: "mosquitto-\(port).conf")
    program = try Program.onPipes(["mosquitto", "-c", path])
    let end = now() + 5 * second
    while (try? BusWriter(port: port)) == nil {
      guard now() < end else { throw BenchError("mosquitto does not listen") }
      pause(5 * millisecond)
    }
  }

  func stop() { program.stop() }

  private static func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    guard let port = bound(descriptor) else { throw BenchError("no TCP port") }
    return port
  }
}

/// One connection that publishes at QoS 0.
final class BusWriter {
  private let descriptor: Int32
  private var waiting = [UInt8]()

  init(port: UInt16) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    let socket = descriptor
    let isConnected = with(loopback(port)) { connect(socket, $0, $1) } == 0
    guard isConnected else { throw BenchError("the broker does not answer") }
    let name = Array("bench-\(now())".utf8)
    let head: [UInt8] = [0, 4] + Array("MQTT".utf8) + [4, 2, 0, 60, 0, UInt8(name.count)]
    waiting = [0x10, UInt8(head.count + name.count)] + head + name
    flush()
    guard answer(count: 4) else { throw BenchError("the broker does not take us") }
  }

  deinit { close(descriptor) }

  /// Adds a retained message; `flush` sends what was added.
  func publish(_ topic: String, _ payload: String) {
    let (topic, payload) = (topic.utf8, payload.utf8)
    var length = 2 + topic.count + payload.count
    waiting.append(0x31)
    repeat {
      waiting.append(UInt8(length & 0x7F) | (length > 0x7F ? 0x80 : 0))
      length >>= 7
    } while length > 0
    waiting.append(UInt8(topic.count >> 8))
    waiting.append(UInt8(topic.count & 0xFF))
    waiting += topic
    waiting += payload
    if waiting.count > 1 << 16 { flush() }
  }

  func flush() {
    var sent = 0
    while sent < waiting.count {
      let count = waiting[sent...].withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, 0) }
      guard count > 0 else { break }
      sent += count
    }
    waiting.removeAll(keepingCapacity: true)
  }

  /// Waits until the broker has taken everything so far: it answers a ping in its turn.
  func settle() throws {
    waiting += [0xC0, 0]
    flush()
    guard answer(count: 2) else { throw BenchError("the broker is gone") }
  }

  private func answer(count: Int) -> Bool {
    var bytes = [UInt8](repeating: 0, count: count)
    return recv(descriptor, &bytes, count, Int32(MSG_WAITALL)) == count
  }
}
