// Finding the token in a backend's answer.

import CCCore
import CCJSON

/// Reads the answer of a backend that nobody has standardized.
///
/// Without a path the token is looked for where backends put it: the whole answer as plain text or a
/// JSON string, then `token`, `data.authentication` (the vendor's answer passed on), `data.token`,
/// `data`, `authentication`. The text is kept as it is, `Bearer` included.
struct TokenAnswer: Hashable, Sendable {
  var path: String?
  var expiresPath: String?

  static let usualPaths = ["token", "data.authentication", "data.token", "data", "authentication"]
  static let usualExpiresPaths = ["expiresIn", "expires", "expires_in", "data.expires"]

  func read(_ answer: HTTPAnswer, host: String) throws(TokenFailure) -> Token {
    func fail(_ words: String, mayPass: Bool = true) -> TokenFailure {
      TokenFailure(host, words, mayPass: mayPass)
    }
    if answer.isPage {
      throw fail("answered with a web page: a sign-in page or a proxy stands between")
    }
    guard !answer.body.isEmpty else { throw fail("answered with nothing") }
    guard let json = try? JSONReader.read(answer.body) else {
      guard path == nil, let text = Self.plain(answer) else {
        throw fail("answered with something that is no JSON")
      }
      return Token(Secret(text), expiresIn: nil)
    }
    let places = path.map { [$0] } ?? Self.usualPaths
    let found = json.string ?? places.lazy.compactMap { Self.value(json, at: $0)?.string }.first
    // A backend of its own may count 200 as success: only a negative status, or no token, is a refusal.
    if let envelope = Envelope(json), envelope.status < 0 || (found == nil && envelope.status != 0)
    {
      let reason = envelope.reason.isEmpty ? "" : " \u{201C}\(envelope.reason)\u{201D}"
      throw fail("passed on a refusal of the vendor (\(envelope.status)\(reason))")
    }
    guard let found else {
      throw fail("answered without a token (looked at: \(places.joined(separator: ", ")))")
    }
    guard TokenText.isToken(found) else { throw fail("answered with a token that can be none") }
    let lives = expiresPath.map { [$0] } ?? Self.usualExpiresPaths
    let life = lives.lazy.compactMap { Self.seconds(Self.value(json, at: $0)) }.first
    return Token(Secret(found), expiresIn: life)
  }

  /// The value at a dotted path; a number steps into an array.
  static func value(_ json: JSONValue, at path: String) -> JSONValue? {
    path.split(separator: ".").reduce(Optional(json)) { value, step in
      if let elements = value?.array, let index = Int(step), elements.indices.contains(index) {
        return elements[index]
      }
      return value?[String(step)]
    }
  }

  private static func seconds(_ value: JSONValue?) -> Int? {
    let seconds = value?.int ?? value?.string.flatMap { Int($0) }
    return seconds.flatMap { (1...31_536_000).contains($0) ? $0 : nil }
  }

  /// One line of plain text, if that is what was sent.
  private static func plain(_ answer: HTTPAnswer) -> String? {
    var body = answer.body[...]
    while let last = body.last, last == 0x0A || last == 0x0D { body.removeLast() }
    let text = String(decoding: body, as: UTF8.self)
    // What was meant as JSON and is broken is not taken for a token.
    guard !text.hasPrefix("{"), !text.hasPrefix("["), !text.hasPrefix("\"") else { return nil }
    return TokenText.isToken(text) ? text : nil
  }
}
