// The certificates of a broker: what openssl is told.

/// A certificate authority of the set's own, and one server certificate that it signs.
enum CertificateFiles {
  /// Days that the two are good for: ten years, and what is usual for a server's.
  static let days = (authority: 3650, server: 825)

  /// The configuration of openssl for both.
  static func configuration(hosts: [String]) -> String {
    let names = hosts.map { (BusPlan.isAddress($0) ? "IP:" : "DNS:") + $0 }
    return """
      # How the two certificates beside this file were made; README says how to renew the server's.
      [req]
      distinguished_name = subject
      prompt = no

      [subject]

      [authority]
      basicConstraints = critical, CA:TRUE, pathlen:0
      keyUsage = critical, keyCertSign, cRLSign
      subjectKeyIdentifier = hash

      [server]
      basicConstraints = critical, CA:FALSE
      keyUsage = critical, digitalSignature
      extendedKeyUsage = serverAuth, clientAuth
      subjectKeyIdentifier = hash
      authorityKeyIdentifier = keyid
      subjectAltName = \(names.joined(separator: ", "))

      """
  }

  /// The arguments that make the authority, to be run in the set's folder.
  static let authority = arguments(
    "/CN=ccterm floor authority", "authority", days: days.authority, name: "ca", more: [])

  /// The arguments that make the server's certificate, or renew it.
  static func server(host: String) -> [String] {
    arguments(
      "/CN=\(host.prefix(64))", "server", days: days.server, name: "server",
      more: ["-CA", "tls/ca.crt", "-CAkey", "tls/ca.key"])
  }

  private static func arguments(
    _ subject: String, _ section: String, days: Int, name: String, more: [String]
  ) -> [String] {
    [
      "req", "-config", "tls/openssl.cnf", "-x509", "-newkey", "ec", "-pkeyopt",
      "ec_paramgen_curve:P-256", "-nodes", "-sha256", "-days", "\(days)", "-extensions", section,
      "-subj", subject, "-keyout", "tls/\(name).key", "-out", "tls/\(name).crt",
    ] + more
  }
}
