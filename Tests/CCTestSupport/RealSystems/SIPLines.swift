// The lines of a SIP message, for a telephone of a test.

import Foundation

/// A message as a test's telephone reads it: headers by name, and where its sound goes.
struct SIPLines {
  private let lines: [String]
  private let body: String

  init(_ text: String) {
    let parts = text.components(separatedBy: "\r\n\r\n")
    lines = parts[0].components(separatedBy: "\r\n")
    body = parts.dropFirst().joined(separator: "\r\n\r\n")
  }

  var isAnswer: Bool { lines[0].hasPrefix("SIP/2.0 ") }
  /// The code of an answer.
  var code: Int { Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0 }
  /// The method of a request, or of what is answered.
  var method: String {
    isAnswer
      ? String(self["CSeq"].split(separator: " ").last ?? "")
      : String(lines[0].prefix { $0 != " " })
  }
  /// The number in CSeq.
  var number: Int { Int(self["CSeq"].split(separator: " ").first ?? "") ?? 0 }

  /// The first header of this name.
  subscript(_ name: String) -> String { all(name).first ?? "" }

  /// Every header of this name.
  func all(_ name: String) -> [String] {
    lines.filter { $0.lowercased().hasPrefix(name.lowercased() + ":") }
      .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
  }

  /// The URI in Contact.
  var contact: String {
    let value = self["Contact"]
    guard let open = value.firstIndex(of: "<") else {
      return String(value.prefix { $0 != ";" })
    }
    return String(value[value.index(after: open)...].prefix { $0 != ">" })
  }

  /// Where the sound of the sender's description is wanted; nil where there is none, or it is held.
  var sound: sockaddr_in? {
    let description = body.components(separatedBy: "\r\n")
    guard let media = description.first(where: { $0.hasPrefix("m=audio ") }),
      let port = UInt16(media.split(separator: " ")[1]), port > 0,
      let line = description.last(where: { $0.hasPrefix("c=IN IP4 ") })
    else { return nil }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    guard inet_pton(AF_INET, String(line.dropFirst(9)), &address.sin_addr) == 1 else { return nil }
    return address
  }

  /// The beginning of a request with headers of this message.
  func request(_ method: String, _ uri: String, keeping names: [String]) -> String {
    "\(method) \(uri) SIP/2.0\r\n" + names.map { "\($0): \(self[$0])\r\n" }.joined()
  }

  /// An answer to this request.
  func answer(_ status: String, tag: String, _ headers: [String] = [], body: String = "") -> String
  {
    var to = self["To"]
    if !to.contains(";tag=") { to += ";tag=\(tag)" }
    let head =
      ["SIP/2.0 \(status)"] + all("Via").map { "Via: \($0)" }
      + all("Record-Route").map { "Record-Route: \($0)" } + [
        "From: \(self["From"])", "To: \(to)", "Call-ID: \(self["Call-ID"])",
        "CSeq: \(self["CSeq"])",
      ] + headers + ["Content-Length: \(body.utf8.count)"]
    return head.joined(separator: "\r\n") + "\r\n\r\n" + body
  }
}
