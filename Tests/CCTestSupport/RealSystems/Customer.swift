// A customer: a telephone of her own, at the other side of a telephone system.

import Foundation

/// A telephone on a UDP port of loopback that calls in or is called, and whose ear and mouth a test has.
///
/// It is no part of the program: what it hears is what a customer hears. It speaks PCMU, answers every
/// call and every change of it, and says what was pressed.
public final class Customer: Sendable {
  /// Where a call is.
  public enum Phase: Sendable, Hashable {
    case idle, calling, ringing, talking
    /// Over: the code of a refusal, or 0 after a BYE.
    case over(Int)
  }

  /// Where it listens.
  public let port: UInt16
  private let descriptor: Int32
  private let voice: CustomerVoice
  private let state = Mutexed(State())

  struct State: Sendable {
    var phase = Phase.idle
    var isOver = false
    /// The registrar's, or the system's, port.
    var peer = sockaddr_in()
    var callID = "customer-\(UUID().uuidString)"
    var local = ""
    var remote = ""
    var target = ""
    var routes: [String] = []
    var sequence = 1
    var invite = ""
    var repeatAt = Date.distantFuture
    var repeated = ""
    var seen: [String] = []
  }

  /// A telephone into which this tone is spoken.
  public init(speaks tone: Tone? = Tone(hertz: 1000)) throws {
    let port = Ports.free()
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    guard Ports.withLoopback(port, { bind(descriptor, $0, $1) }) == 0 else {
      close(descriptor)
      throw NotInTime("a port for a customer")
    }
    (self.port, self.descriptor) = (port, descriptor)
    voice = try CustomerVoice(speaks: tone)
    let thread = Thread { [state, voice] in
      while !state.with({ $0.isOver }) { Self.turn(descriptor, state, voice, port) }
      close(descriptor)
    }
    thread.start()
  }

  deinit {
    voice.stop()
    state.with { $0.isOver = true }
  }

  /// Where her call is.
  public var phase: Phase { state.with { $0.phase } }
  /// The keys that the far end pressed.
  public var keys: String { voice.keys }
  /// Every message that came, in its order.
  public var messages: [String] { state.with { $0.seen } }

  /// Calls a number at a telephone system, as somebody with a name and a number.
  public func call(
    _ number: String, at port: UInt16, as name: String = "Nora Field", from: String = "5550100"
  ) {
    state.with { state in
      Ports.withLoopback(port) { address, _ in
        state.peer = UnsafeRawPointer(address).load(as: sockaddr_in.self)
      }
      state.phase = .calling
      state.local = "<sip:customer@127.0.0.1:\(self.port)>;tag=customer\(state.sequence)"
      state.remote = "<sip:\(number)@127.0.0.1:\(port)>"
      state.target = "sip:\(number)@127.0.0.1:\(port)"
      let identity = "P-Asserted-Identity: \"\(name)\" <sip:\(from)@127.0.0.1>"
      send("INVITE", &state, [identity], body: Self.description(voice))
      state.invite = state.repeated
    }
  }

  /// Hangs up, or takes her call back.
  public func hangUp() {
    state.with { state in
      switch state.phase {
      case .talking:
        state.sequence += 1
        send("BYE", &state)
        state.phase = .over(0)
        voice.speak(to: nil)
      case .calling, .ringing:
        let lines = SIPLines(state.invite)
        Self.say(
          lines.request("CANCEL", state.target, keeping: ["Via", "From", "To", "Call-ID"])
            + "CSeq: \(lines.number) CANCEL\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
          to: state.peer, descriptor)
      case .idle, .over: break
      }
    }
  }

  /// Waits until her call has come so far.
  public func waits(for phase: Phase, within seconds: Double = 15) async throws {
    do {
      try await eventually("the customer is \(phase)", within: seconds) { self.phase == phase }
    } catch { throw NotInTime("\(error); she is \(self.phase)") }
  }

  /// Waits until she hears a tone; nil: nothing at all.
  public func hears(_ tone: Tone?, within seconds: Double = 10) async throws {
    try await voice.hears(tone, within: seconds)
  }

  // MARK: Signalling

  private static func description(_ voice: CustomerVoice) -> String {
    [
      "v=0", "o=customer 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0",
      "m=audio \(voice.port) RTP/AVP 0 \(CustomerVoice.keys)", "a=rtpmap:0 PCMU/8000",
      "a=rtpmap:\(CustomerVoice.keys) telephone-event/8000", "a=ptime:20",
    ].map { "\($0)\r\n" }.joined()
  }

