// Every story of seeds/, through the codec and the machine: what the desk makes of it, as text.

import CCCore
import CCJSON
import CCLine
import CCTestSupport
import Foundation
import Testing

@Suite struct SeedStoriesTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../seeds").standardizedFileURL

  static let stories: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".ndjson") }.map { String($0.dropLast(7)) }.sorted()
  }()

  @Test func thereAreStories() {
    #expect(Self.stories.count >= 30)
  }

  @Test(arguments: stories)
  func tellsTheStory(name: String) throws {
    let file = Self.folder.appendingPathComponent(name + ".ndjson")
    var telling = Telling()
    for line in try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")) {
      telling.take(Array(line))
    }
    telling.end()
    Golden.check("seeds/\(name)", telling.text.joined(separator: "\n") + "\n")
    #expect(telling.outcomes.count == telling.dialled, "one outcome a dial")
    #expect(!telling.desk.hasOpenCall)
  }
}

/// A desk that a story happens to, and what it told.
private struct Telling {
  var desk = Desk(
    settings: .init(line: "replay", account: "1001"), at: Instant(uptime: 0, unix: 0))
  var now = Instant(uptime: 0, unix: 0)
  var timers: [TimerID: Int64] = [:]
  var text: [String] = []
  var dialled = 0
  var outcomes: [Outcome] = []

  init() {
    perform(desk.open(at: now))
    tell(.line(.started))
  }

  mutating func take(_ line: [UInt8]) {
    let message = try? JSONReader.read(line)
    if let t = message?["t"]?.int { letTimePass(to: Int64(t) * Instant.millisecond) }
    guard message?["dir"]?.string == "desk" else {
      for event in LineCodec.decode(line) { tell(.line(event)) }
      return
    }
    // The desk's side of a story: what the agent did; her commands name the call that is there.
    guard case .success((let command, _)) = LineCodec.decodeCommand(line) else { return }
    let call = desk.shownCallID ?? Call.ID(0)
    switch command {
    case .callPhone(_, let phone, let info): tell(.dial(phone: phone, info: info))
    case .hangUp, .reject: tell(.hangUp(call))
    case .answer: tell(.answer(call))
    case .hold(_, _, let on): tell(.hold(call, on))
    case .mute(_, _, let on): tell(.mute(call, on))
    case .dtmf(_, _, let digits): tell(.dtmf(call, digits))
    case .transfer(_, _, let to, let consult): tell(.transfer(call, to: to, consult: consult))
    case .join: tell(.join(call))
    case .setSeat(_, let status): tell(.choose(Seat(code: status)))
    case .register, .ping, .quit: break
    }
  }

  /// The story is over, and so is the line.
  mutating func end() {
    letTimePass(to: now.uptime + 60 * Instant.second)
    tell(.line(.died(reason: "the recording is over", retryIn: nil)))
  }

  private mutating func letTimePass(to moment: Int64) {
    while let (id, due) = timers.min(by: { $0.value < $1.value }), due <= moment {
      timers[id] = nil
      now = Instant(uptime: due, unix: due / Instant.millisecond)
      tell(.timer(id))
    }
    let moment = max(now.uptime, moment)
    now = Instant(uptime: moment, unix: moment / Instant.millisecond)
  }

  private mutating func tell(_ event: DeskEvent) { perform(desk.handle(event, at: now)) }

  private mutating func perform(_ effects: [Effect]) {
    for effect in effects {
      switch effect {
      case .startTimer(let id, let after): timers[id] = now.uptime + after
      case .cancelTimer(let id): timers[id] = nil
      case .send(let command): say("  -> \(words(command))")
      case .tell(let fact): say(words(fact))
      case .bell(let bell): say("bell \(bell)")
      case .startLine, .stopLine, .fetchCredential, .reply: say("\(effect)")
      }
    }
  }

  private mutating func say(_ sentence: String) {
    let tenths = now.uptime / (100 * Instant.millisecond)
    text.append("\(tenths / 10).\(tenths % 10)  \(sentence)")
  }

  private func words(_ command: LineCommand) -> String {
    // The shapes of commands are the codec's tests; here only which of them went out.
    String(decoding: LineCodec.encode(command, configuration: nil).dropLast(), as: UTF8.self)
  }

  private mutating func words(_ fact: Fact) -> String {
    switch fact {
    case .link(let link):
      return "link \(kind(of: link))"
    case .seat(let seat):
      let pending = seat.pending.map { ", next \($0.name)" } ?? ""
      let sure = seat.witnessed ? "" : ", not witnessed"
      return "seat \(seat.seat?.name ?? "unknown") (\(seat.source))\(pending)\(sure)"
    case .call(let call): return "call \(call.id) \(words(call))"
    case .dialled(let attempt):
      dialled += 1
      return "dial \(attempt.id) \(attempt.phone), info \(attempt.info.utf16.count) units"
    case .outcome(let attempt, let outcome, let reason, _):
      if attempt != nil { outcomes.append(outcome) }
      return "outcome \(attempt.map(String.init) ?? "-") \(outcome.rawValue) \(reason?.text ?? "")"
    case .notice(let level, let text): return "\(level.rawValue): \(text)"
    case .anomaly(let kind, let count): return "anomaly \(kind.rawValue) \(count)"
    case .record(let record):
      let talked = record.talked.map { " talked \($0 / Instant.second) s" } ?? ""
      return "record \(record.id) \(record.direction) \(record.number) \(record.result)\(talked)"
    case .order(let order, let outcome): return "order \(order.id) \(outcome)"
    case .tones(let tones): return "tones \(tones)"
    case .transfer(let state, let reason, _):
      return "transfer \(state.rawValue)\(reason.isEmpty ? "" : ": \(reason)")"
    case .level(let level): return "level \(level.input) \(level.output)"
    case .log(let level, let text): return "line's \(level.rawValue): \(text)"
    case .remark(let call, let level, let text):
      return "line's \(level.rawValue) of call \(call): \(text)"
    case .wrapUpEnds(let seconds, let next): return "post-call ends in \(seconds) s: \(next.name)"
    }
  }

  private func words(_ call: Call) -> String {
    let who = [call.number.string, call.name?.string ?? ""].filter { !$0.isEmpty }
      .joined(separator: " ")
    let state =
      switch call.phase {
      case .calling: "calling"
      case .ringing: "ringing"
      case .talking(let talk):
        "talking\(talk.witnessed ? "" : ", start not seen")\(talk.heldSince == nil ? "" : ", held")"
          + (talk.muted ? ", muted" : "")
      case .ended(let end): "ended by \(end.by)\(end.reason.map { ", \($0.text)" } ?? "")"
      case .notEstablished(let end):
        "not established, by \(end.by)\(end.reason.map { ", \($0.text)" } ?? "")"
      }
    return "\(call.direction) \(who): \(state)"
  }

  private func kind(of link: Link) -> String {
    switch link {
    case .connecting: "connecting"
    case .up: "up"
    case .down(_, let reason, let retry): "down: \(reason)\(retry == nil ? "" : ", tried again")"
    case .stopped(_, let reason): "stopped: \(reason)"
    case .evicted: "evicted"
    case .off: "off"
    }
  }
}
