// What each person of the bus gets: a folder to be copied to where she works.

/// The configuration of a desk, a floor or a feed, ready for `~/.config/ccterm`.
enum SeatFiles {
  /// The file that holds the password beside the configuration.
  static let password = "bus.password"
  /// The authority's certificate beside the configuration.
  static let authority = "bus-ca.crt"

  /// `config.yaml` of an agent's desk.
  static func desk(team: String, agent: String, url: String) -> String {
    """
    # The desk of \(team)/\(agent): this folder becomes ~/.config/ccterm there (files 0600).
    bus:
      url: \(url)
      team: "\(team)"
      agent: "\(agent)"
      user: "\(team)/\(agent)"
      passwordFile: \(password)
      caFile: \(authority)

    """
  }

  /// `config.yaml` of a supervisor's floor, or of a feed.
  static func floor(user: String, url: String) -> String {
    """
    # What \(user) needs: this folder becomes ~/.config/ccterm there (files 0600).
    bus:
      url: \(url)
      user: "\(user)"
      passwordFile: \(password)
      caFile: \(authority)

    """
  }
}
