// How long what a keyboard has begun waits for its end.

import CCView
import Testing

@testable import CCTerm

struct TerminalWaitTests {
  /// What was begun, when the last byte came, until when it waits, and what it is then (milliseconds).
  private static let waits: [(bytes: String, until: Int64, keys: [Key])] = [
    ("\u{1B}", 25, [.escape]), ("\u{1B}\u{1B}", 25, [.escape, .escape]),
    ("\u{1B}[", 500, [.unknown]), ("\u{1B}[1", 500, [.unknown]), ("\u{1B}[1;", 500, [.unknown]),
    ("\u{1B}O", 500, [.unknown]), ("\u{1B}O5", 500, [.unknown]), ("\u{1B}]", 25, [.unknown]),
    ("\u{1B}P", 25, [.unknown]), ("\u{1B}]1", 500, [.unknown]), ("\u{1B}Pxy", 500, [.unknown]),
    ("\u{1B}[200~", 1_000, [.paste("")]), ("\u{1B}[200~ab", 1_000, [.paste("ab")]),
  ]

  @Test func everyWaitHasItsEnd() {
    let ms: Int64 = 1_000_000
    for (bytes, wait, keys) in Self.waits {
      // The last byte comes 10 ms after the others: the wait counts from it.
      func begun() -> KeyReader {
        var reader = KeyReader()
        let all = Array(bytes.utf8)
        #expect(
          reader.feed(all.dropLast(), at: 90 * ms) + reader.feed(all.suffix(1), at: 100 * ms) == [])
        return reader
      }
      let end = (100 + wait) * ms
      var reader = begun()
      #expect(reader.deadline == end, "\(bytes.debugDescription)")
      #expect(reader.flush(at: end - 1) == [])
      #expect(reader.flush(at: end) == keys, "\(bytes.debugDescription)")
      #expect(reader.flush(at: end) == [], "once")
      // A byte that comes in that moment ends it as well, and is a key of its own.
      var other = begun()
      #expect(
        other.feed("k".utf8, at: end) == keys + [.character("k")], "\(bytes.debugDescription)")
      #expect(other.deadline == nil)
    }
    // In the middle of a letter, a linux function key and a mouse report the first byte's wait goes on.
    for (begin, rest) in [
      ([0xE4], [0xBD]), ([0x1B, 0x5B], [0x5B]), ([0x1B, 0x5B], [0x4D, 0x20]),
      ([0x1B, 0xF0], [0x9F]),
    ] as [([UInt8], [UInt8])] {
      var reader = KeyReader()
      #expect(reader.feed(begin, at: 0) + reader.feed(rest, at: 100 * ms) == [])
      #expect(reader.deadline == 500 * ms)
      #expect(reader.flush(at: 500 * ms) == [.unknown] && reader.deadline == nil)
    }
  }

  /// After the Escape key half a second from its byte on: what comes may be the rest of a sequence.
  @Test func aTornSequenceHasItsEnd() {
    let ms: Int64 = 1_000_000
    func torn() -> KeyReader {
      var reader = KeyReader()
      _ = reader.feed([0x1B], at: 100 * ms)
      #expect(reader.flush(at: 125 * ms) == [.escape] && reader.deadline == 600 * ms)
      return reader
    }
    var reader = torn()
    #expect(
      reader.flush(at: 600 * ms - 1) == [] && reader.feed("[A".utf8, at: 600 * ms - 1) == [.up])
    reader = torn()
    #expect(reader.feed("[A".utf8, at: 600 * ms) == [.character("["), .character("A")])
    for (rest, keys) in [
      ("[", [Key.unknown]), ("O", [.character("O")]), ("O1", [.unknown]), ("[1", [.unknown]),
    ] {
      reader = torn()
      #expect(reader.feed(rest.utf8, at: 200 * ms) == [] && reader.deadline == 700 * ms, "\(rest)")
      #expect(reader.flush(at: 700 * ms) == keys && reader.deadline == nil, "\(rest)")
    }
    // Another Escape, or anything else, begins anew.
    reader = torn()
    #expect(reader.feed([0x1B], at: 200 * ms) == [] && reader.deadline == 225 * ms)
    #expect(reader.flush(at: 225 * ms) == [.escape])
    reader = torn()
    #expect(reader.feed("x".utf8, at: 200 * ms) == [.character("x")] && reader.deadline == nil)
    reader = torn()
    #expect(
      reader.feed([0xC3], at: 200 * ms) + reader.feed([0xA9], at: 210 * ms) == [.character("é")])
  }
}