  private func send(
    _ method: String, _ state: inout State, _ headers: [String] = [], body: String = ""
  ) {
    let lines =
      [
        "\(method) \(state.target) SIP/2.0",
        "Via: SIP/2.0/UDP 127.0.0.1:\(port);branch=z9hG4bK\(UUID().uuidString);rport",
      ] + state.routes.map { "Route: \($0)" } + [
        "From: \(state.local)", "To: \(state.remote)", "Call-ID: \(state.callID)",
        "CSeq: \(state.sequence) \(method)", "Contact: <sip:customer@127.0.0.1:\(port)>",
        "Max-Forwards: 70",
      ] + headers + (body.isEmpty ? [] : ["Content-Type: application/sdp"])
      + ["Content-Length: \(body.utf8.count)", "", body]
    let text = lines.joined(separator: "\r\n")
    if method != "ACK" {
      state.repeated = text
      state.repeatAt = Date() + 0.5
    }
    Self.say(text, to: state.peer, descriptor)
  }

  private static func turn(
    _ descriptor: Int32, _ state: Mutexed<State>, _ voice: CustomerVoice, _ port: UInt16
  ) {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    if poll(&entry, 1, 20) > 0 {
      if let (bytes, peer) = Ports.receive(descriptor) {
        let text = String(decoding: bytes, as: UTF8.self)
        state.with { state in
          state.seen.append(text)
          let lines = SIPLines(text)
          if lines.isAnswer {
            take(answer: lines, &state, voice, descriptor, port)
          } else {
            take(request: lines, from: peer, &state, voice, descriptor, port)
          }
        }
      }
    }
    state.with { state in
      guard state.repeatAt <= Date() else { return }
      state.repeatAt = Date() + 0.5
      say(state.repeated, to: state.peer, descriptor)
    }
  }

  private static func take(
    answer lines: SIPLines, _ state: inout State, _ voice: CustomerVoice, _ descriptor: Int32,
    _ port: UInt16
  ) {
    if lines.code >= 100 { state.repeatAt = .distantFuture }
    guard lines.method == "INVITE", lines["Call-ID"] == state.callID else { return }
    switch lines.code {
    case 100: break
    case ..<200:
      if state.phase == .calling { state.phase = .ringing }
    case ..<300:
      state.remote = lines["To"]
      state.target = lines.contact
      state.routes = lines.all("Record-Route").reversed()
      say(acknowledge(lines, state, port, branch: UUID().uuidString), to: state.peer, descriptor)
      if let address = lines.sound { voice.speak(to: address) }
      if state.phase == .calling || state.phase == .ringing { state.phase = .talking }
    default:
      let branch = SIPLines(state.invite)["Via"]
      say(
        acknowledge(lines, state, port, branch: nil, via: branch), to: state.peer, descriptor)
      state.phase = .over(lines.code)
    }
  }

  private static func acknowledge(
    _ answer: SIPLines, _ state: State, _ port: UInt16, branch: String?, via: String = ""
  ) -> String {
    let line = branch.map { "SIP/2.0/UDP 127.0.0.1:\(port);branch=z9hG4bK\($0);rport" } ?? via
    let routes = branch == nil ? "" : state.routes.map { "Route: \($0)\r\n" }.joined()
    return "ACK \(state.target) SIP/2.0\r\nVia: \(line)\r\n\(routes)From: \(state.local)\r\n"
      + "To: \(answer["To"])\r\nCall-ID: \(state.callID)\r\nCSeq: \(answer.number) ACK\r\n"
      + "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
  }

  private static func take(
    request lines: SIPLines, from peer: sockaddr_in, _ state: inout State, _ voice: CustomerVoice,
    _ descriptor: Int32, _ port: UInt16
  ) {
    let contact = "Contact: <sip:customer@127.0.0.1:\(port)>"
    func reply(_ status: String, _ headers: [String] = [], body: String = "") {
      say(lines.answer(status, tag: "customer", headers, body: body), to: peer, descriptor)
    }
    switch lines.method {
    case "INVITE" where state.phase == .idle || lines["Call-ID"] == state.callID:
      let isFirst = state.phase == .idle
      if isFirst { reply("180 Ringing", [contact]) }
      (state.callID, state.peer) = (lines["Call-ID"], peer)
      reply("200 OK", [contact, "Content-Type: application/sdp"], body: description(voice))
      if isFirst {
        state.local = lines["To"] + ";tag=customer"
        state.remote = lines["From"]
        state.target = lines.contact
        state.routes = lines.all("Record-Route")
        state.sequence = 100
      }
      if let address = lines.sound { voice.speak(to: address) }
      state.phase = .talking
    case "INVITE": reply("486 Busy Here")
    case "BYE":
      reply("200 OK")
      state.phase = .over(0)
      voice.speak(to: nil)
    case "ACK": break
    default: reply("200 OK", [contact])
    }
  }

  private static func say(_ text: String, to peer: sockaddr_in, _ descriptor: Int32) {
    var peer = peer
    let bytes = Array(text.utf8)
    _ = withUnsafePointer(to: &peer) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(descriptor, bytes, bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}
