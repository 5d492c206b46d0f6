// What is painted with a memory is what is rendered without one.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct DeskPainterTests {
  /// Keys, reports and waits in any order, from a fixed seed.
  @Test(arguments: [Size(columns: 80, rows: 24), Size(columns: 130, rows: 40)])
  func paintsWhatIsRendered(_ size: Size) {
    var painter = DeskPainter()
    var stage = Story.idle
    var random = Numbers(state: 20_260_101)
    let keys = [
      "1", "2", "x", "<Tab>", "<Enter>", "<F2>", "i", "p", "<F9>", "<Esc>", "<F8>", "<F4>",
    ]
    for step in 0..<3_000 {
      switch random.next() % 6 {
      case 0: stage.wait(Double(random.next() % 4_000) / 1_000)
      case 1:
        let status = CallReport.Status(rawValue: Int(random.next() % 5) + 1)
        if let status { stage.call(status, "13212345678", id: "c\(random.next() % 3)") }
      case 2: stage.line(.unregistered(reason: "gone", retryIn: 5, final: false))
      case 3: stage.line(.registered(account: nil, expiresIn: nil, secure: "TLS"))
      default: stage.press(keys[Int(random.next() % UInt64(keys.count))])
      }
      let (desk, screen, look, now) = (stage.desk, stage.screen, stage.look, stage.now)
      let painted = painter.paint(desk, screen, size: size, look: look, at: now)
      let rendered = DeskRenderer.render(desk, screen, size: size, look: look, at: now)
      guard painted == rendered else {
        let shown = (painted.text + ["is not"] + rendered.text).joined(separator: "\n")
        Issue.record("step \(step): \(shown)")
        return
      }
    }
  }
}

/// splitmix64: the same numbers everywhere.
private struct Numbers {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return (bits ^ (bits >> 31)) >> 8
  }
}
