// What `--json` carries of each state of a call, of the seat, of the line: byte for byte.

import CCCore
import Testing

@testable import CCTerm

@Suite struct JSONStatesTests {
  /// A desk that a program listens to.
  private struct Heard {
    var desk = Desk(settings: .init(line: "sip"), at: Instant(uptime: 0, unix: 0))
    var now = Instant(uptime: 0, unix: 1_763_906_400_000)
    var facts = JSONFacts()

    init() {
      tell(.line(.started))
      tell(.line(.hello(line: "sip", abilities: Abilities(rawValue: 0xFF))))
      tell(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    }

    /// What is told of an event, each without the frame of its line.
    @discardableResult
    mutating func tell(_ event: DeskEvent) -> [String] {
      desk.handle(event, at: now).compactMap { effect in
        guard case .tell(let fact) = effect, let line = facts.line(fact, desk, at: now) else {
          return nil
        }
        let text = String(decoding: line.dropLast(), as: UTF8.self)
        let parts = text.split(separator: ",", maxSplits: 4).map(String.init)
        return parts.count == 5 ? "\(parts[1]),\(parts[4])" : text
      }
    }

    @discardableResult
    mutating func call(
      _ status: CallReport.Status, _ number: SafeText, id: String, _ direction: Direction = .in,
      _ reason: Reason? = nil
    ) -> [String] {
      tell(
        .line(
          .call(
            CallReport(status, number: number, call: id, direction: direction, reason: reason))))
    }

    mutating func talk(_ line: String = "a") -> Call.ID {
      call(.ringing, "200", id: line)
      call(.talking, "200", id: line)
      now = now.advanced(by: 10 * Instant.second)
      return desk.active?.id ?? Call.ID(0)
    }
  }

