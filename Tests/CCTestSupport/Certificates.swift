// Certificates of every kind, right and wrong, made with openssl.

import Foundation

/// An authority of its own in a folder, and what it signs.
public final class Certificates: Sendable {
  /// A certificate and its key, as PEM files.
  public struct Pair: Sendable {
    /// The certificate.
    public var certificate: String
    /// Its key.
    public var key: String
  }

  /// The authority that a line is told to trust.
  public let authority: Pair
  private let folder: TestFolder

  /// Makes the authority.
  public init() async throws {
    folder = try TestFolder()
    authority = Pair(certificate: folder.path("ca.pem"), key: folder.path("ca.key"))
    try await Self.openssl(
      ["req", "-x509", "-subj", "/CN=The test's authority", "-days", "2"]
        + Self.newKey(authority.key) + ["-out", authority.certificate], folder)
  }

  /// One for these names (`DNS:pbx.example`, `IP:127.0.0.1`), valid from and until so many days from
  /// now, signed by the authority, or by itself.
  public func make(
    _ name: String, for names: String, from: Int = -1, until: Int = 2, signsItself: Bool = false
  ) async throws -> Pair {
    let pair = Pair(certificate: folder.path("\(name).pem"), key: folder.path("\(name).key"))
    let extensions = try folder.write("\(name).ext", "subjectAltName=\(names)\n")
    if signsItself {
      try await Self.openssl(
        [
          "req", "-x509", "-subj", "/CN=\(name)", "-days", "2", "-addext",
          "subjectAltName=\(names)",
        ]
          + Self.newKey(pair.key) + ["-out", pair.certificate], folder)
      return pair
    }
    let request = folder.path("\(name).csr")
    try await Self.openssl(
      ["req", "-subj", "/CN=\(name)"] + Self.newKey(pair.key) + ["-out", request], folder)
    // `openssl ca` is the one that takes dates.
    let home = folder.url.appending(path: "\(name)-ca")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    _ = FileManager.default.createFile(atPath: home.appending(path: "index").path, contents: nil)
    let configuration = try folder.write(
      "\(name).cnf",
      """
      [ca]
      default_ca = one
      [one]
      database = \(home.path)/index
      new_certs_dir = \(home.path)
      rand_serial = yes
      default_md = sha256
      policy = any
      unique_subject = no
      [any]
      commonName = supplied

      """)
    try await Self.openssl(
      [
        "ca", "-batch", "-notext", "-config", configuration, "-cert", authority.certificate,
        "-keyfile", authority.key, "-in", request, "-out", pair.certificate, "-extfile", extensions,
        "-startdate", Self.date(from), "-enddate", Self.date(until),
      ], folder)
    return pair
  }

  private static func newKey(_ path: String) -> [String] {
    ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path]
  }

  /// `20261124120000Z`.
  private static func date(_ days: Int) -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(identifier: "UTC")
    format.dateFormat = "yyyyMMddHHmmss'Z'"
    return format.string(from: Date().addingTimeInterval(Double(days) * 86_400))
  }

  private static func openssl(_ arguments: [String], _ folder: TestFolder) async throws {
    let code = await (try Peer("openssl", arguments, in: folder)).exitCode()
    guard code == 0 else {
      throw NotInTime("openssl \(arguments[0]): \(folder.read("openssl.out").suffix(800))")
    }
  }
}
