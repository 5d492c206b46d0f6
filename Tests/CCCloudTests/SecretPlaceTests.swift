// Where secrets and agents' files may lie, and what is no file at all.

import CCTestSupport
import Foundation
import Testing

@testable import CCCloudTool

@Suite struct SecretPlaceTests {
  private func settings(_ key: String, _ path: String) -> String {
    switch key {
    case "cloud.agentsFile":
      #"{"cloud":{"api":"http://127.0.0.1:9","key":"k","secret":"s","agentsFile":"\#(path)"}}"#
    case "token.secretFile":
      #"{"token":{"url":"http://127.0.0.1:9/","user":"li","secretFile":"\#(path)"}}"#
    default: #"{"cloud":{"api":"http://127.0.0.1:9","key":"k","secretFile":"\#(path)"}}"#
    }
  }

  private func ask(
    _ key: String, _ path: String, in folder: TestFolder
  ) async throws -> (code: Int32, errors: String) {
    let words =
      switch key {
      case "cloud.agentsFile": ["token-service", "list"]
      case "token.secretFile": ["token"]
      default: ["token", "--account", "a"]
      }
    let run = try CloudProgram(words, settings: settings(key, path), in: folder)
    return (try await run.child.ended(within: 20), run.errors)
  }

  private static let keys = ["cloud.agentsFile", "cloud.secretFile", "token.secretFile"]

  @Test(arguments: keys, [0o777, 0o770, 0o722])
  func aFolderThatOthersCanWriteIsRefused(_ key: String, _ mode: Int) async throws {
    let folder = try TestFolder()
    mkdir(folder.path("open"), 0o700)
    mkdir(folder.path("open/own"), 0o700)
    // Others may write by their group: one that is not ours.
    if mode == 0o770, geteuid() == 0 { chown(folder.path("open"), 0, 65_534) }
    let path = try folder.write("open/own/file", "")
    try Data("liwei:x:y\n".utf8).write(to: URL(filePath: path))
    chmod(path, 0o600)
    chmod(folder.path("open"), mode_t(mode))
    let refused = try await ask(key, path, in: folder)
    #expect(refused.code == 1)
    #expect(
      refused.errors.contains(
        "others can change \(folder.path("open")), and so what \(path) says; "
          + "mend it: chmod go-w \(folder.path("open"))"), "\(refused.errors)")
    // What is below a folder like /tmp is nobody's to take away.
    chmod(folder.path("open"), 0o1777)
    #expect(try await !ask(key, path, in: folder).errors.contains("others can change"))
    chmod(folder.path("open"), 0o700)
    #expect(try await !ask(key, path, in: folder).errors.contains("others can change"))
  }

  @Test(arguments: keys) func aLinkIsWhereItLeadsTo(_ key: String) async throws {
    let folder = try TestFolder()
    mkdir(folder.path("open"), 0o700)
    let path = try folder.write("open/file", "x")
    chmod(path, 0o600)
    chmod(folder.path("open"), 0o777)
    symlink(path, folder.path("link"))
    let refused = try await ask(key, folder.path("link"), in: folder)
    #expect(
      refused.errors.contains("others can change \(folder.path("open"))"), "\(refused.errors)")
    // A relative path is as good.
    let relative = try await ask(key, "open/file", in: folder)
    #expect(relative.errors.contains("others can change"), "\(relative.errors)")
  }

  @Test(arguments: keys, NoFile.allCases)
  func whatIsNoFileIsSaidAtOnce(_ key: String, _ kind: NoFile) async throws {
    let folder = try TestFolder()
    let path = kind.make(in: folder.url)
    if kind != .zero { chmod(path, 0o600) }
    let told = try await ask(key, path, in: folder)
    #expect(told.code == 1 && told.errors.contains("\(path) is no file."), "\(told.errors)")
  }

  @Test(arguments: NoFile.allCases) func theFeedsAuthority(_ kind: NoFile) async throws {
    let folder = try TestFolder()
    let path = kind.make(in: folder.url)
    let vendor = try await ScriptedServer(.init(200, "{}"))
    let broker = try BadServer(.hangs)
    defer { broker.stop() }
    let run = try CloudProgram(
      ["feed", "--to", "mqtts://127.0.0.1:\(broker.port)"],
      settings:
        #"{"cloud":{"api":"\#(vendor.base)","key":"k","secret":"s"},"bus":{"caFile":"\#(path)"}}"#,
      in: folder)
    try await eventually("it is named", within: 20) { run.errors.contains("is no file") }
    await run.child.stop()
    await vendor.stop()
  }

  // MARK: Changing the list

  private func add(_ path: String, in folder: TestFolder) async throws -> (
    code: Int32, errors: String
  ) {
    let run = try CloudProgram(
      ["token-service", "add", "li", "--seat", "s1", "--agents", path, "--generate"], in: folder)
    return (try await run.child.ended(within: 20), run.errors)
  }

  @Test(arguments: NoFile.allCases) func whatLiesBesideTheList(_ kind: NoFile) async throws {
    guard kind != .zero else { return }
    for tail in ["lock", "new"] {
      let folder = try TestFolder()
      let path = folder.path("agents")
      rename(kind.make(in: folder.url), "\(path).\(tail)")
      let told = try await add(path, in: folder)
      if tail == "new", kind != .folder {
        // A draft is whoever's it was before: it is made anew.
        #expect(told.code == 0, "\(told.errors)")
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
      } else {
        #expect(told.code == 1 && told.errors.contains("\(path).\(tail)"), "\(told.errors)")
      }
    }
  }

  /// A draft that others could read was left behind: the secrets do not go into it.
  @Test func anOldDraftIsNotWrittenInto() async throws {
    let folder = try TestFolder()
    let path = folder.path("agents")
    chmod(try folder.write("agents.new", "old"), 0o666)
    #expect(try await add(path, in: folder).code == 0)
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
  }

  @Test func aNewListGoesIntoAFolderOfOnesOwn() async throws {
    let folder = try TestFolder()
    mkdir(folder.path("open"), 0o700)
    chmod(folder.path("open"), 0o777)
    let told = try await add(folder.path("open/agents"), in: folder)
    #expect(told.code == 1 && told.errors.contains("others can change"), "\(told.errors)")
  }

  /// Somebody holds the lock for ever: the reason is told.
  @Test func aLockThatIsHeldIsNotWaitedForForEver() async throws {
    let folder = try TestFolder()
    let path = folder.path("agents")
    let lock = open("\(path).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    defer { close(lock) }
    #expect(flock(lock, LOCK_EX) == 0)
    let told = try await add(path, in: folder)
    #expect(told.code == 1 && told.errors.contains("is being changed by another program"))
  }

  /// Root looks after what is the service's user's.
  @Test(.enabled(if: geteuid() == 0)) func rootMayChangeTheServicesList() async throws {
    let folder = try TestFolder()
    mkdir(folder.path("service"), 0o700)
    chown(folder.path("service"), 65_534, 65_534)
    #expect(try await add(folder.path("service/agents"), in: folder).code == 0)
    var status = stat()
    #expect(stat(folder.path("service/agents"), &status) == 0 && status.st_uid == 65_534)
    #expect(try await add(folder.path("service/agents"), in: folder).code == 0)
  }
}
