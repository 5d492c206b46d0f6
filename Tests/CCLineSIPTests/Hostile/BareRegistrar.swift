// A registrar that is nothing but a socket, UDP or TCP, and says whatever a test wants.

import CCJSON
import CCTestSupport
import Foundation

@testable import CCLineSIP

/// Welcomes a line and then speaks to it as its registrar would: from the same address.
final class BareRegistrar {
  let port: UInt16
  let isTCP: Bool
  private let listener: Int32
  private var peer: Int32 = -1
  private var peerPort: UInt16 = 0
  private var stream: [UInt8] = []
  /// Where the line wants to be reached.
  private(set) var contact = ""

  init(tcp: Bool) throws {
    isTCP = tcp
    // Between the kernel's pick and the bind another program may have taken the port.
    for _ in 1...5 {
      let port = Ports.free()
      if let listener = Self.listener(port, tcp) {
        (self.port, self.listener) = (port, listener)
        return
      }
    }
    throw NotInTime("bind")
  }

  private static func listener(_ port: UInt16, _ tcp: Bool) -> Int32? {
    let listener = socket(AF_INET, Int32((tcp ? SOCK_STREAM : SOCK_DGRAM).rawValue), 0)
    var one: Int32 = 1
    if tcp { setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, 4) }
    var room: Int32 = 4 << 20
    setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &room, 4)
    let bound = Ports.withLoopback(port) { bind(listener, $0, $1) }
    guard bound == 0, !tcp || listen(listener, 8) == 0 else {
      close(listener)
      return nil
    }
    _ = fcntl(listener, F_SETFL, O_NONBLOCK)
    return listener
  }

  deinit {
    if peer >= 0 { close(peer) }
    close(listener)
  }

  /// Welcomes a line until it says that it is registered.
  func welcome(_ line: LineUnderTest, _ more: [(String, JSONValue)] = []) async throws {
    line.register(
      line.configuration(
        port: port, transport: isTCP ? "tcp" : "udp", [("firstAnswerSeconds", 30)] + more))
    try await eventually("registered", within: 30) {
      self.attend()
      return line.seen.contains { if case .registered = $0 { true } else { false } }
    }
  }

  /// Takes what came; answers REGISTER and OPTIONS, and returns the rest.
  @discardableResult
  func attend() -> [String] {
    var rest: [String] = []
    while let message = next() {
      if message.hasPrefix("REGISTER ") || message.hasPrefix("OPTIONS ") {
        if let header = SIPText.header(["contact"], in: message) {
          contact = SIPText.uri(of: header)
        }
        send(Array(answer(to: message, "200 OK").utf8))
      } else {
        rest.append(message)
      }
    }
    return rest
  }

  /// An answer with what must be kept of its request.
  func answer(
    to request: String, _ status: String, tag: String = "bare", _ headers: [String] = [],
    body: String = ""
  ) -> String {
    let vias = request.components(separatedBy: "\r\n").filter { $0.hasPrefix("Via:") }
    let kept = ["From", "Call-ID", "CSeq"].map { name in
      "\(name): \(SIPText.header([name.lowercased()], in: request) ?? "")"
    }
    let to = SIPText.header(["to"], in: request) ?? ""
    let toLine = to.contains("tag=") || tag.isEmpty ? "To: \(to)" : "To: \(to);tag=\(tag)"
    let lines =
      ["SIP/2.0 \(status)"] + vias + kept + [toLine] + headers
      + (body.isEmpty ? [] : ["Content-Type: application/sdp"])
      + ["Content-Length: \(body.utf8.count)", "", body]
    return lines.joined(separator: "\r\n")
  }

  /// Sends bytes to the line.
  func send(_ bytes: [UInt8]) {
    if isTCP {
      if peer >= 0 { Ports.send(bytes, on: peer) }
    } else {
      // Longer ones are no datagram.
      let bytes = Array(bytes.prefix(65_507))
      _ = Ports.withLoopback(peerPort) { sendto(listener, bytes, bytes.count, 0, $0, $1) }
    }
  }

  func send(_ text: String) { send(Array(text.utf8)) }

  private func next() -> String? { isTCP ? nextOfStream() : nextDatagram() }

  private func nextDatagram() -> String? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var from = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let count = withUnsafeMutablePointer(to: &from) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        recvfrom(listener, &buffer, buffer.count, Int32(MSG_DONTWAIT), $0, &length)
      }
    }
    guard count > 0 else { return nil }
    peerPort = UInt16(bigEndian: from.sin_port)
    return String(decoding: buffer[..<count], as: UTF8.self)
  }

  private func nextOfStream() -> String? {
    let newcomer = accept(listener, nil, nil)
    if newcomer >= 0 {
      if peer >= 0 { close(peer) }
      peer = newcomer
      _ = fcntl(peer, F_SETFL, O_NONBLOCK)
      stream = []
    }
    guard peer >= 0 else { return nil }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = recv(peer, &buffer, buffer.count, Int32(MSG_DONTWAIT)), count > 0 {
      stream += buffer[..<count]
    }
    let text = String(decoding: stream, as: UTF8.self)
    guard let end = text.range(of: "\r\n\r\n") else { return nil }
    let head = String(text[..<end.upperBound])
    let length = Int(SIPText.header(["content-length"], in: head) ?? "0") ?? 0
    guard stream.count >= head.utf8.count + length else { return nil }
    let message = String(decoding: stream[..<(head.utf8.count + length)], as: UTF8.self)
    stream.removeFirst(head.utf8.count + length)
    return message
  }
}
