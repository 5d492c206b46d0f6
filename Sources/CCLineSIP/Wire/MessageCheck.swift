// Whether a message can be read to its end, before libre is given it.

import CLibre

/// Looks through one whole message: what libre cannot read, reads wrongly or would choke on never reaches it.
enum MessageCheck {
  typealias Bytes = MessageHead.Bytes

  /// What may be handed on, or why nothing may.
  enum Verdict {
    /// The bytes as they came.
    case asItIs
    /// These in their place: a first line mended.
    case instead([UInt8])
    case refused(Fault)
  }

  /// Looks at a message; `head` holds its empty line, `body` is as long as it says.
  static func verdict(_ head: MessageHead, _ bytes: Bytes, body: Bytes) -> Verdict {
    guard let start = head.start else { return .refused(.startLine) }
    if let fault = fault(in: head, start) { return .refused(fault) }
    let mended = mended(head, start, bytes, body: body)
    let isRead = (mended ?? []).withUnsafeBufferPointer { own in
      isReadable(mended == nil ? bytes : own[...], body: body.count)
    }
    guard isRead else { return .refused(culprit(in: head)) }
    return mended.map(Verdict.instead) ?? .asItIs
  }

  /// What every message must have, and only once.
  private static func fault(in head: MessageHead, _ start: StartLine) -> Fault? {
    if start == .foreignVersion { return .version }
    for name in [MessageHead.Name.via, .from, .to, .callID, .cseq] {
      let values = head.values(name)
      guard let first = values.first, !first.isEmpty else { return .missing(name) }
      if name != .via, values.count > 1 { return .unreadable(name) }
    }
    guard head.branch != nil else { return .noBranch }
    guard let sequence = head.sequence else { return .unreadable(.cseq) }
    if case .request(let method) = start {
      guard sequence.method == method else { return .otherMethod }
      if method == "INVITE" { return faultOfInvite(head) }
    }
    return nil
  }

  /// A new call needs a dialog: a tag of its caller, and where she is (RFC 3261 section 12.1.1).
  private static func faultOfInvite(_ head: MessageHead) -> Fault? {
    guard let from = head.values(.from).first, let to = head.values(.to).first,
      MessageHead.parameter("tag", in: to) == nil
    else { return nil }
    guard MessageHead.parameter("tag", in: from) != nil else { return .noTag }
    guard let contact = head.values(.contact).first else { return .missing(.contact) }
    return isAddress(contact) ? nil : .unreadable(.contact)
  }

  /// The message with what is missing put in: nil where nothing is.
  ///
  /// An answer without a code is a refusal (400) to whoever waits for it: the request it answers is over.
  private static func mended(
    _ head: MessageHead, _ start: StartLine, _ bytes: Bytes, body: Bytes
  ) -> [UInt8]? {
    let line: String?
    switch start {
    case .status(let code, hasReason: false): line = "SIP/2.0 \(code) \(code < 300 ? "OK" : "-")"
    case .badStatus: line = "SIP/2.0 400 \(Fault.noCode.words)"
    case .status, .request, .foreignVersion: line = nil
    }
    let lacksLength = head.length == .missing
    guard line != nil || lacksLength else { return nil }
    var text: [UInt8] = []
    if let line { text += line.utf8 } else { text += head.startLine }
    text += "\r\n".utf8
    if lacksLength { text += "Content-Length: \(body.count)\r\n".utf8 }
    let rest = bytes[head.startLine.endIndex...].drop { $0 == 0x0D }.dropFirst()
    return text + rest
  }

  // MARK: libre's own reading

  /// Whether libre reads it, and takes its body for as long as it is.
  private static func isReadable(_ bytes: Bytes, body: Int) -> Bool {
    guard let message = SIPEngine.decoded(bytes) else { return false }
    defer { mem_deref(message) }
    return Int(pl_u32(&message.pointee.clen)) == body && mbuf_get_left(message.pointee.mb) == body
  }

  /// Which header it is that libre does not read.
  private static func culprit(in head: MessageHead) -> Fault {
    for name in [MessageHead.Name.from, .to] {
      if let value = head.values(name).first, !isAddress(value) { return .unreadable(name) }
    }
    if let via = head.values(.via).first {
      var read = sip_via()
      if with(via, { sip_via_decode(&read, &$0) }) != 0 { return .unreadable(.via) }
    }
    return .somewhere
  }

  private static func isAddress(_ value: Bytes) -> Bool {
    var address = sip_addr()
    return with(value) { sip_addr_decode(&address, &$0) } == 0
  }

  private static func with(_ value: Bytes, _ read: (inout pl) -> Int32) -> Int32 {
    UnsafeBufferPointer(rebasing: value).withMemoryRebound(to: CChar.self) { text in
      var text = pl(p: text.baseAddress, l: text.count)
      return read(&text)
    }
  }
}
