// What dies, hangs or leaves: noticed, named, and nothing left behind.

import CCCore
import CCJSON
import CCLine
import CCTestSupport
import Foundation
import Testing

@Suite("The end of a browser") struct EndTests {
  private func onCall(_ wish: String = #"{"stay":true}"#) async throws -> SDKUnderTest {
    let line = try SDKUnderTest()
    try await line.signIn(wish)
    line.send(.callPhone(id: 2, phone: "13212345678", info: ""))
    #expect(try await line.calls(until: .talking).last?.status == .talking)
    return line
  }

  /// The children of a process, and theirs.
  private func tree(_ pid: Int32) -> [Int32] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    let parents = entries.compactMap { Int32($0) }.compactMap { child -> (Int32, Int32)? in
      guard let text = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8),
        let end = text.lastIndex(of: ")")
      else { return nil }
      let fields = text[text.index(after: end)...].split(separator: " ")
      return fields.count > 1 ? Int32(fields[1]).map { (child, $0) } : nil
    }
    var found = [pid]
    var index = 0
    while index < found.count {
      found += parents.filter { $0.1 == found[index] }.map(\.0)
      index += 1
    }
    return found
  }

  private func hasWords(_ pid: Int32, _ words: String) -> Bool {
    let line = (try? Data(contentsOf: URL(filePath: "/proc/\(pid)/cmdline"))) ?? Data()
    return String(decoding: line, as: UTF8.self).contains(words)
  }

  @Test("kill -9 of the browser in a call ends the line, with a sentence") func killed()
    async throws
  {
    let line = try await onCall()
    let browser = try #require(line.browser)
    kill(browser, SIGKILL)
    #expect(try await line.ended(within: 5) == LineExit.again)
    #expect(line.complaints.contains("The browser was killed"))
    #expect(line.profile == nil)
  }

  @Test("kill -9 of the page's process is told as its crash") func rendererKilled() async throws {
    let line = try await onCall()
    let browser = try #require(line.browser)
    // Each page has a process; ours is the one that is not the browser's own.
    for pid in tree(browser)
    where hasWords(pid, "--type=renderer") && !hasWords(pid, "--extension-process") {
      kill(pid, SIGKILL)
    }
    #expect(try await line.ended(within: 5) == LineExit.again)
    #expect(line.complaints.contains("The SDK's page crashed"))
    try await eventually("no browser left") { tree(browser).filter(Processes.runs).isEmpty }
  }

  @Test("a browser that hangs is noticed, named and killed") func hangs() async throws {
    let line = try SDKUnderTest()
    try await line.signIn()
    let browser = try #require(line.browser)
    kill(browser, SIGSTOP)
    #expect(try await line.ended(within: 20) == LineExit.again)
    #expect(line.complaints.contains("The browser hangs"))
    #expect(!Processes.runs(browser))
  }

  @Test("a page in an endless loop is noticed and named") func loops() async throws {
    let line = try SDKUnderTest()
    try await line.signIn(#"{"fail":"loop","stay":true}"#)
    line.send(.callPhone(id: 2, phone: "13212345678", info: ""))
    #expect(try await line.ended(within: 20) == LineExit.again)
    #expect(line.complaints.contains("The SDK's page hangs"))
  }

  @Test("a page that goes elsewhere is brought back") func leaves() async throws {
    let line = try SDKUnderTest()
    try await line.signIn(#"{"fail":"leave"}"#)
    line.send(.callPhone(id: 2, phone: "13212345678", info: ""))
    #expect(try await line.trouble().reason.contains("went to another address"))
    try await line.wait("registered again") { if case .registered = $0 { true } else { nil } }
    #expect(try await line.quit() == 0)
  }

  @Test("kill -9 of the line takes the browser with it, and the next one tidies up")
  func lineKilled() async throws {
    let line = try await onCall()
    let browser = try #require(line.browser)
    let family = tree(browser)
    #expect(family.count > 3)
    let profile = try #require(line.profile)
    kill(line.pid, SIGKILL)
    _ = try await line.ended()
    try await eventually("the browser is gone") { family.filter(Processes.runs).isEmpty }
    #expect(FileManager.default.fileExists(atPath: profile), "nobody was left to remove it")
    let next = try SDKUnderTest(environment: ["XDG_RUNTIME_DIR=\(line.folder.url.path)"])
    try await next.signIn()
    #expect(!FileManager.default.fileExists(atPath: profile))
    #expect(try await next.quit() == 0)
  }

  private func entries(_ path: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
  }

  @Test("the browser's temporary files lie in its profile, and go with it") func temporary()
    async throws
  {
    let elsewhere = try TestFolder()
    let line = try SDKUnderTest(environment: ["TMPDIR=\(elsewhere.url.path)"])
    try await line.signIn()
    let profile = try #require(line.profile)
    let browser = try #require(line.browser)
    let family = tree(browser)
    let environment = (try? Data(contentsOf: URL(filePath: "/proc/\(browser)/environ"))) ?? Data()
    let settings = environment.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    #expect(settings.filter { $0.hasPrefix("TMPDIR=") } == ["TMPDIR=\(profile)/t"])
    #expect(settings.contains("HOME=\(line.folder.url.path)"), "the rest is as it was")
    // Its socket is there, in the place that is its own.
    #expect(!entries("\(profile)/t").isEmpty && entries(elsewhere.url.path).isEmpty)
    kill(line.pid, SIGKILL)
    _ = try await line.ended()
    // Its browser dies of it, and writes until then.
    try await eventually("the browser is gone") { family.filter(Processes.runs).isEmpty }
    #expect(entries(elsewhere.url.path).isEmpty)
    let next = try SDKUnderTest(
      environment: ["XDG_RUNTIME_DIR=\(line.folder.url.path)", "TMPDIR=\(elsewhere.url.path)"])
    try await next.signIn()
    #expect(!FileManager.default.fileExists(atPath: profile))
    #expect(try await next.quit() == 0)
    #expect(entries(elsewhere.url.path).isEmpty)
  }

  @Test("what dead lines left goes, what a living one has stays") func successor() async throws {
    let living = try SDKUnderTest()
    try await living.signIn()
    let profile = try #require(living.profile)
    let browser = try #require(living.browser)
    // Of a line whose number is another process's by now, and one that is nobody's.
    for name in ["ccterm-sdk-1-AAAAAA", "ccterm-sdk-999999999-BBBBBB"] {
      mkdir(living.folder.path(name), 0o700)
      _ = try living.folder.write("\(name)/x", "x")
    }
    // What is not a folder of ours is left alone.
    _ = try living.folder.write("ccterm-sdk-file", "x")
    symlink(living.folder.url.path, living.folder.path("ccterm-sdk-link"))
    let run = try TestChild(
      "/usr/bin/env",
      [
        "XDG_RUNTIME_DIR=\(living.folder.url.path)", Products.path("ccterm-line-sdk"),
        "--end-orphans",
      ],
      in: living.folder.url.path)
    #expect(try await run.ended(within: 20) == 0)
    let left = entries(living.folder.url.path).filter { $0.hasPrefix("ccterm-sdk-") }
    #expect(
      left.sorted()
        == [(profile as NSString).lastPathComponent, "ccterm-sdk-file", "ccterm-sdk-link"].sorted())
    #expect(Processes.runs(browser))
    #expect(try await living.quit() == 0)
  }

  /// A folder whose path is too long for the browser's socket is none for its profile.
  @Test func aLongPathIsNotTaken() async throws {
    let folder = try TestFolder()
    let long = folder.path(String(repeating: "l", count: 60))
    mkdir(long, 0o700)
    let line = try SDKUnderTest(environment: [
      "XDG_RUNTIME_DIR=\(long)", "TMPDIR=\(folder.url.path)",
    ])
    try await line.signIn()
    #expect(!entries(long).contains { $0.hasPrefix("ccterm-sdk-") })
    #expect(entries(folder.url.path).contains { $0.hasPrefix("ccterm-sdk-") })
    #expect(try await line.quit() == 0)
  }

  @Test("the token is nowhere: arguments, environment, profile, logs, and no port is open")
  func secrets() async throws {
    let line = try await onCall(#"{"stay":true,"rtc":true}"#)
    let browser = try #require(line.browser)
    let marks = ["SDNVerRWZp77", "0ecc5e73-4252-42f6-8bf1-3a2d0bf7ea98"].map { Data($0.utf8) }
    for pid in [line.pid] + tree(browser) {
      for file in ["cmdline", "environ"] {
        let data = (try? Data(contentsOf: URL(filePath: "/proc/\(pid)/\(file)"))) ?? Data()
        for mark in marks { #expect(data.range(of: mark) == nil, "\(pid) \(file)") }
      }
    }
    let profile = try #require(line.profile)
    #expect(
      try FileManager.default.attributesOfItem(atPath: profile)[.posixPermissions] as? Int == 0o700)
    let files = FileManager.default.enumerator(atPath: profile)?.compactMap { $0 as? String } ?? []
    #expect(files.count > 10)
    for file in files {
      let data = (try? Data(contentsOf: URL(filePath: profile + "/" + file))) ?? Data()
      for mark in marks { #expect(data.range(of: mark) == nil, "\(file)") }
    }
    #expect(listening(tree(browser) + [line.pid]).isEmpty)
    #expect(try await line.quit() == 0)
    for event in line.seen { #expect(!"\(event)".contains("SDNVerRWZp77")) }
    #expect(!line.complaints.contains("SDNVerRWZp77"))
  }

  @Test("a token that the SDK itself prints is blackened") func printedToken() async throws {
    let line = try SDKUnderTest()
    line.register(try line.configuration(#"{"fail":"crashLog"}"#))
    let reason = try await line.trouble().reason
    #expect(reason.contains("no seat for (set)"))
    #expect(try await line.quit() == 0)
    for event in line.seen { #expect(!"\(event)".contains("SDNVerRWZp77")) }
  }

  /// The TCP ports on which these processes listen.
  private func listening(_ pids: [Int32]) -> [String] {
    var sockets: Set<String> = []
    for pid in pids {
      let folder = "/proc/\(pid)/fd"
      for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
        if let link = try? FileManager.default.destinationOfSymbolicLink(
          atPath: "\(folder)/\(name)"),
          link.hasPrefix("socket:[")
        {
          sockets.insert(String(link.dropFirst(8).dropLast()))
        }
      }
    }
    return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { table -> [String] in
      let rows = (try? String(contentsOfFile: table, encoding: .utf8))?.split(separator: "\n") ?? []
      return rows.compactMap { row in
        let fields = row.split(separator: " ")
        guard fields.count > 9, fields[3] == "0A", sockets.contains(String(fields[9])) else {
          return nil
        }
        return String(fields[1])
      }
    }
  }
}
