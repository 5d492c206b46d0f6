// Either of the real telephone systems, for a test that holds for both.

import Foundation

/// A telephone system with desks 1001 to 1003, a queue at 7000, and customers.
public enum TelephoneSystem: Sendable {
  case asterisk(Asterisk)
  case freeswitch(FreeSwitch)

  /// Starts one.
  public init(
    _ system: RealSystem, certificate: Certificates.Pair? = nil, customer: UInt16 = 9
  ) async throws {
    switch system {
    case .asterisk:
      self = .asterisk(try await Asterisk(.init(certificate: certificate, customer: customer)))
    case .freeswitch:
      self = .freeswitch(try await FreeSwitch(.init(certificate: certificate, customer: customer)))
    }
  }

  /// The password of every desk.
  public static let password = "change-me"

  /// The port of the desks for UDP and TCP.
  public var port: UInt16 {
    switch self {
    case .asterisk(let asterisk): asterisk.port
    case .freeswitch(let freeswitch): freeswitch.port
    }
  }

  /// The port of the desks for TLS.
  public var tlsPort: UInt16 {
    switch self {
    case .asterisk(let asterisk): asterisk.tlsPort
    case .freeswitch(let freeswitch): freeswitch.tlsPort
    }
  }

  /// The port where customers arrive, over UDP.
  public var customersPort: UInt16 {
    switch self {
    case .asterisk(let asterisk): asterisk.port
    case .freeswitch(let freeswitch): freeswitch.trunkPort
    }
  }

  /// What it wrote.
  public var log: String {
    switch self {
    case .asterisk(let asterisk): asterisk.log
    case .freeswitch(let freeswitch): freeswitch.log
    }
  }

  /// Kills it; `start()` brings it back on the same ports.
  public func kill() async {
    switch self {
    case .asterisk(let asterisk): await asterisk.kill()
    case .freeswitch(let freeswitch): await freeswitch.kill()
    }
  }

  /// Starts it again.
  public func start() async throws {
    switch self {
    case .asterisk(let asterisk): try await asterisk.start()
    case .freeswitch(let freeswitch): try await freeswitch.start()
    }
  }

  /// Lets it stand still, as on a host that hangs, or go on.
  public func stand(still: Bool) async throws {
    let (pid, target) =
      switch self {
      case .asterisk(let asterisk): (asterisk.pid, asterisk.pid)
      case .freeswitch(let freeswitch): (freeswitch.pid, -freeswitch.pid)
      }
    Foundation.kill(target, still ? SIGSTOP : SIGCONT)
    // Until then it may answer.
    if still { try await eventually("it stands still") { Processes.standsStill(pid) } }
  }

  /// Stops it.
  public func stop() async {
    switch self {
    case .asterisk(let asterisk): await asterisk.stop()
    case .freeswitch(let freeswitch): await freeswitch.stop()
    }
  }
}
