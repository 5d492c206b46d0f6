// Reading the vendor's list of seats.

import CCCore
import CCJSON
import CCTestSupport
import FakeVendor
import Foundation
import Testing

@testable import CCCloud

@Suite struct SeatReaderTests {
  private func reader(_ server: FakeServer, size: Int = 100) -> SeatReader {
    SeatReader(
      CloudClient(
        .init(
          base: server.base, key: FakeCloud.key, secret: Secret(FakeCloud.secret), patience: 20),
        policy: RetryPolicy(attempts: 3, firstWait: 0.01)), size: size)
  }

  private func seats(_ count: Int) -> [FakeCloud.Seat] {
    (0..<count).map { FakeCloud.Seat("0705C245_\($0)", status: $0 % 5 + 1) }
  }

  private var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

  @Test("every page is read, and each seat once")
  func pages() async throws {
    let server = try await FakeServer(FakeCloud(seats: seats(250)))
    var reader = reader(server)
    let poll = try await reader.read(at: now)
    #expect(poll.isWhole)
    #expect(poll.seats.map(\.account) == (0..<250).map { "0705C245_\($0)" })
    #expect(poll.seats[6].seat == .idle)
    #expect(await server.cloud.asked == 3)
    await server.stop()
  }

  @Test("a seat that moves between pages is read once, and nobody is lost")
  func moves() async throws {
    let cloud = FakeCloud(seats: seats(30))
    let server = try await FakeServer(cloud)
    // After the first page its last seat slips to the second, and one of the second to the first.
    let moved = Mutexed(false)
    await cloud.set {
      $0.afterPage = { seats, page in
        guard page == 1,
          moved.with({ done in
            defer { done = true }
            return !done
          })
        else { return }
        seats.swapAt(9, 25)
      }
    }
    var reader = reader(server, size: 10)
    let poll = try await reader.read(at: now)
    #expect(poll.isWhole)
    #expect(Set(poll.seats.map(\.account)) == Set(seats(30).map(\.account)))
    #expect(poll.seats.count == 30)
    #expect(await cloud.asked == 6)
    await server.stop()
  }

  @Test("a list that never holds still is not whole")
  func restless() async throws {
    let cloud = FakeCloud(seats: seats(30))
    let server = try await FakeServer(cloud)
    await cloud.set {
      $0.afterPage = { seats, page in
        if page < 3 { seats.swapAt(page * 10 - 1, page * 10 + 5) }
      }
    }
    var reader = reader(server, size: 10)
    let poll = try await reader.read(at: now)
    #expect(!poll.isWhole)
    #expect(Set(poll.seats.map(\.account)).count == poll.seats.count)
    await server.stop()
  }

  @Test("where a span of time is asked for it is given")
  func span() async throws {
    let cloud = FakeCloud()
    let server = try await FakeServer(cloud)
    await cloud.set { $0.needsSpan = true }
    var reader = reader(server)
    #expect(try await reader.read(at: now).seats.count == 3)
    #expect(try await reader.read(at: now).seats.count == 3)
    #expect(await cloud.asked == 3)
    #expect(CloudTime.text(0) == "1970-01-01 08:00:00")
    await server.stop()
  }

  @Test("codes, pages and floods are failures, each by its name; -18 is tried again")
  func failures() async throws {
    let cloud = FakeCloud()
    let server = try await FakeServer(cloud)
    let rows: [(FakeCloud.Mood, String, Int)] = [
      (.refuse(-16), "timestamp expired", 1), (.refuse(-2), "address is not allowed", 1),
      (.refuse(-18), "system failed", 3), (.page, "web page", 1), (.garbage, "no JSON", 1),
      (.huge(2_000_000), "more than 1024 KiB", 3),
    ]
    for (mood, words, asks) in rows {
      let before = await cloud.asked
      await cloud.set { $0.mood = mood }
      var reader = reader(server)
      do throws(CloudFailure) {
        _ = try await reader.read(at: now)
        Issue.record("\(mood) was read")
      } catch { #expect(error.sentence.contains(words), "\(error.sentence)") }
      // What the stand-in answers before it looks at the request is not counted there.
      if case .refuse = mood { #expect(await cloud.asked - before == asks) }
    }
    await cloud.set { $0.mood = .normal }
    var reader = reader(server)
    #expect(try await reader.read(at: now).seats.count == 3)
    await server.stop()
  }

  @Test(
    "passwords are unreadable before anything is read",
    arguments: [
      (#"{"password":"s3cret","a":1}"#, #"{"password":"xxxxxx","a":1}"#),
      (#"{ "password" : "a\"b" , "b":"c"}"#, #"{ "password" : "xxxx" , "b":"c"}"#),
      (
        #"[{"name":"password"},{"password":null},{"password":7}]"#,
        #"[{"name":"password"},{"password":null},{"password":7}]"#
      ),
      (#"{"a":"password","b":"kept"}"#, #"{"a":"password","b":"kept"}"#),
      (#"{"password":"broken"#, #"{"password":"xxxxxx"#), (#"{"password""#, #"{"password""#),
      (#""\"#, #""\"#), ("", ""), (#"{"a":"\"password\":\"b\""}"#, #"{"a":"\"password\":\"b\""}"#),
    ])
  func blanked(text: String, expected: String) {
    var bytes = Array(text.utf8)
    PasswordBlanker.blank(&bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == expected)
  }
}
