// The reader beside Foundation's: same verdict on a corpus and on 100,000 mutations of it.

import CCJSON
import CCTestSupport
import Foundation
import Testing

@Suite("JSON beside Foundation") struct FoundationTests {
  static let corpus = [
    #"{"type":"hello","protocol":1,"line":"sip","version":"0.1.0","abilities":["dial","hangUp"]}"#,
    #"{"type":"onCall","detail":{"callStatus":1,"calledNumber":"13212345678"},"code":486}"#,
    #"{"type":"level","in":0.3,"out":-1.25e-2}"#,
    #"[null,true,false,0,-1,1.5,2E+3,1e-7,""," ","\u00e9\ud83d\ude00","\\\"\/\b\f\n\r\t"]"#,
    "{ \"\u{4e2d}\u{6587}\" : [ { } , [ ] , \"\u{1F600}\" ] }\n",
    "[[[[1]]]]", "\"text\"", "-12.5e1", "0", "true", " [1 , 2]\t",
  ]

  @Test("100,000 mutations: no difference but the deliberate ones") func mutations() {
    var random = Random(seed: 20_261_124)
    let alphabet =
      Array(#"{}[]",:\/0123456789+-.eEtrufalsn "#.utf8) + [
        0, 9, 0x1F, 0x7F, 0x80, 0xC3, 0xED, 0xFF,
      ]
    var taken = 0
    var refused = 0
    for round in 0..<100_000 {
      var bytes = Array(Self.corpus[round % Self.corpus.count].utf8)
      for _ in 0..<Int.random(in: 1...2, using: &random) {
        mutate(&bytes, alphabet, &random)
      }
      let ours = accepts(bytes)
      if ours { taken += 1 } else { refused += 1 }
      if Deliberate(bytes) != nil { continue }
      let theirs = foundationAccepts(bytes)
      guard ours != theirs else { continue }
      Issue.record(
        "ours \(ours), Foundation \(theirs): \(String(decoding: bytes, as: UTF8.self)) \(bytes)")
      break
    }
    // The mutations must try both verdicts, or the test says nothing.
    #expect(taken > 5_000)
    #expect(refused > 20_000)
  }

  @Test("the same values", arguments: corpus) func values(_ text: String) throws {
    let theirs = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    let ours = try JSONReader.read(text)
    let again = try JSONSerialization.jsonObject(
      with: Data(JSONWriter.write(ours)), options: .fragmentsAllowed)
    #expect(theirs as? NSObject == again as? NSObject)
  }

  @Test(
    "Foundation takes it, we do not: on purpose",
    arguments: [
      "[1,]", "{\"a\":1,}", "\u{FEFF}1", "1\u{0}", "\u{0}1",
      String(repeating: "[", count: 40) + String(repeating: "]", count: 40),
      "\"" + String(repeating: "a", count: 70_000) + "\"",
    ])
  func deliberate(_ text: String) {
    #expect(foundationAccepts(Array(text.utf8)))
    #expect(!accepts(Array(text.utf8)))
  }

  private func mutate(_ bytes: inout [UInt8], _ alphabet: [UInt8], _ random: inout Random) {
    guard !bytes.isEmpty else { return bytes.append(alphabet[0]) }
    let place = Int.random(in: 0..<bytes.count, using: &random)
    let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
    switch Int.random(in: 0..<5, using: &random) {
    case 0: bytes.remove(at: place)
    case 1: bytes[place] = byte
    case 2: bytes.insert(byte, at: place)
    case 3: bytes.removeSubrange(place...)
    default:
      let end = min(bytes.count, place + Int.random(in: 1...8, using: &random))
      bytes.insert(
        contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &random))
    }
  }
}

func accepts(_ bytes: [UInt8]) -> Bool { (try? JSONReader.read(bytes)) != nil }

func foundationAccepts(_ bytes: [UInt8]) -> Bool {
  (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
}

/// Where the two differ on purpose: Foundation takes these, we refuse them.
enum Deliberate {
  /// Foundation guesses UTF-16 and UTF-32 from zero bytes; the line protocol is UTF-8.
  case otherEncoding
  /// Foundation lets a comma stand before the closing bracket; RFC 8259 does not.
  case trailingComma

  init?(_ bytes: [UInt8]) {
    if bytes.prefix(4).contains(0) {
      self = .otherEncoding
    } else if Self.hasTrailingComma(bytes) {
      self = .trailingComma
    } else {
      return nil
    }
  }

  private static func hasTrailingComma(_ bytes: [UInt8]) -> Bool {
    var comma = false
    for byte in bytes {
      switch byte {
      case UInt8(ascii: ","): comma = true
      case 0x20, 0x09, 0x0A, 0x0D: break
      case UInt8(ascii: "]"), UInt8(ascii: "}"): if comma { return true }
      default: comma = false
      }
    }
    return false
  }
}
