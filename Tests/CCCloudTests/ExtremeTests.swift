// No figure that a vendor, a backend or a setting gives ends the feed or the token service.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCCloud
@testable import CCCloudTool

@Suite struct CloudExtremeTests {
  /// Answers every request with the same text.
  private struct Parrot: HTTPCarrier {
    let text: String
    var date = "Sun, 23 Nov 2025 12:00:00 GMT"
    func carry(_ ask: HTTPAsk) async throws(HTTPTrouble) -> HTTPAnswer {
      HTTPAnswer(status: 200, headers: ["date": date], body: Array(text.utf8))
    }
  }

  private func client(_ text: String) -> CloudClient {
    CloudClient(
      .init(base: "https://vendor.example", key: "k", secret: Secret("s"), patience: 1),
      carrier: Parrot(text: text), policy: RetryPolicy(attempts: 1, firstWait: 0))
  }

  @Test("every figure of a list of seats, its total and its pages among them")
  func seats() async {
    let templates = [
      #"{"status":#,"data":{}}"#,
      #"{"status":0,"data":{"total":#,"records":[{"account":"a","status":2}]}}"#,
      #"{"status":0,"data":{"pages":#,"total":1,"records":[{"account":"a","status":2}]}}"#,
      #"{"status":0,"data":{"total":1,"pages":1,"records":[{"account":"a","status":#}]}}"#,
      #"{"status":0,"data":{"pages":1,"records":[{"account":"a","status":2,"enable":#,"deleteFlag":#}]}}"#,
    ]
    for template in templates {
      for text in Extremes.texts {
        var reader = SeatReader(client(template.replacing("#", with: text)))
        guard let poll = try? await reader.read(at: 1_763_900_000_000) else { continue }
        #expect(poll.seats.count <= 1)
      }
    }
  }

  @Test("a total of 2^63-1 is read as a list that is not whole") func total() async throws {
    var reader = SeatReader(
      client(
        #"{"status":0,"data":{"total":9223372036854775807,"records":[{"account":"a","status":2}]}}"#
      ))
    let poll = try await reader.read(at: 1_763_900_000_000)
    #expect(poll.seats.map(\.account) == ["a"])
    #expect(!poll.isWhole)
  }

  @Test("every life of a token that a backend may name") func tokens() throws {
    for text in Extremes.texts {
      for name in ["expiresIn", "expires", "expires_in"] {
        let body = Array(#"{"token":"abc","\#(name)":\#(text),"status":0}"#.utf8)
        let answer = HTTPAnswer(status: 200, headers: [:], body: body)
        guard let token = try? TokenAnswer(path: nil, expiresPath: nil).read(answer, host: "h")
        else { continue }
        #expect(token.expiresIn.map { (1...31_536_000).contains($0) } ?? true)
      }
    }
  }

  @Test("a board of any pace, at any clock, says what floors read") func boards() throws {
    let key = try #require(AgentKey(team: "t", agent: "a"))
    for number in Extremes.integers {
      for clock in Extremes.integers {
        var board = SeatBoard(.init(team: "t"), interval: Int(number))
        let now = Instant(uptime: clock, unix: number)
        board.up(epoch: number)
        let seats = [CloudSeat(account: "a", seat: Seat(code: Int(clock)))]
        for _ in 0..<3 {
          _ = board.take(SeatPoll(seats: seats, isWhole: true), at: now)
          board.tell(at: now) { _, update in
            #expect((30...86_400).contains(update.lease ?? 0))
            return true
          }
          let heard = SeatUpdate(
            stamp: Stamp(epoch: 3, sequence: 1), seat: .idle, lease: Int(number))
          board.hear(key, heard, isDesk: true, at: now)
        }
        _ = board.take(SeatPoll(seats: [], isWhole: true), at: now)
      }
    }
  }

  @Test("when the numbers of an epoch are used up, a later one begins") func numbers() throws {
    let key = try #require(AgentKey(team: "t", agent: "a"))
    var board = SeatBoard(.init(team: "t"), interval: 10, firstNumber: .max - 3)
    let now = Instant(uptime: 0, unix: 1_763_900_000_000)
    board.up(epoch: 5)
    var stamps: [Stamp] = []
    for turn in 0..<6 {
      let seats = [CloudSeat(account: "a", seat: turn % 2 == 0 ? .idle : .busy)]
      _ = board.take(SeatPoll(seats: seats, isWhole: true), at: now)
      board.tell(at: now) {
        #expect($0 == key)
        stamps.append($1.stamp)
        return true
      }
    }
    #expect(stamps.count == 6)
    #expect(zip(stamps, stamps.dropFirst()).allSatisfy { $0 < $1 })
    // The will of a connection carries the highest number: nothing else does.
    #expect(stamps.allSatisfy { $0.sequence < .max })
    #expect(stamps.last?.epoch == 6)
  }

  @Test("any clock of another side, and any of ours") func clocks() {
    let dates = [
      "Sun, 23 Nov 2025 12:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT",
      "Thu, 01 Jan 0001 00:00:00 GMT", "Sat, 01 Jan 999999999999 00:00:00 GMT", "soon",
    ]
    for date in dates {
      for now in Extremes.integers {
        _ = HTTPDate.skew(
          HTTPAnswer(status: 200, headers: ["date": date], body: []), now: now)
      }
    }
    for skew in Extremes.integers {
      let refused = CloudFailure.refused(
        .seatQuery, .timestamp, reason: "", skew: Int(skew))
      #expect(!refused.sentence.isEmpty)
    }
    for number in Extremes.doubles {
      #expect(!HTTPTrouble.timeout(number).words.isEmpty)
    }
    var door = TokenDoor()
    for now in Extremes.integers {
      _ = door.knock(agent: "a", address: "x", at: now)
      for _ in 0..<6 { _ = door.refused(agent: "a", at: now) }
      _ = door.knock(agent: "a", address: "x", at: now)
    }
  }

  @Test("every figure in the settings that are handed over") func settings() throws {
    for text in Extremes.texts {
      let json = try? JSONReader.read(
        #"{"cloud":{"key":"k","secret":"s","timeout":\#(text),"expires":\#(text),"port":\#(text)},"#
          + #""token":{"url":"https://x","timeout":\#(text)}}"#)
      guard let json else { continue }
      let settings = ToolSettings(json)
      #expect((60...28_800).contains(settings.expires))
      #expect((1.0...60).contains(try settings.cloud().patience))
      #expect((1.0...60).contains(try settings.tokenSource().patience))
    }
  }
}
