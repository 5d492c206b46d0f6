// The answer to a request that cannot be read.

import CLibre

/// Writes a 400 (or 413, 505) from what of the request can be repeated (RFC 3261 section 8.2.6).
enum BadRequest {
  /// The answer to a message whose head is given; nil where none may be sent, or nobody would know it:
  /// answers and ACK are never answered, and without a Via it reaches nobody.
  static func answer(to head: MessageHead, for fault: Fault, from peer: sa, tag: String) -> [UInt8]?
  {
    switch head.start {
    case .status, .badStatus: return nil
    case .request("ACK"): return nil
    case .request, .foreignVersion, nil: break
    }
    let line = head.startLine
    guard !line.starts(with: "SIP/".utf8), !line.starts(with: "ACK".utf8),
      head.values(.via).first?.isEmpty == false
    else { return nil }
    var text: [UInt8] = []
    let (code, reason) = fault.answer
    text += "SIP/2.0 \(code) \(reason)\r\n".utf8
    var isTop = true
    for field in head.fields {
      switch field.name {
      case .via:
        text += lines(of: field)
        // Where it came from, for whoever is behind a NAT (RFC 3581).
        if isTop { text += ";received=\(peer.host.filter { $0 != "[" && $0 != "]" })".utf8 }
        isTop = false
      case .to:
        text += lines(of: field)
        if MessageHead.parameter("tag", in: field.value) == nil { text += ";tag=\(tag)".utf8 }
      case .from, .callID, .cseq: text += lines(of: field)
      case .contentLength, .contentType, .contact: continue
      }
      text += "\r\n".utf8
    }
    text += "Server: \(Stack.software)\r\nContent-Length: 0\r\n\r\n".utf8
    return text.count <= longest ? text : nil
  }

  /// What is longer is not repeated to its sender.
  private static let longest = 8_192

  private static func lines(of field: MessageHead.Field) -> MessageHead.Bytes {
    var lines = field.lines
    while let last = lines.last, last == 0x0A || last == 0x0D { lines = lines.dropLast() }
    return lines
  }
}
