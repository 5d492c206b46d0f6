// Pastes: in brackets, without them, without end, and too large.

import CCCore
import CCView
import Testing

@testable import CCTerm

struct TerminalPasteTests {
  @Test func anEnterInTheSameReadNeverDials() {
    var reader = KeyReader()
    #expect(reader.feed("13212345678\r".utf8, at: 0) == [.paste("13212345678\n")])
    #expect(
      reader.feed("1321234\tJohn\r\nWest\r".utf8, at: 1_000_000_000)
        == [.paste("1321234\tJohn\nWest\n")])
  }

  @Test func anEnterSoonAfterNeverDials() {
    var reader = KeyReader()
    #expect(reader.feed("132123".utf8, at: 0).count == 6)
    #expect(reader.feed("\r".utf8, at: 20_000_000) == [.paste("\n")])
    #expect(reader.feed("\r".utf8, at: 30_000_000) == [.paste("\n")])
  }

  @Test func smallPiecesAddUp() {
    var reader = KeyReader()
    for (index, byte) in "132123".utf8.enumerated() {
      _ = reader.feed([byte], at: Int64(index) * 5_000_000)
    }
    #expect(reader.feed("\r".utf8, at: 30_000_000) == [.paste("\n")])
  }

  @Test func aHandDials() {
    var reader = KeyReader()
    #expect(reader.feed("132123".utf8, at: 0).count == 6)
    #expect(reader.feed("\r".utf8, at: 20_000_001) == [.enter])
    #expect(reader.feed("12345\r".utf8, at: 1_000_000_000).last == .enter)
    var typist = KeyReader()
    for index in 0..<20 { _ = typist.feed("1".utf8, at: Int64(index) * 30_000_000) }
    #expect(typist.feed("\r".utf8, at: 600_000_000) == [.enter])
  }

  @Test func controlsInAPasteAreNoCommands() {
    var reader = KeyReader()
    #expect(reader.feed("132123\u{18}h\r".utf8, at: 0) == [.paste("132123h\n")])
    // A key with a sequence is a key: terminals let none through in a paste.
    #expect(
      reader.feed("132123\r\u{1B}[19~".utf8, at: 1_000_000_000) == [
        .paste("132123\n"), .function(8),
      ])
  }

  @Test func aPasteWhoseEndIsLostEndsInSilence() {
    var reader = KeyReader()
    #expect(reader.feed("\u{1B}[200~123".utf8, at: 0) == [])
    #expect(reader.feed("456".utf8, at: 900_000_000) == [])
    #expect(reader.deadline == 1_900_000_000)
    #expect(reader.flush(at: 1_900_000_000) == [.paste("123456")])
    #expect(reader.feed("7".utf8, at: 1_900_000_001) == [.character("7")])
  }

  @Test func aPasteIsCappedAndSwallowedToItsEnd() {
    var reader = KeyReader()
    let text = String(repeating: "0123456789abcdef", count: KeyReader.pasteLimit / 16 + 100)
    let keys = reader.feed("\u{1B}[200~\(text)\u{1B}[201~x".utf8, at: 0)
    #expect(keys == [.paste(String(text.prefix(KeyReader.pasteLimit))), .character("x")])
  }

  @Test func randomBytesNeverBecomeControls() {
    var random = SplitMix(seed: 7)
    var reader = KeyReader()
    var now: Int64 = 0
    var left = 100_000
    while left > 0 {
      // Now and then what sequences are made of, which chance alone seldom hits.
      let spice: [UInt8] = [0x1B, 0x5B, 0x4F, 0x3B, 0x32, 0x30, 0x7E, 0x0D, 0x24]
      let bytes = (0..<Int(random.next() % 40)).map { _ in
        random.next() % 3 == 0 ? spice[Int(random.next() % 9)] : UInt8(random.next() & 0xFF)
      }
      left -= bytes.count + 1
      now += Int64(random.next() % 60_000_000)
      for key in reader.feed(bytes, at: now) + reader.flush(at: now) {
        guard case .character(let character) = key else { continue }
        let isControl = character.unicodeScalars.contains {
          $0.value < 0x20 || (0x7F..<0xA0).contains($0.value)
        }
        #expect(!isControl)
      }
    }
    _ = reader.flush(at: now + 10_000_000_000)
    #expect(reader.feed("a".utf8, at: now + 20_000_000_000).last == .character("a"))
  }
}
