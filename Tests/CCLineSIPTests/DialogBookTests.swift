// The file that names the calls of a line while they live.

import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct DialogBookTests {
  private static let talking = CallRecord.talking(
    DialogRecord(
      callID: "c", local: "<sip:a@b>;tag=1", remote: "<sip:c@d>;tag=2", target: "sip:c@192.0.2.1",
      routes: ["<sip:192.0.2.2;lr>"], sequence: 7))

  /// An INVITE as the file holds it, with some of it changed.
  private static func invite(
    _ side: String = "ours", _ changes: [(String, JSONValue)] = []
  ) -> JSONValue {
    var object = JSONObject([
      .init(name: "side", value: .string(side)), .init(name: "uri", value: "sip:1@b"),
      .init(name: "vias", value: .array(["SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK1;rport"])),
      .init(name: "routes", value: .array(["<sip:192.0.2.2;lr>"])),
      .init(name: "from", value: "<sip:a@b>;tag=1"), .init(name: "to", value: "<sip:1@b>"),
      .init(name: "callID", value: "i"), .init(name: "sequence", value: .int(3)),
      .init(name: "peer", value: "192.0.2.2:5060"),
    ])
    for (name, value) in changes { object[name] = value }
    return .object(object)
  }

  private static func file(_ calls: [JSONValue], port: Int64 = 0) -> String {
    String(
      decoding: JSONWriter.write(
        .object(
          JSONObject([
            .init(name: "account", value: "one"), .init(name: "port", value: .int(port)),
            .init(name: "calls", value: .array(calls)),
          ]))), as: UTF8.self)
  }

  private static func taken(_ text: String) throws -> DialogBook.Orphans {
    let folder = try TestFolder()
    _ = try folder.write("calls-1.json", text)
    let orphans = DialogBook(account: "one", folder: folder.url.path).takeOrphans()
    #expect(!FileManager.default.fileExists(atPath: folder.path("calls-1.json")))
    return orphans
  }

  @Test func theFileIsOursAloneAndGoesWithTheCalls() throws {
    let folder = try TestFolder()
    let book = DialogBook(account: "one", folder: folder.url.path)
    book.put(Self.talking)
    let path = folder.path("calls-\(getpid()).json")
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    // Locked by the living.
    #expect(DialogBook(account: "one", folder: folder.url.path).takeOrphans().calls.isEmpty)
    book.remove(Self.talking)
    #expect(!folder.read("calls-\(getpid()).json").contains("192.0.2.1"))
    book.leave()
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func whatACallBecomesTakesThePlaceOfWhatItWas() throws {
    let folder = try TestFolder()
    let book = DialogBook(account: "one", folder: folder.url.path)
    let first = try #require(CallRecord(Self.invite()))
    let second = try #require(
      CallRecord(Self.invite("ours", [("callID", "another-that-is-longer")])))
    func written() throws -> [CallRecord] {
      let text = folder.read("calls-\(getpid()).json")
      guard case .array(let list)? = try JSONReader.read(Array(text.utf8))["calls"] else {
        return []
      }
      return list.compactMap { CallRecord($0) }
    }
    book.put(first)
    // Asked for a password: another INVITE in its place.
    book.put(second, insteadOf: first)
    #expect(try written() == [second])
    book.put(Self.talking, insteadOf: second)
    #expect(try written() == [Self.talking])
    // What nobody could read back, or what leaves no room for others, is not written.
    for unreadable in [
      [("from", .string("a\r\nb"))], [("vias", .array([]))],
      [
        ("routes", .array(Array(repeating: .string(String(repeating: "r", count: 4000)), count: 9)))
      ],
    ] as [[(String, JSONValue)]] {
      let sent = try #require(Self.unchecked(unreadable))
      book.put(.pending(sent))
      #expect(try written() == [Self.talking])
    }
  }

  /// The first one, changed behind the checks that reading makes.
  private static func unchecked(_ changes: [(String, JSONValue)]) -> PendingInvite? {
    guard var invite = PendingInvite(Self.invite()) else { return nil }
    for (name, value) in changes {
      switch (name, value) {
      case ("from", .string(let text)): invite.from = text
      case ("vias", .array(let list)): invite.vias = list.compactMap(\.string)
      case ("routes", .array(let list)): invite.routes = list.compactMap(\.string)
      default: return nil
      }
    }
    return invite
  }

  @Test func onlyThisAccountsOrphansAreTakenAndOnce() throws {
    let folder = try TestFolder()
    _ = try folder.write("calls-1.json", Self.file([Self.talking.json, Self.invite()], port: 5070))
    func book(_ account: String) -> DialogBook {
      DialogBook(account: account, folder: folder.url.path)
    }
    #expect(book("two").takeOrphans().calls.isEmpty)
    let orphans = book("one").takeOrphans()
    #expect(orphans.calls == [Self.talking, CallRecord(Self.invite())])
    #expect(orphans.port == 5070)
    #expect(book("one").takeOrphans() == DialogBook.Orphans())
  }

  @Test(arguments: ["ours", "theirs"])
  func anInviteIsReadAsItWasWritten(_ side: String) throws {
    let record = try #require(CallRecord(Self.invite(side)))
    guard case .pending(let invite) = record else {
      Issue.record("no INVITE")
      return
    }
    #expect(invite.side.rawValue == side && invite.branch == "z9hG4bK1")
    #expect(invite.address?.hostPort == "192.0.2.2:5060")
    #expect(CallRecord(record.json) == record)
  }

  @Test(arguments: [
    "", "{", "[]", #"{"account":"one","calls":[{"callID":"c\r\nX: y"}]}"#,
    #"{"account":"one","calls":[{"callID":"c","local":"l","remote":"r","target":"tel:1\r\n","routes":[],"sequence":1}]}"#,
    #"{"account":"one","calls":[{"callID":"c","local":"l","remote":"r","target":"sip:a@b","routes":[],"sequence":-1}]}"#,
  ])
  func aSpoiltFileEndsNothing(_ text: String) throws {
    #expect(try Self.taken(text).calls.isEmpty)
  }

  @Test(
    arguments: [
      ("side", "nobody's"), ("side", .null), ("uri", "sip:1@b x"), ("uri", "mailto:a@b"),
      ("uri", ""),
      ("vias", .array([])), ("vias", .array(["SIP/2.0/UDP 192.0.2.9:5060"])), ("vias", "v"),
      ("vias", .array(["SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1\r\nX: y"])),
      ("routes", .array([.int(1)])), ("routes", .array(["<sip:a>\u{0}"])), ("from", "a\r\nb"),
      ("from", ""), ("to", .null), ("callID", "a b"), ("callID", "a\nb"), ("sequence", .int(-1)),
      ("sequence", .int(1 << 40)), ("peer", "pbx.example:5060"), ("peer", "192.0.2.2"),
      ("peer", "192.0.2.2:0"), ("to", .string(String(repeating: "t", count: 5000))),
      ("vias", .array(Array(repeating: "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1", count: 17))),
    ] as [(String, JSONValue)])
  func aSpoiltInviteEndsNothing(_ name: String, _ value: JSONValue) throws {
    #expect(try Self.taken(Self.file([Self.invite("ours", [(name, value)])])).calls.isEmpty)
  }

  @Test(arguments: [-1, 0, 70_000] as [Int64])
  func aPortThatIsNoneIsNotTaken(_ port: Int64) throws {
    let orphans = try Self.taken(Self.file([Self.talking.json], port: port))
    #expect(orphans.port == nil && orphans.calls == [Self.talking])
  }
}
