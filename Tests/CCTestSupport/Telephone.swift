// A far end that answers every call and knows which of them are not over.

import Foundation

/// A telephone on a UDP port of loopback: it rings, answers after a while, and ends when it is told to.
///
/// What is still up when a desk has died is its business: it never hangs up by itself.
public final class Telephone: Sendable {
  /// Where it listens.
  public let port: UInt16
  private let state = Mutexed(State())

  private struct State {
    var calls: [String: Call] = [:]
    var isOver = false
  }

  private struct Call {
    var invite: String
    var peer: sockaddr_in
    var answerAt: Date
    var isAnswered = false
    var isAcknowledged = false
    var isOver = false
    var nextAnswer = Date.distantPast
    var refusal: String?
  }

  /// A telephone that rings for so many seconds.
  public init(answersAfter seconds: Double) throws {
    let port = Ports.free()
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    guard Ports.withLoopback(port, { bind(descriptor, $0, $1) }) == 0 else {
      throw NotInTime("a port for a telephone")
    }
    self.port = port
    let state = self.state
    Thread.detachNewThread {
      while !state.with({ $0.isOver }) { Self.turn(descriptor, state, port, seconds) }
      close(descriptor)
    }
  }

  deinit { state.with { $0.isOver = true } }

  /// The calls that ring or talk here.
  public var open: Int { state.with { $0.calls.values.count { !$0.isOver } } }
  /// All calls that ever came.
  public var count: Int { state.with { $0.calls.count } }
  /// Whether one talks.
  public var talks: Bool { state.with { $0.calls.values.contains { $0.isAnswered && !$0.isOver } } }

  /// The calls that are open, for a complaint.
  public var complaint: String {
    state.with { state in
      state.calls.values.filter { !$0.isOver }
        .map { "answered \($0.isAnswered), acknowledged \($0.isAcknowledged)" }
        .joined(separator: "; ")
    }
  }

  private static func turn(
    _ descriptor: Int32, _ state: Mutexed<State>, _ port: UInt16, _ seconds: Double
  ) {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    if poll(&entry, 1, 5) > 0 {
      if let (bytes, peer) = Ports.receive(descriptor) {
        let text = String(decoding: bytes, as: UTF8.self)
        state.with { take(text, from: peer, &$0, descriptor, port, seconds) }
      }
    }
    state.with { answerWhatIsDue(&$0, descriptor, port) }
  }

  private static func take(
    _ text: String, from peer: sockaddr_in, _ state: inout State, _ descriptor: Int32,
    _ port: UInt16, _ seconds: Double
  ) {
    let id = header("Call-ID", text)
    let method = text.prefix { $0 != " " }
    switch method {
    case "INVITE" where state.calls[id] == nil:
      state.calls[id] = Call(invite: text, peer: peer, answerAt: Date() + seconds)
      send(answer(text, "180 Ringing", port), to: peer, descriptor)
    case "ACK":
      state.calls[id]?.isAcknowledged = true
      state.calls[id]?.refusal = nil
    case "BYE":
      send(answer(text, state.calls[id] == nil ? "481 No" : "200 OK", port), to: peer, descriptor)
      state.calls[id]?.isOver = true
    case "CANCEL":
      send(answer(text, "200 OK", port), to: peer, descriptor)
      guard let call = state.calls[id], !call.isAnswered, !call.isOver else { return }
      let refusal = answer(call.invite, "487 Request Terminated", port)
      send(refusal, to: call.peer, descriptor)
      state.calls[id]?.isOver = true
      state.calls[id]?.refusal = refusal
      state.calls[id]?.nextAnswer = Date() + 0.5
    default: break
    }
  }

  /// Answers what has rung for long enough; again, until it is acknowledged.
  private static func answerWhatIsDue(_ state: inout State, _ descriptor: Int32, _ port: UInt16) {
    let now = Date()
    for (id, call) in state.calls where call.nextAnswer <= now {
      if let refusal = call.refusal {
        send(refusal, to: call.peer, descriptor)
      } else if !call.isOver, !call.isAcknowledged, call.answerAt <= now {
        state.calls[id]?.isAnswered = true
        send(
          answer(call.invite, "200 OK", port, body: description), to: call.peer, descriptor)
      } else {
        continue
      }
      state.calls[id]?.nextAnswer = now + 0.5
    }
  }

  private static let description =
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    + "m=audio 9 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"

  private static func header(_ name: String, _ text: String) -> String {
    lines(name, text).first ?? ""
  }

  private static func lines(_ name: String, _ text: String) -> [String] {
    text.components(separatedBy: "\r\n").filter {
      $0.lowercased().hasPrefix(name.lowercased() + ":")
    }
    .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
  }

  private static func answer(
    _ request: String, _ status: String, _ port: UInt16, body: String = ""
  ) -> String {
    var to = header("To", request)
    if !to.contains(";tag=") { to += ";tag=far" }
    var head = ["SIP/2.0 \(status)"]
    head += lines("Via", request).map { "Via: \($0)" }
    head += lines("Record-Route", request).map { "Record-Route: \($0)" }
    head += [
      "From: \(header("From", request))", "To: \(to)", "Call-ID: \(header("Call-ID", request))",
      "CSeq: \(header("CSeq", request))", "Contact: <sip:far@127.0.0.1:\(port)>",
    ]
    if !body.isEmpty { head.append("Content-Type: application/sdp") }
    head.append("Content-Length: \(body.utf8.count)")
    return head.joined(separator: "\r\n") + "\r\n\r\n" + body
  }

  private static func send(_ text: String, to peer: sockaddr_in, _ descriptor: Int32) {
    var peer = peer
    let bytes = Array(text.utf8)
    _ = withUnsafePointer(to: &peer) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(descriptor, bytes, bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}
