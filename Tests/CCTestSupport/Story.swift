// The states that the design's pictures show, each reached as an agent would reach it.

import CCCore
import CCView
import Testing

/// Stages set for pictures.
public enum Story {
  /// Fourteen calls today, three of them in sight, idle by choice since 14:00:19.
  public static let idle: Stage = {
    var stage = Stage(at: "12:00:00")
    for call in 0..<11 {
      let minute = call * 7 % 60
      let clock = "\(12 + call * 7 / 60):\(minute < 10 ? "0" : "")\(minute):00"
      past(&stage, out: "2025550\(100 + call)", at: clock, talked: 262)
    }
    past(&stage, in: "+34612345678", at: "13:21:00", talked: 12)
    past(&stage, in: "+34612345678", at: "13:37:10", talked: 48, ring: 7)
    past(&stage, out: "00759999", at: "13:41:00", refused: Reason("busy here", code: 486))
    past(&stage, out: "13212345678", at: "13:58:00", talked: 192)
    settle(&stage, at: "14:00:19")
    return stage
  }()

  /// The same some minutes later: nothing is left of the last call but its line in Recent.
  public static var idleForLong: Stage {
    var stage = idle
    stage.turn(to: "14:05:00")
    return stage
  }

  /// Muted, a note written, a short break chosen for after the call.
  public static var talking: Stage {
    var stage = idle
    stage.turn(to: "14:03:38")
    stage.press("13212345678<Tab>John Doe 20 years old 461385413131<Enter>")
    stage.turn(to: "14:03:40")
    stage.call(.calling, id: "t")
    stage.wait(2)
    stage.call(.ringing, id: "t")
    stage.wait(6)
    stage.call(.talking, id: "t")
    stage.press("asks for the March invoice<F2>p<F4>")
    stage.line(.callState(call: "t", held: nil, muted: true))
    stage.press("<Esc>")
    stage.turn(to: "14:05:11")
    return stage
  }

  /// Twelve seconds after that call.
  public static var postCall: Stage {
    var stage = talking
    stage.turn(to: "14:06:02")
    stage.call(.ended, id: "t")
    stage.wait(12)
    return stage
  }

  /// María rings while a number is being typed.
  public static var incoming: Stage {
    var stage = afterMorning
    stage.turn(to: "14:09:00")
    stage.press("132 1234")
    stage.turn(to: "14:09:08")
    stage.call(.ringing, "+34612345678", id: "i", .in, name: "María López")
    stage.wait(4)
    return stage
  }

  /// One call more than `idle`, idle since 14:06:10.
  private static var afterMorning: Stage {
    var stage = idle
    past(&stage, out: "13212345678", at: "14:03:40", talked: 134)
    settle(&stage, at: "14:06:10")
    return stage
  }

  /// The call from María, answered at this time.
  private static func answered(at clock: String) -> Stage {
    var stage = afterMorning
    stage.turn(to: clock)
    stage.wait(-7)
    stage.call(.ringing, "+34612345678", id: "i", .in, name: "María López")
    stage.turn(to: clock)
    stage.press("<F5>")
    stage.turn(to: clock)
    stage.call(.talking, id: "i")
    stage.press("<Tab>asks for the March invoice")
    return stage
  }

  /// The registrar goes away during that call.
  public static var linkLost: Stage {
    var stage = answered(at: "14:09:20")
    stage.turn(to: "14:10:48")
    stage.line(
      .unregistered(
        reason: "the registrar closed the connection", retryIn: 16, final: false))
    stage.wait(12)
    return stage
  }

  /// María is held while 1020 is asked.
  public static var consultation: Stage {
    var stage = answered(at: "14:09:05")
    stage.press("<F7>1020<Enter>")
    stage.turn(to: "14:12:50")
    stage.line(.callState(call: "i", held: true, muted: nil))
    stage.call(.calling, "1020", id: "j", .out)
    stage.wait(4)
    stage.call(.talking, "1020", id: "j", .out)
    stage.wait(21)
    return stage
  }

  /// A call that is over, put into Recent as it would have come there.
  private static func past(
    _ stage: inout Stage, in inbound: String? = nil, out outbound: String? = nil, at clock: String,
    talked: Double = 0, ring: Double = 6, refused: Reason? = nil
  ) {
    stage.turn(to: clock)
    if stage.desk.wrapUp != nil { stage.tell(.timer(.wrapUp)) }
    if let inbound {
      stage.call(.ringing, SafeText(inbound), id: clock, .in)
      stage.wait(ring)
    } else if let outbound {
      stage.tell(.dial(phone: outbound, info: ""))
      stage.call(.calling, id: clock)
      stage.wait(ring)
    }
    if let refused {
      stage.call(.notEstablished, id: clock, reason: refused)
      return
    }
    stage.call(.talking, id: clock)
    stage.wait(talked)
    stage.call(.ended, id: clock)
  }

  /// Idle by choice from this moment, the cursor in Dial, Info in sight, nothing said.
  private static func settle(_ stage: inout Stage, at clock: String) {
    stage.turn(to: clock)
    stage.tell(.choose(.busy))
    stage.tell(.choose(.idle))
    stage.press("<Tab><Tab><S-Tab><Esc>")
  }

  /// The picture, with the cursor's place below it.
  public static func picture(_ frame: Frame) -> String {
    let cursor = frame.cursor.map { "cursor \($0.x),\($0.y)" } ?? "no cursor"
    return (frame.text + [cursor, ""]).joined(separator: "\n")
  }

  /// Holds a stage against its golden files at the four sizes, and in ASCII.
  public static func check(
    _ name: String, _ stage: Stage, file: String = #filePath,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for (columns, rows) in [(80, 24), (120, 40), (40, 12), (20, 5)] {
      Golden.check(
        "\(name)-\(columns)x\(rows)", picture(stage.frame(columns, rows)), file: file,
        sourceLocation: sourceLocation)
    }
    var ascii = stage
    ascii.look.ascii = true
    Golden.check(
      "\(name)-ascii", picture(ascii.frame()), file: file, sourceLocation: sourceLocation)
  }
}
