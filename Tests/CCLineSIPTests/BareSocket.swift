// A far end that is nothing but a UDP socket.

import CCTestSupport
import Foundation

@testable import CCLineSIP

/// Sends and receives datagrams on 127.0.0.HOST, and can answer a request in SIP's plainest way.
final class BareSocket {
  let port: UInt16
  private let descriptor: Int32
  private var last: UInt16 = 0

  init(host: UInt8 = 1) throws {
    port = Ports.free()
    descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    let bound = Ports.withLoopback(port, host: host) { bind(descriptor, $0, $1) }
    guard bound == 0 else { throw NotInTime("bind to 127.0.0.\(host)") }
  }

  /// Sends to a port on 127.0.0.1.
  func send(_ text: String, to port: UInt16) { send(Array(text.utf8), to: port) }

  /// The port from which the last datagram came.
  var lastSender: UInt16 { last }

  /// Sends bytes to a port on 127.0.0.1.
  func send(_ bytes: [UInt8], to port: UInt16) {
    _ = Ports.withLoopback(port) { sendto(descriptor, bytes, bytes.count, 0, $0, $1) }
  }

  /// What came, if anything did.
  var received: String? { receivedBytes.map { String(decoding: $0, as: UTF8.self) } }

  /// The same as it came.
  var receivedBytes: [UInt8]? {
    guard let (bytes, from) = Ports.receive(descriptor) else { return nil }
    last = UInt16(bigEndian: from.sin_port)
    return bytes
  }

  /// Waits for a request of this method.
  func request(_ method: String) async throws -> String {
    var found = ""
    try await eventually("a \(method)") {
      guard let text = self.received, text.hasPrefix("\(method) ") else { return false }
      found = text
      return true
    }
    return found
  }

  /// Welcomes every REGISTER until something holds: on a busy machine the first may have been given
  /// up before its answer comes.
  func welcome(until done: @escaping () -> Bool) async throws {
    try await eventually("to be registered", within: 60) {
      if let text = self.received, text.hasPrefix("REGISTER ") { self.answer(text, "200 OK") }
      return done()
    }
  }

  /// Answers a request to where the last one came from.
  func answer(_ request: String, _ status: String, _ headers: [String] = []) {
    let kept = ["Via", "From", "Call-ID", "CSeq"].map { name in
      "\(name): \(SIPText.header([name.lowercased()], in: request) ?? "")\r\n"
    }
    let to = SIPText.header(["to"], in: request) ?? ""
    let more = headers.map { "\($0)\r\n" }.joined()
    reply(
      "SIP/2.0 \(status)\r\n\(kept.joined())To: \(to);tag=bare\r\n\(more)Content-Length: 0\r\n\r\n")
  }

  /// Sends to where the last message came from.
  func reply(_ text: String) { send(text, to: last) }

  deinit { close(descriptor) }
}
