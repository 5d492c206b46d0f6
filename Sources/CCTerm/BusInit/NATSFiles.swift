// The configuration of a cluster of three NATS servers with their MQTT doors.

/// The files of a cluster.
///
/// Pure: a test holds `packaging/nats` against them.
struct NATSFiles: Hashable, Sendable {
  var plan: BusPlan
  /// Three machines; one named three times is this one, on ports that count up.
  var nodes: [String]
  /// The first port of the servers' own protocol, on loopback.
  var clientPort: Int
  /// The first port that the servers find each other on.
  var clusterPort: Int

  /// Whether the three stand on one machine.
  var shareMachine: Bool { Set(nodes).count < nodes.count }

  private func port(_ first: Int, _ node: Int) -> Int { shareMachine ? first + node : first }

  /// Where desks and floors knock, one after the other.
  var doors: [String] {
    nodes.enumerated().map { "\($1):\(port(plan.port, $0))" }
  }

  /// `n1.conf` to `n3.conf`.
  func configuration(_ node: Int) -> String {
    let routes = nodes.enumerated()
      .map { "\"nats://\($1):\(port(clusterPort, $0))\"" }.joined(separator: ", ")
    let tls = """
      cert_file: "\(plan.folder)/tls/server.crt"
          key_file: "\(plan.folder)/tls/server.key"
      """
    return """
      # Server \(node + 1) of the floor's cluster: nats-server 2.9 or newer, made by "ccterm bus init --nats".
      # docs/floor.md explains it.
      server_name: n\(node + 1)
      # The servers' own protocol: nobody but an administrator of this machine needs it.
      listen: "127.0.0.1:\(port(clientPort, node))"

      # What the MQTT door keeps, on all three: two of them can go on without the third.
      jetstream {
        store_dir: "\(plan.folder)/data/n\(node + 1)"
        max_mem: 512MB
        max_file: 4GB
      }

      cluster {
        name: ccterm
        listen: "\(plan.listen):\(port(clusterPort, node))"
        routes: [\(routes)]
        tls {
          \(tls)
          ca_file: "\(plan.folder)/tls/ca.crt"
          verify: true
        }
      }

      # The door of desks, floors and feeds: MQTT 3.1.1 over TLS. A second client of an id puts out the
      # first, so each has one of 128 random bits that it tells nobody.
      mqtt {
        listen: "\(plan.listen):\(port(plan.port, node))"
        tls {
          \(tls)
        }
      }

      authorization {
        include "users.conf"
      }

      """
  }

  /// `users.conf`: rules by user, since NATS has no pattern for them.
  ///
  /// The passwords are random and 128 bits long, so a slow hash would only make ten thousand desks that
  /// come back at once wait for it.
  func users(password: (String) -> String) -> String {
    var lines: [String] = []
    for agent in plan.agents {
      let topic = "cc.v1.\(agent.team).\(agent.agent)"
      lines.append(
        user(
          agent.description, password, publish: ["seat", "call", "ack"].map { "\(topic).\($0)" },
          subscribe: ["\(topic).seat", "\(topic).cmd.*"]))
    }
    for supervisor in plan.supervisors {
      let topic = "cc.v1.\(supervisor.team ?? "*").*"
      lines.append(
        user(
          supervisor.name, password, publish: ["\(topic).cmd.*"],
          subscribe: ["seat", "call", "ack"].map { "\(topic).\($0)" }))
    }
    for feed in plan.feeds {
      let topics = ["seat", "call"].map { "cc.v1.\(feed.team ?? "*").*.\($0)" }
      lines.append(user(feed.name, password, publish: topics, subscribe: topics))
    }
    return """
      # Who may say and hear what; the same file for all three servers. It holds passwords: mode 0600.
      # A new agent is a new row here on each of them, and then: nats-server --signal reload=PID
      users: [
      \(lines.joined(separator: "\n"))
      ]

      """
  }

  private func user(
    _ name: String, _ password: (String) -> String, publish: [String], subscribe: [String]
  ) -> String {
    let list = { (topics: [String]) in topics.map { "\"\($0)\"" }.joined(separator: ", ") }
    return """
        { user: "\(name)", password: "\(password(name))", allowed_connection_types: ["MQTT"],
          permissions: {
            publish: [\(list(publish))],
            subscribe: [\(list(subscribe))] } }
      """
  }
}
