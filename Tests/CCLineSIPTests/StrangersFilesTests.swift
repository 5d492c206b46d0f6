// Files of calls that lines of other accounts left: a line that starts does not pay for them.

import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct StrangersFilesTests {
  private static let call = CallRecord.talking(
    DialogRecord(
      callID: "c", local: "<sip:a@b>;tag=1", remote: "<sip:c@d>;tag=2", target: "sip:c@192.0.2.1",
      routes: [], sequence: 7))

  private static func text(_ account: String, boot: String? = nil) -> String {
    var object = JSONObject([
      .init(name: "account", value: .string(account)), .init(name: "port", value: .int(0)),
      .init(name: "calls", value: .array([call.json])),
    ])
    if let boot {
      object["boot"] = .string(boot)
      object["uptime"] = .int(Int64(Boot.seconds))
    }
    return String(decoding: JSONWriter.write(.object(object)), as: UTF8.self) + "\n"
  }

  /// The names in a folder that were opened meanwhile.
  private func opened(in folder: TestFolder, _ body: () throws -> Void) throws -> Set<String> {
    let watch = inotify_init1(Int32(IN_NONBLOCK))
    defer { close(watch) }
    try #require(inotify_add_watch(watch, folder.url.path, UInt32(IN_OPEN)) >= 0)
    try body()
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = max(0, read(watch, &bytes, bytes.count))
    var names: Set<String> = []
    var place = 0
    // Watch, mask, cookie, the length of the name, the name.
    while place + 16 <= count {
      let length = (0..<4).reduce(0) { $0 | Int(bytes[place + 12 + $1]) << (8 * $1) }
      let name = bytes[(place + 16)..<(place + 16 + length)].prefix { $0 != 0 }
      names.insert(String(decoding: name, as: UTF8.self))
      place += 16 + length
    }
    return names.subtracting([""])
  }

  private func age(_ path: String, days: Double) throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -86_400 * days)], ofItemAtPath: path)
  }

  @Test func filesOfOthersAreNotOpened() throws {
    let folder = try TestFolder()
    let (ours, theirs) = (CallFile.mark(of: "one"), CallFile.mark(of: "two"))
    for count in 1...500 {
      _ = try folder.write("calls-\(theirs)-\(count).json", Self.text("two"))
    }
    _ = try folder.write("calls-\(ours)-1.json", Self.text("one"))
    var left: [Orphans] = []
    let names = try opened(in: folder) {
      left = DialogBook(account: "one", folders: [folder.url.path]).takeOrphans()
    }
    #expect(names == ["calls-\(ours)-1.json"])
    #expect(left.flatMap(\.calls) == [Self.call])
  }

  /// What lines before this one wrote, and what another account with our mark did: the file says whose it is.
  @Test func theFileSaysWhoseItIs() throws {
    let folder = try TestFolder()
    let ours = CallFile.mark(of: "one")
    for (name, account) in [
      ("calls-1.json", "one"), ("calls-0123456789abcdef0123456789abcdef.json", "one"),
      ("calls-2.json", "two"), ("calls-\(ours)-2.json", "two"),
    ] {
      _ = try folder.write(name, Self.text(account))
    }
    let left = DialogBook(account: "one", folders: [folder.url.path]).takeOrphans()
    #expect(left.count == 2)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(names.count == 4)
  }

  /// Nobody waits for what is older than the longest wait, whosever it is; a wall clock that was set makes
  /// nothing older.
  @Test func whatIsForgottenGoes() throws {
    let folder = try TestFolder()
    let theirs = CallFile.mark(of: "two")
    let old = try folder.write("calls-\(theirs)-1.json", Self.text("two"))
    let young = try folder.write("calls-\(theirs)-2.json", Self.text("two"))
    let ofThisStart = try folder.write("calls-\(theirs)-3.json", Self.text("two", boot: Boot.id))
    try age(old, days: 8)
    try age(young, days: 6)
    try age(ofThisStart, days: 8)
    #expect(DialogBook(account: "one", folders: [folder.url.path]).takeOrphans().isEmpty)
    #expect(!FileManager.default.fileExists(atPath: old))
    #expect(FileManager.default.fileExists(atPath: young))
    #expect(FileManager.default.fileExists(atPath: ofThisStart))
  }

  /// A file of ours has our mark, and is found by it.
  @Test func whatIsWrittenIsFound() throws {
    let folder = try TestFolder()
    let book = DialogBook(account: "one", folders: [folder.url.path])
    book.put(Self.call)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(names.count == 1 && names[0].hasPrefix("calls-\(CallFile.mark(of: "one"))-"))
    #expect(
      CallFile.isAnothers(names[0], than: "two") && !CallFile.isAnothers(names[0], than: "one"))
    book.end(Self.call)
    book.leave()
    #expect(
      DialogBook(account: "one", folders: [folder.url.path]).takeOrphans().flatMap(\.calls)
        == [Self.call])
  }
}
