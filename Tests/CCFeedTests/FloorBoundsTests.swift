// Every bound of the contract from both sides, by both readers, and names that are almost ours.

import CCCore
import Testing

@testable import CCFeed

@Suite struct FloorBoundsTests {
  /// What both readers make of a payload; nil where it is refused.
  private func read(
    _ kind: String, _ payload: String, sourceLocation: SourceLocation = #_sourceLocation
  ) -> FloorEvent? {
    let topic = "cc/v1/red/1/\(kind)"
    let payload = Array(payload.utf8)
    let event = FloorCodec.event(topic: topic, payload: payload, retained: false)
    let quick = Array(topic.utf8).withUnsafeBytes { topic in
      payload.withUnsafeBytes { FloorCodec.event(topic: topic, payload: $0, retained: false) }
    }
    #expect(
      quick == event, "\(String(decoding: payload, as: UTF8.self))", sourceLocation: sourceLocation)
    if case .anomaly = event { return nil }
    return event
  }

  /// A payload with these members in the place of, or beside, the ones that must be there.
  private func payload(_ kind: String, _ name: String, _ value: String) -> String {
    var members = ["v": "1", "e": "7", "n": "1", kind: "2"]
    members[name] = value
    return
      "{\(members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ","))}"
  }

  @Test(arguments: [
    ("seat", "seat", 0, 9_999), ("call", "call", 0, 5), ("seat", "lease", 5, 86_400),
    ("seat", "e", 0, 1 << 53), ("seat", "n", 0, Int(UInt32.max)), ("seat", "since", 0, 1 << 53),
    ("seat", "sent", 0, 1 << 53), ("call", "e", 0, 1 << 53), ("call", "n", 0, Int(UInt32.max)),
    ("call", "since", 0, 1 << 53), ("call", "held", 0, 1 << 53),
  ])
  func figuresWithinTheirBounds(_ kind: String, _ name: String, _ low: Int, _ high: Int) throws {
    var updates: [FloorEvent] = []
    for value in [low, low + 1, high - 1, high] {
      updates.append(try #require(read(kind, payload(kind, name, "\(value)")), "\(value)"))
    }
    #expect(
      Set(updates).count == Set([low, low + 1, high - 1, high]).count, "each is kept as it is")
    for value in [low - 1, high + 1] {
      #expect(read(kind, payload(kind, name, "\(value)")) == nil, "\(name) \(value)")
    }
  }

  @Test(arguments: ["calls", "talk", "acw", "dials", "connected", "idle"])
  func figuresOfADay(_ name: String) throws {
    for (value, isTaken) in [(-1, false), (0, true), (10_000_000, true), (10_000_001, false)] {
      let event = read("seat", payload("seat", "today", "{\"\(name)\":\(value)}"))
      #expect((event != nil) == isTaken, "\(name) \(value)")
      guard case .seat(_, let update, _)? = event else { continue }
      let today = try #require(update.today)
      let figures = [
        "calls": today.calls, "talk": today.talk, "acw": today.afterCallWork,
        "dials": today.dials, "connected": today.connected, "idle": today.idle,
      ]
      for (other, figure) in figures {
        let absent = ["calls", "talk", "acw"].contains(other) ? 0 : nil
        #expect(figure == (other == name ? value : absent), "\(other) with \(name)")
      }
    }
  }

  /// What will come one day is another version, whatever its number, and not a broken desk.
  @Test func onlyTheFirstVersionIsRead() {
    for version in [0, 2, 10, 1_000_000] {
      #expect(
        FloorCodec.event(
          topic: "cc/v1/red/1/seat", payload: payload("seat", "v", "\(version)").utf8,
          retained: false) == .anomaly(.wrongVersion), "\(version)")
      #expect(read("seat", payload("seat", "v", "\(version)")) == nil)
    }
  }

  @Test func textsAreCutAtTheirCells() throws {
    for (kind, name, limit) in [("seat", "name", 64), ("call", "number", 40)] {
      // Digits would be read as a number; the letters stand for themselves.
      for sign in ["x", "é"] {
        for count in [limit - 1, limit, limit + 1] {
          let text = String(repeating: sign, count: count)
          let event = read(kind, payload(kind, name, "\"\(text)\""))
          let kept: SafeText? =
            switch event {
            case .seat(_, let update, _)?: update.name
            case .call(_, let update, _)?: update.number
            default: nil
            }
          let shown = try #require(kept)
          #expect((shown.string == text) == (count <= limit), "\(name) of \(count)")
          #expect(shown.cells == min(count, limit))
        }
      }
    }
  }

  /// The whole payload has its bound too, and what is nested has one.
  @Test func payloadsWithinTheirBounds() {
    let start = #"{"v":1,"e":7,"n":1,"seat":2,"x":""#
    func long(_ bytes: Int) -> String {
      start + String(repeating: "y", count: bytes - start.utf8.count - 2) + "\"}"
    }
    #expect(read("seat", long(4_096)) == read("seat", payload("seat", "v", "1")))
    #expect(read("seat", long(4_096)) != nil && read("seat", long(4_097)) == nil)
    let blank = payload("seat", "v", "1")
    let wide = blank + String(repeating: " ", count: 4_097 - blank.utf8.count)
    #expect(read("seat", wide) == nil, "blanks count too")
    #expect(read("seat", payload("seat", "x", "[[[1]]]")) != nil)
    #expect(read("seat", payload("seat", "x", "[[[[1]]]]")) == nil)
  }

  /// Nothing is the same as no member, but for what must be there.
  @Test func nullIsAsIfItWereNotThere() throws {
    let bare = try #require(read("seat", payload("seat", "v", "1")))
    for name in ["since", "name", "lease", "today", "sent", "desk", "x"] {
      #expect(read("seat", payload("seat", name, "null")) == bare, "\(name)")
    }
    let call = try #require(read("call", payload("call", "v", "1")))
    for name in ["since", "direction", "number", "held", "x"] {
      #expect(read("call", payload("call", name, "null")) == call, "\(name)")
    }
    for name in ["v", "e", "n", "seat"] {
      #expect(read("seat", payload("seat", name, "null")) == nil, "\(name)")
    }
    #expect(read("call", payload("call", "call", "null")) == nil)
  }

  /// A member of another name is none of the contract's, however much it looks like one; those of a
  /// call say nothing of a seat.
  @Test func namesAreReadToTheLastLetter() throws {
    for (kind, names) in [
      ("seat", ["since", "name", "lease", "sent", "today", "held", "number", "direction", "call"]),
      ("call", ["since", "direction", "number", "held", "name", "lease", "sent", "today", "seat"]),
    ] {
      let bare = try #require(read(kind, payload(kind, "v", "1")))
      for name in names {
        let value =
          switch name {
          case "name", "number": "\"77\""
          case "direction": "\"in\""
          case "today": #"{"calls":5}"#
          default: "5"
          }
        let isOurs = names.firstIndex(of: name) ?? 0 < (kind == "seat" ? 5 : 4)
        #expect((read(kind, payload(kind, name, value)) == bare) != isOurs, "\(kind) \(name)")
        for place in name.indices {
          var other = name
          other.replaceSubrange(place...place, with: "z")
          // Whatever stands there, right for one of ours or for none.
          for value in ["5", "\"in\"", "\"77\"", #"{"calls":5}"#, "true"] {
            #expect(read(kind, payload(kind, other, value)) == bare, "\(kind) \(other) \(value)")
          }
        }
      }
    }
    // Nor does it stand for one that must be there.
    for (kind, code) in [("seat", "seat"), ("call", "call")] {
      for missing in ["v", "e", "n", code] {
        let rest = ["v", "e", "n", code].filter { $0 != missing }.map { "\"\($0)\":1" }
        for name in [
          "zame", "sinze", "nzmber", "lzase", "tzday", "szat", "czll", "hzld", "dzsk", "x",
        ] {
          #expect(read(kind, "{\((rest + ["\"\(name)\":1"]).joined(separator: ","))}") == nil)
        }
        #expect(read(kind, "{\((rest + ["\"\(missing)\":1"]).joined(separator: ","))}") != nil)
      }
    }
    let today = try #require(read("seat", payload("seat", "today", "{}")))
    for name in ["calls", "talk", "acw", "dials", "connected", "idle"] {
      for place in name.indices {
        var other = name
        other.replaceSubrange(place...place, with: "z")
        #expect(read("seat", payload("seat", "today", "{\"\(other)\":5}")) == today, "\(other)")
      }
    }
  }

  /// What ends before its end is refused, wherever that is; so is what has one brace too few or too many.
  @Test func whatIsTornIsRefused() {
    let whole = [
      (
        "seat",
        #"{"v":1,"e":7,"n":1,"seat":2,"since":5,"lease":60,"sent":5,"desk":5,"name":"Li","#
          + #""today":{"calls":1,"talk":2,"acw":3,"dials":4,"connected":5,"idle":6}}"#
      ),
      (
        "call",
        #"{"v":1,"e":7,"n":1,"call":3,"since":5,"held":5,"number":"13","direction":"out"}"#
      ),
    ]
    for (kind, payload) in whole {
      #expect(read(kind, payload) != nil)
      for count in 0..<payload.count { #expect(read(kind, String(payload.prefix(count))) == nil) }
      for more in ["}", ",", "{", "1", "\"x\"", " 1"] { #expect(read(kind, payload + more) == nil) }
      #expect(read(kind, payload + " ") == read(kind, payload))
    }
    for today in [
      "{}", #"{"calls":1,}"#, #"{"calls":}"#, #"{"calls":x}"#, #"{"calls""#,
      #"{"calls":1,"calls":2}"#,
      #"{"acw":1,"more":2}"#, #"{"calls":1"#, "{",
    ] {
      #expect(read("seat", #"{"v":1,"e":7,"n":1,"seat":2,"today":\#(today)"#) == nil, "\(today)")
    }
    for direction in ["\"in", "in", "\"out\"\"", "\"up\"", "\"i\"", "\"\"", "\"outer\"", "1"] {
      #expect(
        read("call", #"{"v":1,"e":7,"n":1,"call":2,"direction":\#(direction)}"#) == nil,
        "\(direction)")
    }
  }

  @Test func numbersAreWrittenAsDesksWriteThem() {
    for value in [
      "07", "00", "+7", "-0", "7.0", "7e0", "0x7", " 7", "7 ", "1_0", "", "\"7\"", "true",
    ] {
      // The general reader says which of them are numbers; the quick one never says more.
      let event = read("seat", payload("seat", "since", value))
      if case .seat(_, let update, _)? = event {
        #expect(update.since == 7 || update.since == 0, "\(value)")
      }
      #expect((event == nil) == !["-0", "7.0", "7e0", " 7", "7 "].contains(value), "\(value)")
    }
    #expect(read("seat", payload("seat", "since", "123456789012345678901")) == nil)
  }

  // MARK: Topics

  private func topics(_ text: String) -> (text: FloorTopic?, bytes: FloorTopic?) {
    (FloorTopic(text), Array(text.utf8).withUnsafeBytes { FloorTopic(bytes: $0) })
  }

  @Test func theLongestKeyHasATopic() throws {
    let long = String(repeating: "x", count: 64)
    for kind in ["seat", "call"] {
      let (text, bytes) = topics("cc/v1/\(long)/\(long)/\(kind)")
      let key = try #require(AgentKey(team: long, agent: long))
      #expect(text?.key == key && text?.kind.rawValue == kind && bytes == text)
      for (team, agent) in [(long + "x", "1"), ("1", long + "x"), (long + "x", long)] {
        #expect(topics("cc/v1/\(team)/\(agent)/\(kind)") == (nil, nil))
      }
    }
    #expect(BusTopic("cc/v1/\(long)/\(long)/cmd/\(long)") != nil)
    #expect(BusTopic("cc/v1/\(long)/\(long)/cmd/\(long)x") == nil)
    #expect(BusTopic("cc/v1/\(long)/\(long)/ack") != nil)
  }

  @Test(arguments: [
    "cc/v1/seat", "cc/v1/call", "cc/v1//seat", "cc/v1/a/seat", "cc/v1/a/b/c/seat",
    "cc/v1/a/b/seats",
    "cc/v1/a/b/sea", "cc/v1/a/b/ack", "cc/v2/a/b/seat", "dd/v1/a/b/seat", "cc/v1/a//seat",
    "cc/v1//b/call", "cc/v1/a/b/", "cc/v1/a/b", "cc/v1/a/b/seat/call", "/seat", "/call", "c/seat",
    "",
    "cc/v1/a b/c/seat", "CC/v1/a/b/seat",
  ])
  func whatIsNoTopicOfTheFloor(_ text: String) { #expect(topics(text) == (nil, nil)) }

  @Test func theWordsBesideTheFloor() throws {
    let key = try #require(AgentKey(team: "red", agent: "1"))
    #expect(BusTopic("cc/v1/red/1/ack") == .answer(key))
    #expect(BusTopic("cc/v1/red/1/cmd/seat") == .command(key, "seat"))
    #expect(BusTopic("cc/v1/red/1/seat") == .state(FloorTopic(key, .seat)))
    for topic in [BusTopic.answer(key), .command(key, "message"), .state(FloorTopic(key, .call))] {
      #expect(BusTopic(topic.description) == topic)
    }
    for text in [
      "cc/v1/red/1/cmd", "cc/v1/red/1/cmd/", "cc/v1/red/1/cmd/a/b", "cc/v1/red/1/ack/x",
      "cc/v1/red/1/word/seat", "cc/v2/red/1/ack", "dd/v1/red/1/ack", "dd/v1/red/1/cmd/seat",
      "cc/v2/red/1/cmd/seat", "cc/v1/red/ack", "cc/v1/ack", "ack", "", "cc/v1/re d/1/ack",
      "cc/v1/red//ack", "cc/v1/red/1/cmd/a b", "cc/v1/red/1/2/ack", "cc/v1/cmd",
    ] { #expect(BusTopic(text) == nil, "\(text)") }
    #expect(BusTopic.commands(to: key) == "cc/v1/red/1/cmd/+")
    #expect(
      BusTopic.seats(of: nil) == "cc/v1/+/+/seat" && BusTopic.seats(of: "red") == "cc/v1/red/+/seat"
    )
    #expect(
      BusTopic.calls(of: nil) == "cc/v1/+/+/call" && BusTopic.calls(of: "red") == "cc/v1/red/+/call"
    )
    #expect(
      BusTopic.answers(of: nil) == "cc/v1/+/+/ack"
        && BusTopic.answers(of: "red") == "cc/v1/red/+/ack")
  }
}