  @Test func aCallThatRingsAndIsAnswered() {
    var heard = Heard()
    #expect(
      heard.call(.ringing, "200", id: "a").first
        == #""type":"call","phase":"ringing","number":"200","direction":"in","call":"a","inferred":false,"held":false,"muted":false}"#
    )
    #expect(
      heard.call(.talking, "200", id: "a").first
        == #""type":"call","phase":"talking","number":"200","direction":"in","call":"a","inferred":false,"held":false,"muted":false,"witnessed":true}"#
    )
  }

  @Test func holdMuteTonesAndLevels() {
    var heard = Heard()
    let id = heard.talk()
    #expect(
      heard.tell(.line(.callState(call: "a", held: true, muted: nil))).first?
        .contains(#""held":true,"muted":false"#) == true)
    #expect(
      heard.tell(.line(.callState(call: "a", held: false, muted: true))).last?
        .contains(#""held":false,"muted":true"#) == true)
    #expect(heard.tell(.dtmf(id, "12#")) == [#""type":"tones","digits":"12#"}"#])
    #expect(
      heard.tell(.line(.level(input: 0.5, output: 0.125))) == [
        #""type":"level","in":0.5,"out":0.125}"#
      ])
    #expect(heard.tell(.line(.level(input: 0.5, output: 0.125))) == [], "once")
  }

  @Test func whoEndedACallAndWhereItWent() {
    var heard = Heard()
    var id = heard.talk()
    heard.tell(.hangUp(id))
    #expect(heard.call(.ended, "200", id: "a").first?.contains(#""by":"agent""#) == true)
    heard.tell(.timer(.wrapUp))
    heard.call(.ringing, "300", id: "b")
    #expect(
      heard.call(.notEstablished, "300", id: "b").first?.contains(#""by":"far""#) == true)
    heard.tell(.choose(.shortBreak))
    heard.call(.ringing, "400", id: "c")
    #expect(
      heard.call(.notEstablished, "400", id: "c", .in, Reason("short break", code: 480)).first
        == #""type":"call","phase":"notEstablished","number":"400","direction":"in","call":"c","reason":"short break","code":480,"by":"desk","inferred":false,"held":false,"muted":false,"witnessed":true}"#
    )
    heard.tell(.choose(.idle))
    id = heard.talk("d")
    heard.tell(.transfer(id, to: "1020", consult: false))
    #expect(
      heard.tell(.line(.transfer(call: "d", state: .trying, reason: ""))) == [
        #""type":"transfer","state":"trying","call":"d"}"#
      ])
    #expect(
      heard.tell(.line(.transfer(call: "d", state: .failed, reason: "busy here"))) == [
        #""type":"transfer","state":"failed","call":"d","reason":"line: busy here"}"#
      ])
    heard.tell(.transfer(id, to: "1020", consult: false))
    heard.tell(.line(.transfer(call: "d", state: .done, reason: "")))
    #expect(
      heard.call(.ended, "200", id: "d").first?.contains(#""by":"transfer","to":"1020""#) == true)
  }

  @Test func theSecondCallOfATransferIsMarked() {
    var heard = Heard()
    let id = heard.talk()
    heard.tell(.transfer(id, to: "1020", consult: true))
    heard.tell(.line(.callState(call: "a", held: true, muted: nil)))
    #expect(
      heard.call(.calling, "1020", id: "b", .out).first?.contains(#""consultation":true"#) == true)
    heard.call(.talking, "1020", id: "b", .out)
    #expect(
      heard.call(.ended, "1020", id: "b", .out).first?
        .hasSuffix(#""witnessed":true,"consultation":true,"talkSeconds":0}"#) == true)
  }

  @Test func whatTheLineSays() {
    var heard = Heard()
    for level in [NoticeLevel.info, .warning, .error] {
      #expect(
        heard.tell(.line(.log(level, "you hear nothing"))) == [
          #""type":"notice","level":"\#(level.rawValue)","message":"you hear nothing","from":"line"}"#
        ])
    }
  }

  @Test func theProtectionAsItChanges() {
    var heard = Heard()
    let told = heard.tell(.line(.registered(account: nil, expiresIn: nil, secure: "TLS, SRTP")))
    #expect(told.count == 1)
    #expect(told.first?.contains(#""state":"up","line":"sip","secure":"TLS, SRTP""#) == true)
    #expect(
      heard.tell(.line(.registered(account: nil, expiresIn: nil, secure: "TLS, SRTP"))) == [])
  }

  @Test func whatTheLineCanDo() {
    var heard = Heard()
    heard.tell(.line(.unregistered(reason: "gone", retryIn: 1, final: false)))
    #expect(
      heard.tell(.line(.registered(account: nil, expiresIn: nil, secure: nil))).first?.hasSuffix(
        #""abilities":["dial","hangUp","answer","reject","hold","mute","dtmf","transfer"]}"#)
        == true)
  }

  @Test func howLongPostCallLasts() {
    var heard = Heard()
    _ = heard.talk()
    #expect(
      heard.call(.ended, "200", id: "a").last
        == #""type":"seat","code":4,"name":"post-call","source":"desk","witnessed":true,"wrapUp":30}"#
    )
    heard.now = heard.now.advanced(by: 12 * Instant.second)
    #expect(heard.tell(.extendWrapUp).first?.contains(#""wrapUp":48"#) == true)
  }

  @Test func aStatusThatThePBXWasNotTold() {
    var heard = Heard()
    heard.tell(.line(.hello(line: "sip", abilities: [.dial, .setSeat])))
    var id = 0
    for case .send(.setSeat(let command, _)) in heard.desk.handle(
      .choose(.shortBreak), at: heard.now)
    {
      id = command
    }
    #expect(
      heard.tell(.line(.result(id: id, ok: false, error: "not found"))).last?
        .hasSuffix(
          #""name":"short break","source":"desk","witnessed":true,"untold":"line: not found"}"#)
        == true)
  }

  @Test func anEmergencyNumberIsAskedOnce() {
    var heard = Heard()
    heard.tell(.dial(phone: "112", info: ""))
    let command = heard.desk.attempt?.command ?? 0
    #expect(
      heard.tell(
        .line(.result(id: command, ok: false, error: "112 is an emergency number: dial it again"))
      ).contains(
        #""type":"dial","attempt":1,"phone":"112","outcome":"refused","reason":"line: 112 is an emergency number: dial it again"}"#
      ))
  }

  @Test func rejectAndConsultAsCommands() throws {
    var heard = Heard()
    let id = heard.talk()
    func read(_ line: String) -> JSONCommands.Reading {
      JSONCommands.read(Array(line.utf8), heard.desk)
    }
    #expect(read(#"{"command":"reject"}"#) == .refused(.warning, "No call rings here."))
    let consult = JSONCommands.Reading.event(.transfer(id, to: "1020", consult: true))
    #expect(read(#"{"command":"consult","to":"1020"}"#) == consult)
    #expect(read(#"{"command":"transfer","to":"1020","consult":true}"#) == consult)
    heard.call(.ringing, "500", id: "w")
    let waiting = try #require(heard.desk.other?.id)
    #expect(read(#"{"command":"reject"}"#) == .event(.hangUp(waiting)))
    #expect(read(#"{"command":"hangUp"}"#) == .event(.hangUp(id)))
  }
}
