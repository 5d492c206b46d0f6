// The work of `ccterm bus init`: certificates, passwords, and the files of a broker.

import CCCore
import Glibc

/// Writes a working, TLS-secured set into a new folder.
struct BusMaker {
  var plan: BusPlan
  /// The cluster that is made instead of one Mosquitto.
  var cluster: NATSFiles?

  /// Makes it all, or nothing.
  func make() throws(Failure) {
    let openssl = try Tool.find("openssl", package: "openssl")
    let hasher =
      cluster == nil ? try Tool.find("mosquitto_passwd", package: "mosquitto") : nil
    // Whatever the tools make is for the user alone, too.
    umask(0o077)
    let folder = try BusFolder(plan.folder)
    do throws(Failure) {
      try makeCertificates(folder, openssl)
      let passwords = makePasswords()
      if let cluster {
        try write(cluster, passwords, folder)
      } else if let hasher {
        try writeMosquitto(passwords, folder, hasher)
      }
      try writeSeats(passwords, folder)
      try folder.write("README", readme)
      try folder.finish()
    } catch {
      folder.discard()
      throw error
    }
  }

  private func makeCertificates(_ folder: BusFolder, _ openssl: String) throws(Failure) {
    try folder.write("tls/openssl.cnf", CertificateFiles.configuration(hosts: plan.hosts))
    try Tool.run(openssl, CertificateFiles.authority, in: folder.draft)
    try Tool.run(openssl, CertificateFiles.server(host: plan.hosts[0]), in: folder.draft)
  }

  /// 128 bits for each user, from the system's own source of randomness.
  private func makePasswords() -> [String: Secret] {
    var system = SystemRandomNumberGenerator()
    var passwords: [String: Secret] = [:]
    let others = (plan.supervisors + plan.feeds).map(\.name)
    for user in plan.agents.map(\.description) + others {
      let halves = [system.next(), system.next()].map { half in
        let digits = String(half, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
      }
      passwords[user] = Secret(halves.joined())
    }
    return passwords
  }

  // MARK: The broker

  private func writeMosquitto(
    _ passwords: [String: Secret], _ folder: BusFolder, _ hasher: String
  ) throws(Failure) {
    try folder.write("mosquitto.conf", MosquittoFiles.configuration(plan))
    try folder.write("desks.acl", MosquittoFiles.desks)
    try folder.write("floors.acl", MosquittoFiles.floors(plan))
    let users = [
      ("desks", plan.agents.map { ($0.description, $0.description) }),
      (
        "floors",
        plan.supervisors.flatMap { user in user.everyScreen.map { ($0.name, user.name) } }
          + plan.feeds.map { ($0.name, $0.name) }
      ),
    ]
    for (door, names) in users {
      // The tool hashes the plain lines of a file in place: no password is seen in a list of processes.
      let lines = names.map { "\($0):\(passwords[$1]?.revealed ?? "")\n" }
      try folder.write("\(door).passwd", lines.joined())
      if !names.isEmpty { try Tool.run(hasher, ["-U", "\(door).passwd"], in: folder.draft) }
    }
  }

  private func write(
    _ cluster: NATSFiles, _ passwords: [String: Secret], _ folder: BusFolder
  ) throws(Failure) {
    for node in cluster.nodes.indices {
      try folder.write("n\(node + 1).conf", cluster.configuration(node))
    }
    try folder.write("users.conf", cluster.users { passwords[$0]?.revealed ?? "" })
  }

  // MARK: The people

  private func writeSeats(_ passwords: [String: Secret], _ folder: BusFolder) throws(Failure) {
    guard let certificate = try Files.read("\(folder.draft)/tls/ca.crt") else {
      throw .failed("openssl made no certificate.")
    }
    let authority = String(decoding: certificate.bytes, as: UTF8.self)
    func write(_ place: String, _ user: String, _ configuration: String) throws(Failure) {
      try folder.write("\(place)/ccterm/config.yaml", configuration)
      try folder.write(
        "\(place)/ccterm/\(SeatFiles.password)", "\(passwords[user]?.revealed ?? "")\n")
      try folder.write("\(place)/ccterm/\(SeatFiles.authority)", authority)
    }
    for agent in plan.agents {
      try write(
        "desks/\(agent)", agent.description,
        SeatFiles.desk(team: agent.team, agent: agent.agent, url: url(plan.port)))
    }
    for (kind, users) in [("floors", plan.supervisors), ("feeds", plan.feeds)] {
      for user in users {
        try write(
          "\(kind)/\(user.name)", user.name,
          SeatFiles.floor(user: user.name, url: url(plan.floorPort)))
      }
    }
  }

  private func url(_ port: Int) -> String {
    "mqtts://" + (cluster?.doors.joined(separator: ",") ?? "\(plan.hosts[0]):\(port)")
  }

  // MARK: What comes next

  private var example: AgentKey? { plan.agents.first }

  /// How it is started and tried on this machine, a command a line.
  var steps: [String] {
    let folder = plan.folder
    var steps =
      cluster == nil
      ? ["mosquitto -c \(folder)/mosquitto.conf"]
      : (1...3).map { "nats-server -c \(folder)/n\($0).conf" }
    if let agent = example {
      steps.append("XDG_CONFIG_HOME=\(folder)/desks/\(agent) ccterm desk")
    }
    if let supervisor = plan.supervisors.first {
      steps.append("XDG_CONFIG_HOME=\(folder)/floors/\(supervisor.name) ccterm floor")
    }
    return steps
  }

  private var readme: String {
    let renew = CertificateFiles.server(host: plan.hosts[0])
      .map { $0.contains(" ") || $0.contains("=") ? "'\($0)'" : $0 }.joined(separator: " ")
    return """
      The bus of a floor, made by "ccterm bus init". It holds passwords and keys: keep it to yourself.

      To try it on this machine, a terminal each:

      \(steps.map { "  " + $0 }.joined(separator: "\n"))

      What is here:

        tls/              the authority (ca.key: only needed to make certificates, keep it elsewhere)
                          and the server's certificate, for \(plan.hosts.joined(separator: ", "))
        desks/TEAM/AGENT  each agent's ~/.config, with her password: copy it to her, then delete it here
        floors/NAME       each supervisor's
        feeds/NAME        each feed's

      The server's certificate is good for \(CertificateFiles.days.server) days. To renew it, in this folder:

        openssl \(renew)

      docs/floor.md says how to add agents, and what is lost when what dies.

      """
  }
}
