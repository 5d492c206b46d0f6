// The far end of a call: sipp with a scenario of a few steps.

import Foundation

/// A sipp on a loopback port that plays one scenario once.
public final class Sipp: Sendable {
  /// One step of a scenario.
  public enum Step: Sendable {
    /// Waits for a request.
    case receive(String)
    /// Waits for a response.
    case receiveResponse(Int)
    /// Takes a response if it comes here.
    case mayReceiveResponse(Int)
    /// Answers the last request; `headers` are whole lines.
    case answer(Int, String, headers: [String] = [], sound: Sound? = nil)
    /// Answers a request inside the call: its tags are all there.
    case reply(Int, String, sound: Sound? = nil)
    /// Sends a request in the dialog that it was called in: method, number, header lines, and a body
    /// with its type.
    case request(String, Int, [String], type: String? = nil, body: [String] = [])
    /// Answers a CANCEL with 200 and its INVITE with 487.
    case answerCancel
    /// Sends a BYE in the dialog that it was called in.
    case bye
    /// Sends an INVITE in the dialog that it was called in, with this description.
    case reinvite([String])
    /// Acknowledges the answer to it.
    case acknowledgeReinvite
    /// Sends a first request, as a caller: an INVITE to the service.
    case invite
    /// The same with further header lines (a `From:` replaces the usual one), and this description.
    case inviteWith([String], [String])
    /// Acknowledges a refusal, as a caller.
    case acknowledge
    /// Waits for the answer to its INVITE, as a caller.
    case receiveAnswer
    /// Confirms the answer, as a caller.
    case confirm
    /// Sends a BYE, as a caller.
    case hangUp
    /// Sends an INVITE in the call, as a caller, with this description, and one to confirm it.
    case change([String])
    case confirmChange
    /// Takes its INVITE back, as a caller.
    case cancel
    /// Plays raw G.711 (mu-law) from a file, over and over.
    case play(String)
    /// Lets time pass, as a person would.
    case pause(milliseconds: Int)
  }

  /// What a description of sound says.
  public enum Sound: Sendable {
    /// G.711 on sipp's own media port.
    case own
    /// Whatever the test wants instead.
    case lines([String])
  }

  /// The port.
  public let port: UInt16
  private let folder: TestFolder
  private let peer: Peer

  /// What it may be besides a scenario.
  public struct Setup: Sendable {
    /// Over TCP; else UDP.
    public var tcp = false
    /// Whether it sends sound back as it came.
    public var echo = false
    /// As a caller: whom to call, and through which port.
    public var calls: (service: String, port: UInt16)?
    /// The usual one.
    public init(tcp: Bool = false, echo: Bool = false, calls: (String, UInt16)? = nil) {
      self.tcp = tcp
      self.echo = echo
      self.calls = calls
    }
  }

  /// Starts one and waits until it listens.
  public init(_ steps: [Step], _ setup: Setup = Setup()) async throws {
    // Between the kernel's pick and the bind another program may have taken a port.
    var last: any Error = NotInTime("sipp")
    for _ in 1...3 {
      do {
        let port = Ports.free()
        let folder = try TestFolder()
        peer = try await Self.start(steps, setup, port, folder)
        self.port = port
        self.folder = folder
        return
      } catch { last = error }
    }
    throw last
  }

  private static func start(
    _ steps: [Step], _ setup: Setup, _ port: UInt16, _ folder: TestFolder
  ) async throws -> Peer {
    let scenario = try folder.write("scenario.xml", SippScenario(steps).xml)
    var arguments = [
      "-sf", scenario, "-i", "127.0.0.1", "-p", "\(port)", "-mp", "\(Ports.freeEven())", "-m", "1",
      "-t", setup.tcp ? "t1" : "u1", "-nostdin", "-trace_msg", "-message_file",
      folder.path("messages"), "-trace_err", "-error_file", folder.path("errors"), "-timeout", "40",
      "-max_retrans", "20",
    ]
    if setup.echo { arguments.append("-rtp_echo") }
    if let calls = setup.calls { arguments += ["-s", calls.service, "127.0.0.1:\(calls.port)"] }
    let peer = try Peer("sipp", arguments, in: folder)
    guard setup.calls == nil else { return peer }
    try await eventually("sipp listens") {
      if let code = peer.exitCodeIfEnded {
        throw NotInTime("sipp ended with \(code): \(folder.read("sipp.out").suffix(500))")
      }
      return setup.tcp ? Ports.answers(tcp: port) : Ports.isTaken(udp: port)
    }
    return peer
  }

  /// Its exit code once the scenario is over: 0 if every step came as written.
  public func finished() async -> Int32 { await peer.exitCode() }

  /// Stops it before its end.
  public func stop() async { await peer.stop() }

  /// Why it did not go as written.
  public var complaint: String { folder.read("sipp.out") + folder.read("errors") }

  /// Every message that it sent or received.
  public var messages: String { folder.read("messages") }
}
