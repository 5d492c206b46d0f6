// The keys that the bar names do what it names, in states that come about at random.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct BarKeyTests {
  /// A line that can hang up and not reject.
  @Test func theBarOffersNoRejectThatCannotBe() {
    var stage = Stage([.dial, .hangUp, .answer])
    stage.call(.ringing, "200", id: "i", .in)
    let keys = stage.keys
    stage.press("<F8>")
    #expect(
      !keys.contains("F8")
        || stage.sent.last.map { "\($0)".contains("reject") || "\($0)".contains("hangUp") } == true,
      "\(keys) / \(stage.message)")
  }

  /// A line that can reject and not hang up: a talking call beside one that rings.
  @Test func f8EndsTheTalkingCallBesideARingingOne() {
    var stage = Stage([.dial, .reject, .answer])
    stage.talk()
    stage.call(.ringing, "200", id: "i", .in)
    let keys = stage.keys
    stage.press("<F8>")
    #expect(!stage.message.contains("cannot"), "\(keys) / \(stage.message)")
  }

  @Test func theBarsKeysDoSomething() {
    var random = SplitMix(seed: 77)
    var seen: Set<String> = []
    for _ in 0..<400 {
      var stage = Stage(
        Bool.random(using: &random) ? Stage.all : Stage.all.union([.seat, .setSeat]))
      var story: [String] = []
      var open: [String: (Direction, Int)] = [:]
      var n = 0
      for _ in 0..<Int.random(in: 1...10, using: &random) {
        stage.wait(Double.random(in: 0.1...4, using: &random))
        switch Int.random(in: 0..<12, using: &random) {
        case 0, 1:
          n += 1
          open["i\(n)"] = (.in, 2)
          stage.call(.ringing, SafeText("55501\(n)0"), id: "i\(n)", .in)
          story.append("in i\(n)")
        case 2, 3:
          stage.tell(.dial(phone: "2025550\(n)00", info: ""))
          story.append("dial")
        case 4:
          if let attempt = stage.desk.unseenAttempt {
            n += 1
            open["o\(n)"] = (.out, 1)
            stage.call(.calling, SafeText(attempt.phone), id: "o\(n)", .out)
            story.append("calling o\(n)")
          }
        case 5, 6, 7:
          if let id = open.keys.sorted().randomElement(using: &random), let (d, s) = open[id], s < 3
          {
            open[id] = (d, 3)
            stage.call(.talking, nil, id: id, d)
            story.append("talking \(id)")
          }
        case 8:
          if let id = open.keys.sorted().randomElement(using: &random), let (d, s) = open[id] {
            open[id] = nil
            stage.call(s == 3 ? .ended : .notEstablished, nil, id: id, d)
            story.append("end \(id)")
          }
        case 9:
          if let id = open.keys.sorted().randomElement(using: &random), open[id]?.1 == 3 {
            let on = Bool.random(using: &random)
            stage.line(.callState(call: id, held: on, muted: nil))
            story.append("held \(id) \(on)")
          }
        case 10:
          if let call = stage.desk.talkingCall {
            stage.tell(.transfer(call.id, to: "1020", consult: true))
            n += 1
            open["k\(n)"] = (.out, 1)
            if stage.desk.memory.transfer.consultation != nil {
              stage.call(.calling, "1020", id: "k\(n)", .out)
              story.append("consult k\(n)")
            } else {
              open["k\(n)"] = nil
            }
          }
        default:
          let words: [LineEvent] = [
            .evicted, .unregistered(reason: "x", retryIn: 5, final: false),
            .registered(account: nil, expiresIn: nil, secure: nil),
          ]
          stage.line(words[Int.random(in: 0..<words.count, using: &random)])
          story.append("link")
        }
      }
      stage.wait(3)
      stage.draw()
      let bar = stage.keys
      for key in ["F3", "F4", "F5", "F7", "F8"] where bar.contains(key + " ") {
        var copy = stage
        let before = copy.sent.count
        let events = copy.events.count
        copy.press("<\(key)>")
        copy.wait(0.3)
        let did =
          copy.events.count > events || copy.screen.overlay != nil || copy.screen.question != nil
        let text = copy.message
        if !did
          || (copy.events.count > events && copy.sent.count == before
            && (text.contains("cannot") || text.contains("There is no")
              || text.contains("has changed") || text.contains("Only a")))
        {
          let label = bar.components(key)
          if seen.insert("\(key) \(label) \(text.prefix(30))").inserted {
            Issue.record("\(key) [\(bar)] -> \(text) after \(story)")
          }
        }
      }
    }
  }
}

extension String {
  fileprivate func components(_ key: String) -> String {
    guard let r = split(separator: "  ").first(where: { $0.contains(key) }) else { return "" }
    return String(r)
  }
}
