// Why a connection to a broker ended, in words.

import CMosquitto
import Glibc

/// Makes an end of what the library returned.
struct BusWords {
  let library: BusLibrary
  let host: BusAddress.Host
  let user: String?
  /// Whether TLS is spoken.
  let isSecure: Bool

  /// How a connection stood when it ended.
  struct Standing {
    /// Whether the broker had taken us.
    var wasUp: Bool
    /// Its answer to our wish to connect.
    var answer: Int32?
    /// The errors that the library logged.
    var logs: [String]
    /// What OpenSSL found wrong with the broker's certificate; 0: nothing.
    var certificateFault: Int
  }

  /// The end that a return code means; nil: it goes on.
  func end(of code: Int32, _ standing: Standing) -> BusEnd? {
    let system = errno
    guard code != 0 else { return nil }
    if let answer = standing.answer, answer != 0 { return refusal(answer) }
    return .lost(words(code, system, standing))
  }

  /// What a broker's refusal means.
  func refusal(_ answer: Int32) -> BusEnd {
    switch answer {
    case 4, 5:
      let who = user.map { "user \($0)" } ?? "a client without a user"
      return .refused("the broker refuses \(who): see bus.user and bus.passwordFile")
    default:
      let words = library.call.pointee.connack_words(answer).map { String(cString: $0) }
      return .refused((words ?? "refused with code \(answer)").lowercased())
    }
  }

  /// The connection is gone, and nobody says why.
  func closed(wasUp: Bool) -> String {
    if wasUp { return "the broker closed the connection" }
    return "the broker hung up before it took us" + (isSecure ? "" : ": is it mqtts:// there?")
  }

  /// It is gone before TLS stood, which a broker without TLS does, and one that is full.
  static let cutHandshake =
    "the broker hung up in the TLS handshake: is it the right port, or mqtt:// there?"
  /// What came first is not what TLS begins with.
  static let noTLS = "what answers speaks no TLS: is it the right port, or mqtt:// there?"
  /// What came first is not what MQTT begins with.
  static let noBroker = "what answers is no MQTT broker: is it the right port?"

  /// What an error of the system's network means.
  func system(_ error: Int32, wasUp: Bool) -> String {
    error == EPIPE || error == ECONNRESET
      ? closed(wasUp: wasUp) : String(cString: strerror(error)).lowercased()
  }

  /// What a code of the library means; `system` is errno as it was then.
  func words(_ code: Int32, _ system: Int32, _ standing: Standing) -> String {
    switch code {
    case Int32(MOSQ_ERR_CONN_LOST.rawValue): return closed(wasUp: standing.wasUp)
    case Int32(MOSQ_ERR_KEEPALIVE.rawValue): return "the broker has fallen silent"
    case Int32(MOSQ_ERR_EAI.rawValue): return "there is no host \(host.name)"
    case Int32(MOSQ_ERR_ERRNO.rawValue): return self.system(system, wasUp: standing.wasUp)
    case Int32(MOSQ_ERR_TLS.rawValue):
      // So OpenSSL calls an end that nobody announced, and what is no record at all.
      let log = standing.logs.last ?? ""
      if log.contains("unexpected eof") { return Self.cutHandshake }
      if ["wrong version number", "http request", "packet length too long"].contains(
        where: log.contains)
      {
        return Self.noTLS
      }
      return "TLS failed" + (tls(standing).map { ": \($0)" } ?? "")
    case Int32(MOSQ_ERR_PROTOCOL.rawValue) where !standing.wasUp:
      return Self.noBroker
    default: return library.words(code).lowercased()
    }
  }

  /// Why there is no TLS: the certificate's fault first, then what OpenSSL has to say.
  private func tls(_ standing: Standing) -> String? {
    if standing.logs.contains(where: { $0.contains("host name verification failed") }) {
      return "the certificate is another host's, not \(host.name)'s"
    }
    if standing.certificateFault != 0,
      let words = library.call.pointee.certificate_words?(standing.certificateFault)
    {
      let fault = String(cString: words)
      // X509_V_ERR_CERT_NOT_YET_VALID and CERT_HAS_EXPIRED say all; the others are about who signed it.
      return [9, 10].contains(standing.certificateFault) ? fault : "\(fault); see bus.caFile"
    }
    // error:0A000410:SSL routines::sslv3 alert handshake failure
    guard let log = standing.logs.last else { return nil }
    return log.split(separator: ":").last.map { $0.drop { $0 == " " } }.map(String.init)
  }
}
