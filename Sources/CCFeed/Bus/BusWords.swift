// Why a connection to a broker ended, in words.

import CMosquitto
import Glibc

/// Makes an end of what the library returned.
struct BusWords {
  let library: BusLibrary
  let host: BusAddress.Host
  let user: String?

  /// How a connection stood when it ended.
  struct Standing {
    /// Whether the broker had taken us.
    var wasUp: Bool
    /// Its answer to our wish to connect.
    var answer: Int32?
    /// The last error that the library logged.
    var lastLog: String
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
    wasUp ? "the broker closed the connection" : "the broker hung up before it took us"
  }

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
      return "TLS failed" + (standing.lastLog.isEmpty ? "" : ": \(standing.lastLog)")
    default: return library.words(code).lowercased()
    }
  }
}
