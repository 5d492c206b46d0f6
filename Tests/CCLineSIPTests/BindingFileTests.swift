// What a line leaves of its place at the registrar, and what the next one makes of it.

import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct BindingFileTests {
  private static let old = "sip:1001@127.0.0.1:40001;transport=tcp"
  private static let new = "sip:1001@127.0.0.1:40002;transport=tcp"

  private static let identity = BindingFile.Identity(callID: "abc", sequence: 7)

  private func names(_ folder: TestFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
  }

  private func file(_ folder: TestFolder, _ account: String = "one") -> BindingFile {
    BindingFile(account: account, folders: [folder.url.path])
  }

  /// A line that finds what a dead one left: a child that another test is just starting may hold the file for
  /// a moment.
  private func finds(_ folder: TestFolder) async throws -> BindingFile {
    let next = file(folder)
    try await eventually("a dead line's place") {
      next.find()
      return next.stale != nil
    }
    return next
  }

  /// A line that died in this folder.
  private func dies(_ folder: TestFolder, _ contact: String = old, for seconds: Int = 600) {
    file(folder).stands(contact, for: seconds, as: Self.identity)
  }

  @Test func itHasTheMarkOfItsAccountAndIsForItsUserAlone() throws {
    let folder = try TestFolder()
    let mine = file(folder)
    mine.stands(Self.old, for: 600, as: Self.identity)
    let name = try #require(try names(folder).first)
    #expect(name.hasPrefix("binding-\(CallFile.mark(of: "one"))-") && name.hasSuffix(".json"))
    let mode = try FileManager.default.attributesOfItem(atPath: folder.path(name))[
      .posixPermissions]
    #expect(mode as? Int == 0o600)
    // Refreshed, it is one line more; ended, it is gone.
    mine.stands(Self.old, for: 600, as: Self.identity)
    #expect(try names(folder) == [name])
    mine.ended()
    #expect(try names(folder).isEmpty)
  }

  @Test func aLivingLinesPlaceIsLeftAlone() throws {
    let folder = try TestFolder()
    let mine = file(folder)
    mine.stands(Self.old, for: 600, as: Self.identity)
    let other = file(folder)
    other.find()
    #expect(other.stale == nil && other.port == nil)
    #expect(try names(folder).count == 1)
    #expect(mine.contact == Self.old)
  }

  @Test func anotherAccountsPlaceIsLeftAlone() throws {
    let folder = try TestFolder()
    dies(folder)
    let other = file(folder, "two")
    other.find()
    #expect(other.stale == nil)
    #expect(try names(folder).count == 1)
  }

  @Test func whatIsTakenBackGoesWhenItIs() async throws {
    let folder = try TestFolder()
    dies(folder)
    do {
      let next = try await finds(folder)
      #expect(next.stale == Self.old && next.port == 40_001)
      next.wants(Self.new)
      #expect(next.stale == Self.old)
      // It dies before that is done: the one after it finds the same.
    }
    let last = try await finds(folder)
    last.wants(Self.new)
    #expect(last.stale == Self.old)
    last.tookBack()
    #expect(last.stale == nil)
    #expect(try names(folder).isEmpty)
  }

  /// Its Call-ID goes on, and its numbers begin beyond those that a dead line may have used.
  @Test func theRegistrationIsGoneOnWith() async throws {
    let folder = try TestFolder()
    dies(folder)
    #expect(file(folder).past == nil)
    let next = try await finds(folder)
    #expect(next.past == .init(callID: "abc", sequence: 10_007))
    // Ours, where the agent signs in once more.
    next.wants(Self.old)
    next.stands(Self.old, for: 600, as: .init(callID: "def", sequence: 1))
    #expect(next.past == .init(callID: "def", sequence: 10_001))
    next.ended()
    #expect(next.past == nil)
    for end in [.max, 2_147_483_647] as [UInt32] {
      let folder = try TestFolder()
      file(folder).stands(Self.old, for: 600, as: .init(callID: "abc", sequence: end))
      let next = try await finds(folder)
      #expect(next.past == nil && next.stale == Self.old)
    }
  }

  @Test func theSameContactIsInherited() async throws {
    let folder = try TestFolder()
    dies(folder)
    let next = try await finds(folder)
    next.wants(Self.old)
    #expect(next.stale == nil)
    #expect(try names(folder).count == 1)
    next.stands(Self.old, for: 600, as: Self.identity)
    #expect(try names(folder).count == 1)
    next.ended()
    #expect(try names(folder).isEmpty)
  }

  /// The address of the machine changed: our own old contact is to be taken back.
  @Test func ourOwnOldContactIsTakenBack() throws {
    let folder = try TestFolder()
    let mine = file(folder)
    mine.stands(Self.old, for: 600, as: Self.identity)
    mine.wants(Self.new)
    #expect(mine.stale == Self.old)
    mine.tookBack()
    mine.stands(Self.new, for: 600, as: Self.identity)
    #expect(mine.stale == nil && mine.contact == Self.new)
    #expect(try names(folder).count == 1)
  }

  @Test(
    arguments: [
      "", "{}", "not JSON", #"{"account":"one","contact":"sip:1001@127.0.0.1:1","seconds":"x"}"#,
      #"{"account":"one","contact":"no address","seconds":600}"#,
      #"{"account":"one","contact":"sip:1001@127.0.0.1:1","seconds":0}"#,
    ])
  func whatCannotBeReadOrHasRunOutGoes(_ text: String) async throws {
    let folder = try TestFolder()
    _ = try folder.write("binding-\(CallFile.mark(of: "one"))-1.json", text + "\n")
    let next = file(folder)
    try await eventually("it to go") {
      next.find()
      return try self.names(folder).isEmpty
    }
    #expect(next.stale == nil)
  }

  @Test func fewAreTakenBack() async throws {
    let folder = try TestFolder()
    for port in 1...20 { dies(folder, "sip:1001@127.0.0.1:\(port)") }
    let next = try await finds(folder)
    next.wants(Self.new)
    var count = 0
    while next.stale != nil {
      next.tookBack()
      count += 1
    }
    #expect(count == BindingFile.most)
    #expect(try names(folder).count == 20 - BindingFile.most)
  }
}
