// Who may ask for a token, and for which seat: the text of the agents' file.

import CCCore

/// One agent: a name, the one seat that is the agent's, and the hash of a secret.
public struct ServiceAgent: Hashable, Sendable {
  /// The name that the agent's desk asks with.
  public var name: String
  /// The account of the seat.
  public var account: String
  /// What is kept of the secret.
  public var hash: SecretHash

  /// Makes an agent.
  public init(name: String, account: String, hash: SecretHash) {
    self.name = name
    self.account = account
    self.hash = hash
  }

  /// Whether a text can be a name or an account: letters, digits, `.`, `_`, `@`, `-`; 1 to 64.
  public static func isWord(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: ".-_@".utf8.contains(byte)
        }
      }
  }
}

/// The agents of a token service: a line each, `NAME:ACCOUNT:HASH`; `#` begins a remark.
public struct AgentList: Hashable, Sendable {
  /// What is wrong with a line.
  public struct Wrong: Error, Hashable, Sendable {
    /// From 1.
    public var line: Int
    /// Half a sentence.
    public var words: String
  }

  /// The agents, in the order of the file.
  public private(set) var agents: [ServiceAgent] = []
  /// Where each name stands in `agents`: a file may list a hundred thousand.
  private var places: [String: Int] = [:]

  /// An empty list.
  public init() {}

  /// Reads a file.
  ///
  /// - Throws: `Wrong` at the first line that cannot be read: half a list would lock people out unheard.
  public init(_ text: String) throws(Wrong) {
    var number = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      number += 1
      if line.isEmpty || line.hasPrefix("#") { continue }
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3, ServiceAgent.isWord(String(parts[0])),
        ServiceAgent.isWord(String(parts[1]))
      else { throw Wrong(line: number, words: "NAME:ACCOUNT:HASH is expected") }
      guard let hash = SecretHash(parts[2]) else {
        throw Wrong(line: number, words: "the hash cannot be read")
      }
      guard self[String(parts[0])] == nil else {
        throw Wrong(line: number, words: "\(parts[0]) stands there twice")
      }
      put(ServiceAgent(name: String(parts[0]), account: String(parts[1]), hash: hash))
    }
  }

  /// The agent of a name.
  public subscript(name: String) -> ServiceAgent? { places[name].map { agents[$0] } }

  /// Who holds a seat.
  public func holder(of account: String) -> ServiceAgent? {
    agents.first { $0.account == account }
  }

  /// Puts an agent in, in place of an earlier one of that name.
  public mutating func put(_ agent: ServiceAgent) {
    if let place = places[agent.name] {
      agents[place] = agent
    } else {
      places[agent.name] = agents.count
      agents.append(agent)
    }
  }

  /// Takes an agent out; whether there was one.
  public mutating func remove(_ name: String) -> Bool {
    guard let place = places.removeValue(forKey: name) else { return false }
    agents.remove(at: place)
    for index in place..<agents.count { places[agents[index].name] = index }
    return true
  }

  /// The text of the file.
  public var text: String {
    "# Agents of ccterm cloud token-service: NAME:SEAT ACCOUNT:HASH OF THE SECRET\n"
      + agents.map { "\($0.name):\($0.account):\($0.hash.text)\n" }.joined()
  }
}
