// Whom a TLS connection must be with, and why one was refused.

import CCCore
import CLibre
import CLinux
import Glibc

/// A TLS context for one host: authority, name and dates are verified, TLS 1.2 is the least.
final class TLSContext {
  private let host: String
  private let context = Slot()
  // OpenSSL's callbacks keep the address.
  private let seen: UnsafeMutablePointer<cc_tls_refusal>

  /// What cannot be used, in one sentence.
  struct Unusable: Error { var sentence: String }

  /// Makes one that trusts the authorities in a PEM file, or the system's.
  init(host: String, caFile: String?) throws(Unusable) {
    self.host = host
    seen = .allocate(capacity: 1)
    seen.initialize(to: cc_tls_refusal())
    let room = MemoryLayout.size(ofValue: seen.pointee.host)
    withUnsafeMutableBytes(of: &seen.pointee.host) { bytes in
      bytes.copyBytes(from: host.utf8.prefix(room - 1))
    }
    // OpenSSL would wait for a FIFO, for ever and without a word.
    if let file = caFile ?? Self.ownAuthorities, cc_look_at_file(file) == cc_no_file {
      let key = caFile == nil ? "SSL_CERT_FILE" : "sip.caFile"
      throw Unusable(sentence: "\(key): \(SafeText(file)) is no file.")
    }
    let error = cc_tls_open(context.place, caFile, seen)
    guard error == 0 else {
      let file = caFile ?? "the system's authorities"
      throw Unusable(
        sentence: error == EBADF
          ? "sip.caFile: \(file) is no file of certificates (PEM) that can be read."
          : "TLS cannot be set up: \(Reasons.text(of: error)).")
    }
  }

  /// The file of authorities that the environment names in the place of the system's, if it does.
  private static var ownAuthorities: String? {
    getenv("SSL_CERT_FILE").map { String(cString: $0) }
  }

  /// For libre's transport.
  var handle: OpaquePointer? { context.object }

  /// Why the last connection was refused, in words; nil if it was not TLS that stopped it.
  ///
  /// It is told once: the next connection may fail before TLS begins, for another reason.
  func takeRefusal() -> SafeText? {
    defer {
      seen.pointee.verification = 0
      (seen.pointee.is_old, seen.pointee.is_no_tls) = (false, false)
      withUnsafeMutableBytes(of: &seen.pointee.alert) { $0.copyBytes(from: [0]) }
    }
    let text = TLSRefusal(
      verification: seen.pointee.verification, names: Self.text(&seen.pointee.names),
      from: Self.text(&seen.pointee.from), until: Self.text(&seen.pointee.until),
      alert: Self.text(&seen.pointee.alert), isOld: seen.pointee.is_old,
      isNoTLS: seen.pointee.is_no_tls
    ).words(host: host)
    return text.map { SafeText($0, limit: 200) }
  }

  private static func text<T>(_ field: inout T) -> String {
    withUnsafeBytes(of: &field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  deinit {
    context.release()
    seen.deallocate()
  }
}

/// What OpenSSL said of a connection that did not come to be.
struct TLSRefusal {
  /// An `X509_V_ERR_` number, or 0.
  var verification: Int32 = 0
  /// What the certificate is for.
  var names = ""
  /// The day from which it is valid.
  var from = ""
  /// The day until which it is valid.
  var until = ""
  /// A fatal alert, in OpenSSL's words.
  var alert = ""
  /// Whether the peer speaks only what is older than TLS 1.2.
  var isOld = false
  /// Whether the peer speaks something else.
  var isNoTLS = false

  /// OpenSSL's numbers that have words here.
  enum Verification: Int32 {
    case fine = 0
    case noIssuer = 2
    case notYetValid = 9
    case expired = 10
    case selfSigned = 18
    case selfSignedInChain = 19
    case noIssuerHere = 20
    case unverifiable = 21
    case purpose = 26
    case hostName = 62
    case hostNumber = 64
  }

  /// In words; nil if there is nothing to tell.
  func words(host: String) -> String? {
    let certificate = "the registrar's certificate"
    switch Verification(rawValue: verification) {
    case .fine: break
    case .hostName, .hostNumber:
      return "\(certificate) is for \(names.isEmpty ? "nobody" : names), not for \(host)"
    case .expired: return "\(certificate) expired on \(until)"
    case .notYetValid: return "\(certificate) is valid from \(from) on"
    case .selfSigned:
      return "\(certificate) is signed by itself; sip.caFile can name it as trusted"
    case .noIssuer, .noIssuerHere, .selfSignedInChain, .unverifiable:
      return "\(certificate) is from an authority not known here; sip.caFile can name it"
    case .purpose: return "\(certificate) is not for a server"
    case nil:
      let reason = cc_tls_words(verification).map { String(cString: $0) } ?? "\(verification)"
      return "\(certificate) is refused: \(reason)"
    }
    if isNoTLS { return "the registrar does not speak TLS on this port" }
    if isOld { return "the registrar speaks only TLS older than 1.2" }
    return alert.isEmpty ? nil : "the registrar and this line cannot agree on TLS: \(alert)"
  }
}
