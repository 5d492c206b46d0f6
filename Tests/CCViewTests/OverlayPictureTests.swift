// The pictures that the design left to the hand: menus, prompts, refusals, the first second.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct OverlayPictureTests {
  @Test(arguments: [
    ("help", "<F1>"), ("help-end", "<F1><End>"), ("status-next", "<F2>"),
    ("keypad", "<F6>12#"), ("transfer", "<F7>10 20"), ("transfer-blind", "<F7>1020<F7>"),
    ("quit", "<F10>"), ("prefix", "<C-x>"), ("why", "<F9>"),
  ])
  func duringACall(_ name: String, _ keys: String) {
    var stage = Story.talking
    stage.press(keys)
    Story.check("over-\(name)", stage, file: #filePath)
  }

  @Test func statusMenu() {
    var stage = Story.idleForLong
    stage.press("<F2>")
    Story.check("over-status", stage, file: #filePath)
  }

  @Test func evicted() {
    var stage = Story.idleForLong
    stage.press("132 1234")
    stage.line(.evicted)
    stage.wait(8)
    Story.check("evicted", stage, file: #filePath)
  }

  @Test func refusedByTheRegistrar() {
    var stage = Story.idleForLong
    stage.line(
      .unregistered(
        reason: "pbx.example refused the password (401); F5 reads it anew and tries once",
        retryIn: nil, final: true))
    stage.wait(8)
    Story.check("stopped", stage, file: #filePath)
  }

  @Test func theFirstSecond() {
    let now = Instant(uptime: 0, unix: Stage.unix("09:00:00"))
    let desk = Desk(settings: .init(line: "demo"), at: now)
    let frame = DeskRenderer.render(
      desk, DeskScreen(), size: Size(columns: 80, rows: 24), look: Look(zone: .utc), at: now)
    Golden.check("first-second", Story.picture(frame))
  }

  @Test func offline() {
    var stage = Story.idleForLong
    stage.tell(.choose(.offline))
    stage.wait(5)
    Story.check("offline", stage, file: #filePath)
  }

  @Test func held() {
    var stage = Story.talking
    stage.press("<F3>")
    stage.line(.callState(call: "t", held: true, muted: true))
    stage.wait(75)
    Story.check("held", stage, file: #filePath)
  }

  @Test func dialling() {
    var stage = Story.idleForLong
    stage.press("13212345678<Tab>John<Enter>")
    stage.wait(3)
    Story.check("dialling", stage, file: #filePath)
  }

  @Test func theLineDiesWithACall() {
    var stage = Story.talking
    stage.line(.died(reason: "the line program ended (signal 9)", retryIn: 2 * Instant.second))
    stage.wait(1)
    Story.check("line-lost", stage, file: #filePath)
  }

  @Test func aCredentialThatEndsSoon() {
    var stage = Stage(at: "14:00:00")
    stage.line(.registered(account: nil, expiresIn: 600, secure: nil))
    stage.wait(400)
    Golden.check("credential", Story.picture(stage.frame()))
  }

  @Test func talkWhoseBeginningWasNotSeen() {
    var stage = Stage(at: "14:00:00")
    stage.call(.talking, "13212345678")
    stage.wait(70)
    Golden.check("not-witnessed", Story.picture(stage.frame()))
  }
}

@Suite struct RoleTests {
  /// What each cell means, a letter a role, upper case in reverse: where the accent stands.
  @Test(arguments: ["idle", "talking", "incoming", "post-call", "link-lost", "consultation"])
  func roles(_ name: String) {
    let stage =
      switch name {
      case "talking": Story.talking
      case "incoming": Story.incoming
      case "post-call": Story.postCall
      case "link-lost": Story.linkLost
      case "consultation": Story.consultation
      default: Story.idle
      }
    let rows = stage.frame().composited.map { row in
      row.map { cell in
        cell.text == " " && !cell.style.reverse ? " " : Self.letter(cell.style)
      }.joined()
    }
    Golden.check("roles-\(name)", rows.joined(separator: "\n") + "\n")
  }

  private static func letter(_ style: Style) -> String {
    let letter =
      switch style.role {
      case .plain: "p"
      case .dim: "d"
      case .bright: "b"
      case .calm: "c"
      case .ringing: "r"
      case .talking: "t"
      case .ended: "e"
      case .refused: "f"
      case .warning: "w"
      case .lost: "l"
      case .accent: "a"
      }
    return style.reverse ? letter.uppercased() : letter
  }
}
