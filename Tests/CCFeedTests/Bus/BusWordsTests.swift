// Why a connection ended, in words that name the mend.

import Foundation
import Testing

@testable import CCFeed

@Suite struct BusWordsTests {
  private func words(user: String? = "red/1", secure: Bool = false) throws -> BusWords {
    BusWords(
      library: try .opened(), host: .init(name: "broker.example", port: 1883), user: user,
      isSecure: secure)
  }

  private func standing(
    up: Bool = false, answer: Int32? = nil, logs: [String] = [], fault: Int = 0
  ) -> BusWords.Standing {
    .init(wasUp: up, answer: answer, logs: logs, certificateFault: fault)
  }

  // Codes of libmosquitto's own list (mosquitto.h).
  private static let lost: Int32 = 7
  private static let tls: Int32 = 8
  private static let system: Int32 = 14
  private static let noHost: Int32 = 15
  private static let silent: Int32 = 19

  @Test func whatWentWellIsNoEnd() throws {
    #expect(try words().end(of: 0, standing()) == nil)
    #expect(try words().end(of: 0, standing(up: true, answer: 5)) == nil)
  }

  /// The broker's own answer says more than the code that came of it.
  @Test func aRefusalIsTheEnd() throws {
    for answer: Int32 in [4, 5] {
      #expect(
        try words().end(of: Self.lost, standing(answer: answer))
          == .refused("the broker refuses user red/1: see bus.user and bus.passwordFile"))
      #expect(
        try words(user: nil).end(of: Self.lost, standing(answer: answer))
          == .refused(
            "the broker refuses a client without a user: see bus.user and bus.passwordFile"))
    }
    for (answer, part) in [(1, "protocol version"), (2, "identifier"), (3, "unavailable")] {
      let end = try words().end(of: Self.lost, standing(answer: Int32(answer)))
      guard case .refused(let said)? = end else {
        Issue.record("\(String(describing: end))")
        continue
      }
      #expect(said.contains(part) && said == said.lowercased() && !said.contains("bus.user"))
    }
    let end = try words().end(of: Self.lost, standing(up: true, answer: 0))
    #expect(end == .lost("the broker closed the connection"))
  }

  @Test func whoHungUpAndWhen() throws {
    for secure in [true, false] {
      let words = try words(secure: secure)
      #expect(words.closed(wasUp: true) == "the broker closed the connection")
      let early = words.closed(wasUp: false)
      #expect(early.hasPrefix("the broker hung up before it took us"))
      #expect(early.contains("mqtts://") == !secure, "who speaks TLS already needs no such word")
      for up in [true, false] {
        for error in [EPIPE, ECONNRESET] {
          #expect(words.system(error, wasUp: up) == words.closed(wasUp: up))
        }
        #expect(words.system(ECONNREFUSED, wasUp: up) == "connection refused")
        #expect(words.words(Self.lost, 0, standing(up: up)) == words.closed(wasUp: up))
        #expect(words.words(Self.system, EPIPE, standing(up: up)) == words.closed(wasUp: up))
        #expect(
          words.words(Self.system, EHOSTUNREACH, standing(up: up)) == "no route to host")
      }
    }
    #expect(try words().words(Self.silent, 0, standing(up: true)) == "the broker has fallen silent")
    #expect(try words().words(Self.noHost, 0, standing()) == "there is no host broker.example")
  }

  /// What breaks the protocol before it took us is no broker; one that took us is one that is wrong.
  @Test func whatIsNoBroker() throws {
    #expect(try words().words(2, 0, standing()) == BusWords.noBroker)
    let broken = try words().words(2, 0, standing(up: true))
    #expect(broken != BusWords.noBroker && broken.contains("protocol") && !broken.isEmpty)
    #expect(broken == broken.lowercased())
  }

  @Test func whatTLSEndsWith() throws {
    let words = try words(secure: true)
    func said(_ logs: [String], fault: Int = 0) -> String {
      words.words(Self.tls, 0, standing(logs: logs, fault: fault))
    }
    #expect(said(["error:0A000126:SSL routines::unexpected eof"]) == BusWords.cutHandshake)
    for log in ["wrong version number", "http request", "packet length too long"] {
      #expect(said(["error:0A00010B:SSL routines::\(log)"]) == BusWords.noTLS)
    }
    // The last one counts.
    #expect(said(["a::unexpected eof", "b::wrong version number"]) == BusWords.noTLS)
    #expect(said(["b::http request", "a::unexpected eof"]) == BusWords.cutHandshake)
    #expect(said([]) == "TLS failed")
    #expect(
      said(["error:0A000410:SSL routines:: sslv3 alert handshake failure"])
        == "TLS failed: sslv3 alert handshake failure")
    #expect(
      said(["Error: host name verification failed.", "c::certificate verify failed"], fault: 62)
        == "TLS failed: the certificate is another host's, not broker.example's")
  }

  /// The certificate's fault before OpenSSL's words; which file to look at, where that mends it.
  @Test func whatIsWrongWithACertificate() throws {
    let words = try words(secure: true)
    func said(_ fault: Int) -> String {
      words.words(Self.tls, 0, standing(logs: ["c::certificate verify failed"], fault: fault))
    }
    #expect(said(9) == "TLS failed: certificate is not yet valid")
    #expect(said(10) == "TLS failed: certificate has expired")
    // Unreadable begin and end of its time, a certificate that signs itself, an unknown signer.
    for fault in [1, 8, 11, 13, 18, 20] {
      #expect(said(fault).hasPrefix("TLS failed: ") && said(fault).hasSuffix("; see bus.caFile"))
      #expect(!said(fault).contains("certificate verify failed"))
    }
    #expect(said(0) == "TLS failed: certificate verify failed")
  }
}
