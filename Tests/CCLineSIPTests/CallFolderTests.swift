// A folder that cannot be used for the calls' files is mended, or told.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct CallFolderTests {
  /// What stands where the folder should be.
  enum Place: String, CaseIterable {
    case nothing, open, shut, link, deadLink, file, fifo, aboveIsFile

    var isUsable: Bool { [.nothing, .open, .shut].contains(self) }

    /// The words of the trouble.
    var words: String {
      switch self {
      case .nothing, .open, .shut: ""
      case .link, .deadLink: "is a symbolic link"
      case .file, .fifo: "is no folder"
      case .aboveIsFile: "cannot be made: Not a directory"
      }
    }

    func make(in folder: TestFolder) throws -> String {
      let path = folder.path("ccterm/line-sip")
      let files = FileManager.default
      if self == .aboveIsFile {
        _ = try folder.write("ccterm", "")
        return path
      }
      try files.createDirectory(atPath: folder.path("ccterm"), withIntermediateDirectories: true)
      switch self {
      case .nothing, .aboveIsFile: break
      case .open, .shut:
        mkdir(path, 0o700)
        chmod(path, self == .open ? 0o777 : 0o700)
      case .link:
        mkdir(folder.path("elsewhere"), 0o700)
        symlink(folder.path("elsewhere"), path)
      case .deadLink: symlink(folder.path("nowhere"), path)
      case .file: _ = try folder.write("ccterm/line-sip", "")
      case .fifo: mkfifo(path, 0o600)
      }
      return path
    }
  }

  private static func mode(_ path: String) -> mode_t {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & 0o777 : 0
  }

  /// As the doctor asks.
  private func look(_ folder: TestFolder, run: String = "") async throws -> (
    code: Int32, out: String
  ) {
    let out = folder.path("out")
    let file = open(out, O_CREAT | O_TRUNC | O_WRONLY, 0o600)
    defer { close(file) }
    let child = try TestChild(
      "/usr/bin/env",
      ["XDG_STATE_HOME=\(folder.url.path)", "XDG_RUNTIME_DIR=\(run)"]
        + [Products.path("ccterm-line-sip"), "--calls"],
      in: folder.url.path, output: file)
    return (try await child.ended(within: 10), folder.read("out"))
  }

  @Test(arguments: Place.allCases)
  func isMendedOrNamed(_ place: Place) async throws {
    let folder = try TestFolder()
    let path = try place.make(in: folder)
    let (code, out) = try await look(folder)
    if place.isUsable {
      #expect(code == 0 && out == "\(path)\n" && Self.mode(path) == 0o700, "\(place): \(out)")
      // Nothing is left of the look.
      #expect(try FileManager.default.contentsOfDirectory(atPath: path).isEmpty)
    } else {
      #expect(code == 1 && out.contains(place.words), "\(place): \(out)")
      #expect(out.split(separator: "\n").count == 2, "\(place): \(out)")
    }
  }

  /// What is behind a link is not touched.
  @Test func aLinkChangesNothingElsewhere() async throws {
    let folder = try TestFolder()
    _ = try Place.link.make(in: folder)
    chmod(folder.path("elsewhere"), 0o755)
    _ = try await look(folder)
    #expect(Self.mode(folder.path("elsewhere")) == 0o755)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("elsewhere")).isEmpty)
  }

  @Test func theRunFolderLastsOnlyUntilLogout() async throws {
    let folder = try TestFolder()
    _ = try Place.file.make(in: folder)
    mkdir(folder.path("run"), 0o700)
    let line = try LineUnderTest(environment: [
      "XDG_STATE_HOME=\(folder.url.path)", "XDG_RUNTIME_DIR=\(folder.path("run"))",
    ])
    let kamailio = try await Kamailio()
    try await line.signIn(kamailio)
    let told = try await line.log("until you log out")
    #expect(
      told.string.contains("is no folder; mend: rm \(folder.path("ccterm/line-sip"))"), "\(told)")
    #expect(Self.mode(folder.path("run/ccterm/line-sip")) == 0o700)
  }

  private func warnings(_ line: LineUnderTest) -> [String] {
    line.seen.compactMap { event in
      if case .log(let level, let text) = event, level != .info, text.string.contains("calls are") {
        return "\(level.rawValue): \(text)"
      }
      return nil
    }
  }

  /// Told once when the line signs in, and taken back when it works again.
  @Test(arguments: Place.allCases)
  func theAgentIsToldWhenTheLineSignsIn(_ place: Place) async throws {
    let folder = try TestFolder()
    let path = try place.make(in: folder)
    let kamailio = try await Kamailio()
    let line = try LineUnderTest(environment: [
      "XDG_STATE_HOME=\(folder.url.path)", "XDG_RUNTIME_DIR=",
    ])
    try await line.signIn(kamailio)
    try await line.fence()
    if place.isUsable {
      #expect(warnings(line).isEmpty && Self.mode(path) == 0o700)
      return
    }
    #expect(warnings(line).count == 1, "\(warnings(line))")
    #expect(
      warnings(line).first.map {
        $0.hasPrefix("warning: calls are not written down: ")
          && $0.contains("\(place.words); mend: ")
      } == true, "\(warnings(line))")
    // The same again is no news.
    try await line.signIn(kamailio)
    try await line.fence()
    #expect(warnings(line).count == 1, "\(warnings(line))")
    try FileManager.default.removeItem(atPath: place == .aboveIsFile ? folder.path("ccterm") : path)
    try await line.signIn(kamailio)
    try await line.fence()
    #expect(warnings(line).last == "cleared: calls are written down again", "\(warnings(line))")
  }

  /// A disk that fills up in the middle, and has room again: here a limit on the line's files.
  @Test func aDiskThatFillsUpIsToldAndTakenBack() async throws {
    let folder = try TestFolder()
    let kamailio = try await Kamailio()
    let line = try LineUnderTest(environment: [
      "XDG_STATE_HOME=\(folder.url.path)", "XDG_RUNTIME_DIR=",
    ])
    try await line.signIn(kamailio)
    func call() async throws {
      let far = try await Sipp(Self.answered)
      line.dial("7\(far.port)")
      let id = try await line.call(.talking).call
      try await line.fence()
      line.send(.hangUp(id: 50, call: id))
      #expect(await far.finished() == 0)
      try await line.call(.ended)
      try await line.fence()
    }
    func limit(_ bytes: String) async throws {
      let run = try Peer("prlimit", ["--pid", "\(line.pid)", "--fsize=\(bytes)"], in: folder)
      #expect(await run.exitCode() == 0)
    }
    try await call()
    #expect(warnings(line).isEmpty)
    try await limit("0:unlimited")
    try await call()
    #expect(warnings(line).count == 1, "\(warnings(line))")
    #expect(warnings(line).first?.contains("cannot be written: File too large") == true)
    try await limit("unlimited")
    try await call()
    #expect(warnings(line).last == "cleared: calls are written down again", "\(warnings(line))")
  }

  private static let answered: [Sipp.Step] = [
    .receive("INVITE"), .answer(200, "OK", sound: .own), .receive("ACK"), .receive("BYE"),
    .reply(200, "OK"),
  ]

  private static let talking = CallRecord.talking(
    DialogRecord(
      callID: "c", local: "<sip:a@b>;tag=1", remote: "<sip:c@d>;tag=2", target: "sip:c@192.0.2.1",
      routes: [], sequence: 7))

  /// Somebody tidies up in the middle of a call: a file that nobody finds any more is none.
  @Test func aFileThatIsTakenAwayIsMadeAnew() throws {
    let folder = try TestFolder()
    let book = DialogBook(account: "one", folders: [folder.url.path])
    func files() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    }
    book.put(Self.talking)
    let first = try #require(try files().first)
    unlink(folder.path(first))
    book.put(Self.talking)
    #expect(try files().count == 1 && files() != [first])
    #expect(folder.read(try #require(try files().first)).contains("192.0.2.1"))
    book.leave()
  }

  @Test func whatBeginsToFailIsToldOnce() throws {
    let folder = try TestFolder()
    let path = folder.path("calls")
    mkdir(path, 0o700)
    let book = DialogBook(account: "one", folders: [path])
    var told: [String] = []
    book.told = { told.append("\($0.rawValue): \($1)") }
    book.put(Self.talking)
    #expect(told.isEmpty)
    try FileManager.default.removeItem(atPath: path)
    _ = try folder.write("calls", "")
    book.put(Self.talking)
    book.put(Self.talking)
    #expect(told.count == 1 && told.first?.contains("cannot be written: Not a directory") == true)
    unlink(path)
    mkdir(path, 0o700)
    book.put(Self.talking)
    #expect(told.count == 2 && told.last == "cleared: calls are written down again", "\(told)")
    book.leave()
  }

  /// Nobody else says whom this line is to hang up.
  @Test(.enabled(if: geteuid() == 0)) func anothersFileIsNotBelieved() throws {
    let folder = try TestFolder()
    let book = DialogBook(account: "one", folders: [folder.url.path])
    book.put(Self.talking)
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder.url.path).first)
    let text = folder.read(name)
    book.remove(Self.talking)
    let planted = try folder.write("calls-x.json", text)
    chown(planted, 65_534, 65_534)
    #expect(DialogBook(account: "one", folders: [folder.url.path]).takeOrphans().isEmpty)
    chown(planted, geteuid(), getegid())
    #expect(DialogBook(account: "one", folders: [folder.url.path]).takeOrphans().count == 1)
  }
}
