// The log and the record: who writes, and how much.

import CCCore
import CCLine
import CCTestSupport
import Foundation
import Testing

@testable import CCTerm

@MainActor @Suite struct FileBoundTests {
  private let now = Instant(uptime: 0, unix: 0)

  /// Two programs that write one log, each of which begins a new one when it is full.
  @Test func noLineGoesIntoALogThatIsGone() throws {
    let folder = try TestFolder()
    let limit = 4000
    let one = LogFile(folder: folder.url.path, limit: limit)
    let two = LogFile(folder: folder.url.path, limit: limit)
    var written: [String] = []
    for number in 0..<60 {
      let line = SafeText("line \(number) " + String(repeating: "x", count: 30))
      (number.isMultiple(of: 3) ? one : two).add("desk", line, at: now)
      written.append("line \(number) ")
    }
    let kept = folder.read("log.old") + folder.read("log")
    for line in written { #expect(kept.contains(line), "\(line)") }
    // And many more: two files, each hardly longer than the limit.
    for number in 0..<1000 { (number.isMultiple(of: 2) ? one : two).add("desk", "more", at: now) }
    one.add("desk", "the last of one", at: now)
    two.add("desk", "the last of two", at: now)
    let last = folder.read("log.old") + folder.read("log")
    #expect(last.contains("the last of one") && last.contains("the last of two"))
    #expect(last.utf8.count <= 2 * (limit + 200))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(Set(names) == ["log", "log.old"])
  }

  @Test func aLogThatSomebodyTookAwayIsBegunAnew() throws {
    let folder = try TestFolder()
    let log = LogFile(folder: folder.url.path)
    log.add("desk", "before", at: now)
    try FileManager.default.removeItem(atPath: folder.path("log"))
    log.add("desk", "after", at: now)
    #expect(folder.read("log").contains("after"))
  }

  @Test func aRecordHasABoundAndSaysSo() throws {
    let folder = try TestFolder()
    let record = try RecordFile(path: folder.path("record"), limit: 2000, at: 0)
    for _ in 0..<100 { record.write(LineEvent.seat(.idle), at: 0) }
    record.flush()
    let trouble = try #require(record.takeTrouble())
    #expect(trouble.contains("nothing more is recorded"))
    let text = folder.read("record")
    #expect(text.utf8.count <= 2000 && text.hasSuffix("\n") && text.utf8.count > 1800)
    #expect(record.takeTrouble() == nil)
  }
}
