// The configuration of one Mosquitto, with its rules of who may say what.

/// The files of a single broker.
///
/// Pure: a test holds `packaging/mosquitto` against them.
enum MosquittoFiles {
  /// `mosquitto.conf`.
  static func configuration(_ plan: BusPlan) -> String {
    """
    # The floor's broker: Mosquitto 2.0 or newer, made by "ccterm bus init". docs/floor.md explains it.

    # Whom it becomes where root starts it: these files are for their owner alone.
    user \(plan.owner)
    # Nothing is kept over a restart: every desk says all it knows again when it is back, and a kept
    # status of a desk that died meanwhile would be a lie.
    persistence false
    # The usual 1000 would silently drop most of a large floor for who joins late; 0 is no better.
    max_queued_messages 1000000
    max_inflight_messages 200
    max_packet_size 8192
    max_keepalive 60
    # Without it an answer may wait 40 ms for company.
    set_tcp_nodelay true
    # "log_type debug" also names what the rules turned away; it costs a line a message.
    log_dest stderr
    log_type error
    log_type warning
    log_type notice
    # Desks and floors have a door each, with users and rules of its own.
    per_listener_settings true
    # A second client of an id puts out the first, at whichever door it stands. So nobody chooses one: at
    # both doors the user is the client id, and no user of one door is a user of the other.

    # Desks. The user is TEAM/AGENT and the client id too: one desk an agent, whatever it asks for.
    listener \(plan.port) \(plan.listen)
    use_username_as_clientid true
    \(door(plan, "desks"))

    # Floors and feeds. For further screens a supervisor is NAME.2 to NAME.\(BusPlan.screens) too, with
    # her one password: a floor that is put out by her next screen comes back as another of them.
    listener \(plan.floorPort) \(plan.listen)
    use_username_as_clientid true
    \(door(plan, "floors"))

    """
  }

  private static func door(_ plan: BusPlan, _ name: String) -> String {
    """
    allow_anonymous false
    password_file \(plan.folder)/\(name).passwd
    acl_file \(plan.folder)/\(name).acl
    cafile \(plan.folder)/tls/ca.crt
    certfile \(plan.folder)/tls/server.crt
    keyfile \(plan.folder)/tls/server.key
    tls_version tlsv1.2
    """
  }

  /// `desks.acl`: by pattern, so that a new agent needs a user and no rule.
  static let desks = """
    # %u is the user, TEAM/AGENT: one rule pins team and agent for everybody.
    # A desk says how it is and answers commands; it hears itself and what is asked of it, no more.
    pattern write cc/v1/%u/seat
    pattern write cc/v1/%u/call
    pattern write cc/v1/%u/ack
    pattern read cc/v1/%u/seat
    pattern read cc/v1/%u/cmd/+

    """

  /// `floors.acl`: a supervisor reads her teams and asks things of them, a feed speaks for agents.
  static func floors(_ plan: BusPlan) -> String {
    var parts = [
      """
      # A supervisor hears how agents are, and asks things of them; she cannot say how they are.
      # A feed says how agents are who have no desk of their own, and hears what it said.

      """
    ]
    for user in plan.supervisors.flatMap(\.everyScreen) {
      parts.append(
        """
        user \(user.name)
        topic read cc/v1/\(user.teamLevel)/+/seat
        topic read cc/v1/\(user.teamLevel)/+/call
        topic read cc/v1/\(user.teamLevel)/+/ack
        topic write cc/v1/\(user.teamLevel)/+/cmd/+

        """)
    }
    for user in plan.feeds {
      parts.append(
        """
        user \(user.name)
        topic readwrite cc/v1/\(user.teamLevel)/+/seat
        topic readwrite cc/v1/\(user.teamLevel)/+/call

        """)
    }
    return parts.joined(separator: "\n")
  }
}
