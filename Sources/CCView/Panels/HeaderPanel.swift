// The header: who I am on the left, the link on the right.

import CCCore

/// The first row.
enum HeaderPanel {
  static func draw(_ picture: Picture) -> Panel {
    let rect = picture.layout.header
    var canvas = picture.canvas(rect)
    let short = picture.layout.shape != .full
    let clock = picture.look.zone.minute(picture.now.unix)
    let clockStart = rect.width - Cells.width(of: clock) - 1
    canvas.put(clock, x: clockStart, y: 0)

    let gap = short ? 2 : 3
    let who = identity(picture.desk, short: short)
    // The reason may take what who I am leaves.
    let room = max(0, clockStart - gap - Cells.width(of: who) - 3)
    let words = linkWords(picture, short: short, room: room)
    let cut = picture.cut(words.text, to: max(room, min(9, clockStart - gap - 1)))
    let start = max(0, clockStart - gap - Cells.width(of: cut))
    canvas.put(picture.cut(who, to: max(0, start - 2)), x: 1, y: 0, limit: max(0, start - 2))
    canvas.put(cut, x: start, y: 0, Style(words.role))
    return canvas.panel("header", rect)
  }

  /// ` ccterm  sip 1001@pbx.example`, in small places `sip 1001`.
  private static func identity(_ desk: Desk, short: Bool) -> String {
    let account = desk.account.string
    let line = desk.settings.line.string
    if short {
      let user = account.split(separator: "@", maxSplits: 1).first.map(String.init) ?? account
      return user.isEmpty ? line : "\(line) \(user)"
    }
    return account.isEmpty ? "ccterm  \(line)" : "ccterm  \(line) \(account)"
  }

  private static func linkWords(_ picture: Picture, short: Bool, room: Int) -> (
    text: String, role: Role
  ) {
    let desk = picture.desk
    switch desk.link {
    case .connecting: return ("connecting", .dim)
    case .up:
      var words = ["link up"]
      if let secure = desk.secure {
        let cells = Cells.width(of: secure.string)
        if !short || cells + 10 <= room {
          words.append(secure.string)
        } else if cells <= room {
          // That it is up goes without saying; that a sound is in the clear does not.
          words = [secure.string]
        }
      }
      if let life = desk.credential, showsCredential(life, at: picture.now) {
        let left = life.secondsLeft(at: picture.now)
        words.append(left > 0 ? "token \(Durations.small(left))" : "token over")
        return (words.joined(separator: short ? "  " : "   "), .warning)
      }
      return (words.joined(separator: "   "), .plain)
    case .down(_, _, let retry?) where retry.uptime > picture.now.uptime:
      let left = retry.nanoseconds(since: picture.now).plus(Instant.second - 1) / Instant.second
      return (short ? "LINK DOWN \(left) s" : "LINK DOWN, again in \(left) s", .lost)
    case .down: return (short ? "LINK DOWN" : "LINK DOWN, trying", .lost)
    case .stopped(_, let reason):
      return ("LINK REFUSED: \(reason.string)", .lost)
    case .evicted: return ("SIGNED IN ELSEWHERE", .lost)
    case .off: return ("offline", .dim)
    }
  }

  /// Whether the credential's life is short enough to be counted down.
  static func showsCredential(_ life: CredentialLife, at now: Instant) -> Bool {
    life.renewalDue || life.secondsLeft(at: now) <= 300
  }
}
