// A registrar and a far end in one, on a UDP port that the kernel picks: it welcomes and it is busy.

import Glibc

final class Registrar {
  let socket: Int32
  let port: UInt16
  /// Where the sound of a call goes that is answered; nil: it is busy.
  var answersWithSound: UInt16?
  private var buffer = [UInt8](repeating: 0, count: 65_536)
  /// What came last, as it came.
  private(set) var last = ""
  /// Where the line may be reached: the address that it spoke from.
  private var line = sockaddr_storage()
  private var lineLength = socklen_t(0)

  init() throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard let port = bound(socket) else { throw BenchError("no UDP port") }
    self.port = port
  }

  /// Serves until a request of this method came, and returns when it came; nil if none does.
  func serve(until method: String, atMost limit: Int64) -> Int64? {
    let end = now() + limit
    while true {
      let left = end - now()
      guard left > 0 else { return nil }
      var entry = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
      guard poll(&entry, 1, Int32(left / millisecond) + 1) > 0 else { continue }
      let came = now()
      if answer() == method { return came }
    }
  }

  /// Serves until an answer begins so, and returns when it came; nil if none does within 3 s.
  func await(_ beginning: String) -> Int64? {
    let end = now() + 3 * second
    while now() < end {
      guard let came = serve(until: "SIP/2.0", atMost: end - now()) else { return nil }
      if last.hasPrefix(beginning) { return came }
    }
    return nil
  }

  /// Answers one request, and returns its method.
  private func answer() -> String? {
    var from = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let (descriptor, room) = (socket, buffer.count)
    return withUnsafeMutablePointer(to: &from) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> String? in
        let count = recvfrom(descriptor, &buffer, room, 0, address, &length)
        guard count > 0 else { return nil }
        let request = String(decoding: buffer[..<count], as: UTF8.self)
        let method = request.split(separator: " ").first.map(String.init)
        last = request
        line = UnsafeRawPointer(address).loadUnaligned(as: sockaddr_storage.self)
        lineLength = length
        let words: String? =
          switch method {
          case "REGISTER", "OPTIONS": "200 OK"
          case "INVITE": answersWithSound == nil ? "486 Busy Here" : "200 OK"
          case "BYE": "200 OK"
          default: nil
          }
        if let words {
          let sound = method == "INVITE" ? answersWithSound : nil
          let reply = Array(Self.reply(words, to: request, sound, self.port).utf8)
          sendto(descriptor, reply, reply.count, 0, address, length)
        }
        return method
      }
    }
  }

  /// Sends a message to the line.
  func send(_ text: String) {
    let bytes = Array(text.utf8)
    let (descriptor, length) = (socket, lineLength)
    _ = withUnsafePointer(to: &line) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(descriptor, bytes, bytes.count, 0, $0, length)
      }
    }
  }

  /// A request of a caller at this port, with the To of an answer where there is one.
  func request(_ method: String, _ call: String, to answered: String = "") -> String {
    Self.request(method, call, to: answered, at: port, over: "UDP")
  }

  /// The same of a caller at any port, over any transport.
  ///
  /// CANCEL belongs to its INVITE, and so does the ACK of a refusal: they have its branch.
  static func request(
    _ method: String, _ call: String, to answered: String = "", at port: UInt16,
    over transport: String
  ) -> String {
    let to = answered.split(separator: "\r\n").first { $0.hasPrefix("To:") }
    let body = method == "INVITE" ? sound : ""
    let isAnswered = method == "ACK" && answered.hasPrefix("SIP/2.0 2")
    let rows = [
      "\(method) sip:1001@127.0.0.1 SIP/2.0",
      "Via: SIP/2.0/\(transport) 127.0.0.1:\(port);branch=z9hG4bK\(call)\(isAnswered ? "a" : "");rport",
      "From: <sip:2025550100@127.0.0.1>;tag=\(call)",
      to.map(String.init) ?? "To: <sip:1001@127.0.0.1>",
      "Call-ID: \(call)", "CSeq: 1 \(method)",
      "Contact: <sip:far@127.0.0.1:\(port);transport=\(transport.lowercased())>",
      "Max-Forwards: 70",
    ]
    return (rows + tail(body)).joined(separator: "\r\n")
  }

  private static let sound =
    "v=0\r\no=far 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    + "m=audio 9 RTP/AVP 0\r\n"

  private static func tail(_ body: String) -> [String] {
    (body.isEmpty ? [] : ["Content-Type: application/sdp"])
      + ["Content-Length: \(body.utf8.count)", "", body]
  }

  static func reply(
    _ words: String, to request: String, _ sound: UInt16?, _ port: UInt16
  ) -> String {
    var rows = ["SIP/2.0 \(words)"]
    for row in request.split(separator: "\r\n") {
      let name = row.prefix { $0 != ":" }.lowercased()
      switch name {
      case "via", "v", "from", "f", "call-id", "i", "cseq", "expires":
        rows.append(String(row))
      case "contact", "m":
        // A registrar gives the contact back; a far end has its own.
        if request.hasPrefix("REGISTER ") { rows.append(String(row)) }
      case "to", "t": rows.append(row.contains("tag=") ? String(row) : "\(row);tag=bench")
      default: break
      }
    }
    guard let sound else {
      return (rows + ["Content-Length: 0", "", ""]).joined(separator: "\r\n")
    }
    let body = [
      "v=0", "o=far 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0",
      // The first format of the offer is what is spoken.
      "m=audio \(sound) RTP/AVP \(format(of: request))", "a=rtpmap:107 opus/48000/2", "",
    ].joined(separator: "\r\n")
    rows += [
      "Contact: <sip:far@127.0.0.1:\(port)>", "Content-Type: application/sdp",
      "Content-Length: \(body.utf8.count)", "", body,
    ]
    return rows.joined(separator: "\r\n")
  }

  private static func format(of request: String) -> String {
    let line = request.split(separator: "\r\n").first { $0.hasPrefix("m=audio ") }
    return line?.split(separator: " ").dropFirst(3).first.map(String.init) ?? "0"
  }

  deinit { close(socket) }
}
