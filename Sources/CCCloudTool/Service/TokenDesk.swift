// The token service's heart: one request at a time is judged, and answered or not.

import CCCloud
import CCCore
import CCJSON
import Foundation

/// Judges requests for tokens and has the vendor issue them.
///
/// An actor: secrets are hashed one after the other, so a flood costs one processor and 16 MiB at most.
actor TokenDesk {
  /// What is asked.
  struct Ask: Sendable {
    /// Whether a token is to be issued, or only the secret to be looked at.
    var issues: Bool
    var authorization: String?
    var address: String
  }

  /// What is answered.
  struct Reply: Sendable, Equatable {
    var status: Int
    var body: JSONValue
    var retryAfter: Int?
  }

  private let file: AgentFile
  private let client: CloudClient
  private let life: Int
  private let uptime: @Sendable () -> Int64
  private let log: @Sendable (String) -> Void
  private var door: TokenDoor
  private var list = AgentList()
  private var version: AgentFile.Version?
  private var waiting = 0
  // Unknown names cost as much time as known ones: nobody learns from it who works here.
  private let stranger: SecretHash?

  /// Requests that may wait for their turn; more are sent away.
  static let queue = 64

  init(
    file: AgentFile, client: CloudClient, life: Int, limits: TokenDoor.Limits = .init(),
    cost: Int = 14, uptime: @escaping @Sendable () -> Int64,
    log: @escaping @Sendable (String) -> Void
  ) throws {
    self.file = file
    self.client = client
    self.life = life
    self.uptime = uptime
    self.log = log
    door = TokenDoor(limits)
    stranger = SecretHash.make(Secret("nobody"), cost: cost)
    version = file.version
    list = try file.read()
  }

  /// How many agents there are.
  var agents: Int { list.agents.count }

  func answer(_ ask: Ask) async -> Reply {
    readAnew()
    let credentials = ask.authorization.flatMap(BasicCredentials.init)
    let agent = credentials.flatMap { list[$0.user] }
    let who = credentials.map { ServiceAgent.isWord($0.user) ? $0.user : "(no name)" } ?? "-"
    switch door.knock(agent: agent?.name, address: ask.address, at: uptime()) {
    case .wait(let seconds):
      log("too often: agent=\(who) from=\(ask.address)")
      return Self.refusal(429, "asked too often; wait \(seconds) s", retryAfter: seconds)
    case .locked(let seconds):
      log("locked: agent=\(who) from=\(ask.address), \(seconds) s more")
      return Self.refusal(
        403, "too many wrong secrets; the agent is locked for \(seconds) s more",
        retryAfter: seconds)
    case .look: break
    }
    guard let credentials else { return Self.refusal(401, "a name and a secret are needed") }
    guard (agent?.hash ?? stranger)?.matches(credentials.secret) == true, let agent else {
      return refuse(agent?.name, who, ask.address)
    }
    door.welcomed(agent: agent.name)
    guard ask.issues else {
      return Reply(
        status: 200,
        body: ["agent": .string(agent.name), "account": .string(agent.account), "issues": "POST"])
    }
    return await issue(agent, ask.address)
  }

  private func refuse(_ agent: String?, _ who: String, _ address: String) -> Reply {
    let lock = agent.flatMap { door.refused(agent: $0, at: uptime()) }
    let why = agent == nil ? "unknown agent" : "wrong secret"
    log(
      "refused: agent=\(who) from=\(address): \(why)" + (lock.map { ", locked for \($0) s" } ?? ""))
    return Self.refusal(401, "the name or the secret is wrong")
  }

  private func issue(_ agent: ServiceAgent, _ address: String) async -> Reply {
    guard waiting < Self.queue else { return Self.refusal(503, "busy", retryAfter: 5) }
    waiting += 1
    defer { waiting -= 1 }
    do throws(CloudFailure) {
      let token = try await client.createCredential(account: agent.account, expires: life)
      log("issued: agent=\(agent.name) account=\(agent.account) seconds=\(life) from=\(address)")
      return Reply(
        status: 200,
        body: [
          "token": .string(token.revealed), "account": .string(agent.account),
          "expiresIn": .int(Int64(life)),
        ])
    } catch {
      log("not issued: agent=\(agent.name) account=\(agent.account): \(error.sentence)")
      let isAway = if case .trouble = error { true } else { false }
      // Details of the vendor's account are the administrator's business: they are in the log.
      return Self.refusal(
        isAway ? 503 : 502, Self.forAgents(error), retryAfter: error.mayPass ? 5 : nil)
    }
  }

  private static func forAgents(_ failure: CloudFailure) -> String {
    switch failure {
    case .trouble, .page, .http, .unreadable: "the vendor does not answer as it should"
    case .refused(_, .timestamp, _, _): "the clock of the token service is wrong"
    case .refused(_, let code, _, _) where code.number == -24:
      "the vendor knows no seat with the account of this agent"
    case .refused(_, let code, _, _): "the vendor refused (\(code.number))"
    case .local: "the token service is not set up right"
    }
  }

  // A list that was taken out, changed or broken meanwhile: what was good before holds until it is
  // whole again, except that a file that is gone lets nobody in.
  private func readAnew() {
    let now = file.version
    guard now != version else { return }
    version = now
    do {
      let new = try file.read()
      let changed = list.agents.filter { new[$0.name]?.hash != $0.hash }.map(\.name)
      door.forget(changed)
      list = new
      log("agents: \(new.agents.count)")
    } catch {
      log("the list of agents was not taken over: \((error as? ToolFailure)?.sentence ?? "")")
    }
  }

  private static func refusal(_ status: Int, _ words: String, retryAfter: Int? = nil) -> Reply {
    Reply(status: status, body: ["error": .string(words)], retryAfter: retryAfter)
  }
}
