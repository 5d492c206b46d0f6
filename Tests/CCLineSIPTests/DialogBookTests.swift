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

  private static func taken(_ text: String) throws -> (calls: [CallRecord], port: UInt16?) {
    let folder = try TestFolder()
    _ = try folder.write("calls-1.json", text)
    let left = DialogBook(account: "one", folders: [folder.url.path]).takeOrphans()
    let found = (left.flatMap(\.calls), left.first?.port)
    // What is ended goes, and what cannot be read at once.
    for orphans in left { for call in orphans.calls { orphans.settle(call, as: nil) } }
    #expect(Self.files(folder).isEmpty)
    return found
  }

  private static func files(_ folder: TestFolder) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.url.path)) ?? [])
      .filter { $0.hasPrefix("calls-") }
  }

  @Test func theFileIsOursAloneAndGoesWithTheCalls() throws {
    let folder = try TestFolder()
    let book = DialogBook(account: "one", folders: [folder.url.path])
    #expect(Self.files(folder).isEmpty)
    book.put(Self.talking)
    let name = try #require(Self.files(folder).first)
    // A name that no other process makes, whatever its number, its machine or its container.
    #expect(name.utf8.count >= "calls-.json".utf8.count + 32 && !name.contains("-\(getpid())."))
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.path(name))
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    // Locked by the living.
    #expect(DialogBook(account: "one", folders: [folder.url.path]).takeOrphans().isEmpty)
    #expect(Self.files(folder) == [name])
    book.remove(Self.talking)
    #expect(Self.files(folder).isEmpty)
    book.leave()
  }

  /// The disk was full in the middle of a line; now there is room again.
  @Test func aTornLineTakesNothingFromTheNext() throws {
    let folder = try TestFolder()
    let book = DialogBook(account: "one", folders: [folder.url.path])
    book.put(Self.talking)
    let path = folder.path(try #require(Self.files(folder).first))
    // As long as the file was before: `say` counts what it wrote itself.
    var bytes = try #require(FileManager.default.contents(atPath: path))
    bytes[bytes.count - 1] = UInt8(ascii: "x")
    let file = try #require(FileHandle(forUpdatingAtPath: path))
    try file.write(contentsOf: bytes)
    try file.close()
    let second = try #require(CallRecord(Self.invite()))
    book.put(second)
    let text = String(
      decoding: try #require(FileManager.default.contents(atPath: path)), as: UTF8.self)
    #expect(text.split(separator: "\n").count == 2)
    book.leave()
  }

  /// Two lines whose processes have the same number, as in two containers that share a home.
  @Test func twoBooksOfOneProcessNumberDoNotMeet() throws {
    let folder = try TestFolder()
    let one = DialogBook(account: "one", folders: [folder.url.path])
    let two = DialogBook(account: "one", folders: [folder.url.path])
    one.put(Self.talking)
    two.put(try #require(CallRecord(Self.invite())))
    #expect(Self.files(folder).count == 2)
    two.leave()
    one.put(Self.talking)
    #expect(Self.files(folder).count == 1)
    #expect(DialogBook(account: "one", folders: [folder.url.path]).takeOrphans().isEmpty)
  }

  /// A file whose writer has not locked it yet may be taken away under it: then it writes another.
  @Test func whoLooksForOrphansTakesNothingFromWhoBegins() async throws {
    let folder = try TestFolder()
    let path = folder.url.path
    let isOver = Mutexed(false)
    let looking = Task.detached {
      var found = 0
      while !isOver.with({ $0 }) {
        found += DialogBook(account: "one", folders: [path]).takeOrphans().count
      }
      return found
    }
    for _ in 1...300 {
      let book = DialogBook(account: "one", folders: [path])
      book.put(Self.talking)
      // One that was taken from it may be just about to go.
      try await eventually("one file") { Self.files(folder).count == 1 }
      book.remove(Self.talking)
    }
    isOver.with { $0 = true }
    #expect(await looking.value == 0)
  }

  /// Lines of other accounts look at every file of the folder, at any moment.
  @Test func whoLooksKeepsNobodyFromHisOrphans() async throws {
    let folder = try TestFolder()
    let path = folder.url.path
    let isOver = Mutexed(false)
    let looking = Task.detached {
      while !isOver.with({ $0 }) {
        _ = DialogBook(account: "two", folders: [path]).takeOrphans()
      }
    }
    for _ in 1...300 {
      // At once, as a line's death leaves it.
      rename(
        try folder.write("new", Self.file([Self.talking.json])), folder.path("calls-1.json"))
      let left = DialogBook(account: "one", folders: [path]).takeOrphans()
      #expect(left.count == 1)
      left.first?.settle(Self.talking, as: nil)
    }
    isOver.with { $0 = true }
    await looking.value
  }

  @Test func aTornWriteTakesNothingBack() throws {
    let folder = try TestFolder()
    let whole = Self.file([Self.talking.json]) + "\n"
    let next = Self.file([Self.talking.json, Self.invite()])
    _ = try folder.write("calls-1.json", whole + next.prefix(next.count / 2))
    let left = DialogBook(account: "one", folders: [folder.url.path]).takeOrphans()
    #expect(left.flatMap(\.calls) == [Self.talking])
  }

  @Test func aCallThatLastedForHoursIsStillEnded() throws {
    let folder = try TestFolder()
    let path = try folder.write("calls-1.json", Self.file([Self.talking.json]))
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -5 * 3600)], ofItemAtPath: path)
    let left = DialogBook(account: "one", folders: [folder.url.path]).takeOrphans()
    #expect(left.flatMap(\.calls) == [Self.talking])
  }

  @Test func manyChangesOfALongCallKeepTheFileSmallAndTrue() throws {
    let folder = try TestFolder()
    let book = DialogBook(account: "one", folders: [folder.url.path])
    for _ in 1...2000 { book.put(Self.talking) }
    let name = try #require(Self.files(folder).first)
    #expect(Self.files(folder).count == 1)
    #expect(folder.read(name).utf8.count <= CallFile.longest / 2)
    #expect(DialogBook(account: "one", folders: [folder.url.path]).takeOrphans().isEmpty)
  }

  @Test func whatWasNotConfirmedOutlivesTheLine() throws {
    let folder = try TestFolder()
    let book = DialogBook(account: "one", folders: [folder.url.path])
    book.put(Self.talking)
    book.end(Self.talking)
    #expect(!book.isSettled)
    book.leave()
    let left = DialogBook(account: "one", folders: [folder.url.path]).takeOrphans()
    #expect(left.flatMap(\.calls) == [Self.talking])
    // And what nobody answers outlives the next one, too; answered, it is gone.
    #expect(Self.files(folder).count == 1)
    left.first?.settle(Self.talking, as: nil)
    #expect(Self.files(folder).isEmpty)
  }

  @Test func aFIFOInTheFolderStopsNobody() throws {
    let folder = try TestFolder()
    mkfifo(folder.path("calls-1.json"), 0o600)
    let left = DialogBook(account: "one", folders: [folder.url.path]).takeOrphans()
    #expect(left.isEmpty)
  }

  @Test func whatACallBecomesTakesThePlaceOfWhatItWas() throws {
    let folder = try TestFolder()
    let book = DialogBook(account: "one", folders: [folder.url.path])
    let first = try #require(CallRecord(Self.invite()))
    let second = try #require(
      CallRecord(Self.invite("ours", [("callID", "another-that-is-longer")])))
    func written() throws -> [CallRecord] {
      let text = Self.files(folder).first.map { folder.read($0) } ?? ""
      let newest = text.split(separator: "\n").last ?? ""
      guard case .array(let list)? = try JSONReader.read(Array(newest.utf8))["calls"] else {
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
      DialogBook(account: account, folders: [folder.url.path])
    }
    #expect(book("two").takeOrphans().isEmpty)
    let orphans = try #require(book("one").takeOrphans().first)
    #expect(orphans.calls == [Self.talking, CallRecord(Self.invite())])
    #expect(orphans.port == 5070)
    #expect(book("one").takeOrphans().isEmpty)
  }

  /// A wall clock that was set makes no call old; a file of before the last start has nothing better.
  @Test(arguments: [(true, 8, true), (false, 8, false), (false, 6, true), (true, -300, true)])
  func howOldACallIsIsCountedByTheMachine(_ isOfThisStart: Bool, _ days: Int, _ isTaken: Bool)
    throws
  {
    let folder = try TestFolder()
    var content = DialogBook.content([Self.talking], account: "one", port: nil, pin: nil)
    if !isOfThisStart, case .object(var object) = content {
      object["boot"] = "another"
      content = .object(object)
    }
    let path = try folder.write(
      "calls-1.json", String(decoding: JSONWriter.write(content), as: UTF8.self) + "\n")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -86_400 * Double(days))], ofItemAtPath: path)
    let left = DialogBook(account: "one", folders: [folder.url.path]).takeOrphans()
    #expect((left.flatMap(\.calls) == [Self.talking]) == isTaken)
    #expect(FileManager.default.fileExists(atPath: path) == isTaken)
  }

  /// The machine itself has been up for longer since: then it is old.
  @Test func whatIsOldByTheMachinesClockIsOld() throws {
    let folder = try TestFolder()
    guard
      case .object(var object) = DialogBook.content(
        [Self.talking], account: "one", port: nil, pin: nil)
    else { return }
    object["uptime"] = .int(Int64(Boot.seconds - Orphans.longestWait - 1))
    _ = try folder.write(
      "calls-1.json", String(decoding: JSONWriter.write(.object(object)), as: UTF8.self) + "\n")
    #expect(DialogBook(account: "one", folders: [folder.url.path]).takeOrphans().isEmpty)
    #expect(Self.files(folder).isEmpty)
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
