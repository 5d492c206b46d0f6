// Who may speak to a line, and how many.

import CCCore
import CCJSON
import CCTestSupport
import CLibre
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct StrangersTests {
  private func address(_ text: String) -> sa {
    var address = sa()
    _ = sa_set_str(&address, text, 0)
    return address
  }

  @Test func addressesAndNetworks() throws {
    var sources = TrustedSources()
    sources.add(address("192.0.2.1"))
    sources.add(try #require(TrustedSources.Network("10.0.0.0/8")))
    sources.add(try #require(TrustedSources.Network("192.168.7.128/25")))
    sources.add(try #require(TrustedSources.Network("2001:db8::/33")))
    for inside in [
      "192.0.2.1", "10.255.1.2", "192.168.7.200", "2001:db8:7fff::1", "::ffff:10.1.1.1",
    ] {
      #expect(sources.contains(address(inside)), "\(inside)")
    }
    for outside in ["192.0.2.2", "11.0.0.1", "192.168.7.127", "2001:db8:8000::1", "::1"] {
      #expect(!sources.contains(address(outside)), "\(outside)")
    }
    for wrong in [
      "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "host/8", "2001:db8::/129", "10.0.0.0",
    ] {
      #expect(TrustedSources.Network(wrong) == nil, "\(wrong)")
    }
  }

  // MARK: The door

  private final class Who {}

  @Test func theQuietestGoesForTheNext() {
    var door = Doorkeeper()
    let guests = (0..<Doorkeeper.mostOfOne).map { _ in Who() }
    for (index, guest) in guests.enumerated() {
      #expect(door.knock(address("10.0.0.1"), isTrusted: true, free: 200, at: 0) == .comesIn)
      door.enters(ObjectIdentifier(guest), address("10.0.0.1"), at: UInt64(index))
    }
    door.speaks(ObjectIdentifier(guests[0]), at: 100)
    #expect(
      door.knock(address("10.0.0.1"), isTrusted: true, free: 200, at: 200)
        == .replaces([ObjectIdentifier(guests[1])]))
    #expect(door.knock(address("10.0.0.2"), isTrusted: true, free: 200, at: 200) == .comesIn)
    #expect(door.knock(address("10.0.0.3"), isTrusted: false, free: 200, at: 200) == .staysOut)
    // Who never spoke goes after ten seconds, who did after five minutes.
    #expect(door.silent(at: 10_001) == [ObjectIdentifier(guests[1])])
    #expect(door.silent(at: 10_100).count == guests.count - 1)
    #expect(door.silent(at: 300_100).count == guests.count)
    #expect(door.wakes == 10_001)
  }

  @Test func itRestsWhereDescriptorsAreShortAndInAFlood() {
    var door = Doorkeeper()
    #expect(
      door.knock(address("10.0.0.1"), isTrusted: true, free: Doorkeeper.reserve - 1, at: 0)
        == .rests(2_000))
    for _ in 1..<Doorkeeper.mostKnocks {
      _ = door.knock(address("10.0.0.9"), isTrusted: false, free: 200, at: 500)
    }
    #expect(door.knock(address("10.0.0.1"), isTrusted: true, free: 200, at: 999) == .rests(1_000))
    #expect(door.knock(address("10.0.0.1"), isTrusted: true, free: 200, at: 1_000) == .comesIn)
  }

  // MARK: A line

  /// A connection from 127.0.0.HOST to a port; -1: refused.
  private func connection(to port: UInt16, from host: UInt8) -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard Ports.withLoopback(0, host: host, { bind(descriptor, $0, $1) }) == 0,
      Ports.withLoopback(port, { connect(descriptor, $0, $1) }) == 0
    else {
      close(descriptor)
      return -1
    }
    return descriptor
  }

  private static func cpu(_ pid: Int32) -> Double {
    let text = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
    let fields = text.split(separator: " ")
    guard fields.count > 14 else { return 0 }
    return (Double(fields[13]) ?? 0) + (Double(fields[14]) ?? 0)
  }

  private func rings(_ mark: String, _ line: LineUnderTest) async throws {
    let id = try await line.wait("\(mark) rings", within: 20) { event -> String? in
      guard case .call(let report) = event, report.status == .ringing,
        report.number?.string == mark
      else { return nil }
      return report.call
    }
    line.send(.reject(id: 9_000, call: id))
    try await line.call(.notEstablished)
  }

  @Test(arguments: [1, 2] as [UInt8])
  func aThousandIdleConnectionsTakeNothing(_ host: UInt8) async throws {
    let registrar = try await ScriptedRegistrar("tcp")
    let line = try LineUnderTest()
    try await registrar.signIn(line)
    let place = try #require(registrar.contactPort)
    var held: [Int32] = []
    defer { for descriptor in held where descriptor >= 0 { close(descriptor) } }
    let before = Self.cpu(line.pid)
    let began = Date()
    for index in 0..<1_000 {
      let descriptor = connection(to: place, from: host)
      held.append(descriptor)
      if index % 50 == 49 {
        for gone in held.dropLast(60) where gone >= 0 { close(gone) }
        held.removeFirst(max(0, held.count - 60))
        try await line.fence()
      }
    }
    registrar.send(ScriptedDialog.invite(registrar, from: "first"))
    try await rings("first", line)
    let ticks = Self.cpu(line.pid) - before
    print("strangers from 127.0.0.\(host): \(ticks) ticks in \(Date().timeIntervalSince(began)) s")
    // A hundredth of a second a tick; a line that spins would take all of them.
    #expect(ticks < 60)
    // Room for a call and what it needs.
    let files = try Self.files(line)
    #expect(files < 80, "\(files) descriptors")
    #expect(try await line.ends())
  }

  /// Where descriptors are short nobody is let in, nothing spins, and a call rings on the way that stands.
  @Test func whereDescriptorsAreShortTheDoorRests() async throws {
    let registrar = try await ScriptedRegistrar("tcp")
    let line = try LineUnderTest()
    try await registrar.signIn(line)
    let place = try #require(registrar.contactPort)
    func limit(_ descriptors: Int) throws {
      let files = try Self.files(line)
      let done = try TestChild.run(
        "/usr/bin/prlimit", ["--pid", "\(line.pid)", "--nofile=\(files + descriptors):"])
      #expect(done.code == 0, "\(done.output)")
    }
    try limit(Doorkeeper.reserve - 8)
    let before = (try Self.files(line), Self.cpu(line.pid))
    // As many as wait at most where nobody lets them in.
    let held = (0..<12).map { _ in connection(to: place, from: 1) }
    defer { for descriptor in held where descriptor >= 0 { close(descriptor) } }
    for mark in ["first", "second"] {
      registrar.send(ScriptedDialog.invite(registrar, from: mark))
      try await rings(mark, line)
    }
    #expect(Self.cpu(line.pid) - before.1 < 60)
    #expect(try Self.files(line) <= before.0 + 4)
    // There is room again, and the registrar may come by another connection.
    try limit(Doorkeeper.reserve + 40)
    let own = connection(to: place, from: 1)
    defer { close(own) }
    Ports.send(Array(ScriptedDialog.invite(registrar, from: "own").utf8), on: own)
    try await rings("own", line)
    #expect(try await line.ends())
  }

  /// A connection that says nothing is closed after ten seconds; one that speaks stays.
  @Test func whoSaysNothingGoes() async throws {
    let registrar = try await ScriptedRegistrar("tcp")
    let line = try LineUnderTest()
    try await registrar.signIn(line)
    let place = try #require(registrar.contactPort)
    let (silent, own) = (connection(to: place, from: 1), connection(to: place, from: 1))
    defer { for descriptor in [silent, own] { close(descriptor) } }
    Ports.send(Array(ScriptedDialog.invite(registrar, from: "own").utf8), on: own)
    try await rings("own", line)
    try await eventually("the silent one is closed", within: 20) {
      var byte: UInt8 = 0
      let count = recv(silent, &byte, 1, Int32(MSG_DONTWAIT))
      return count == 0 || count < 0 && errno != EAGAIN
    }
    Ports.send(Array(ScriptedDialog.invite(registrar, from: "again").utf8), on: own)
    try await rings("again", line)
    #expect(try await line.ends())
  }

  private static func files(_ line: LineUnderTest) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/\(line.pid)/fd").count
  }

  /// The registrar itself may come by another connection.
  @Test func theRegistrarMayConnectAStrangerMayNot() async throws {
    let registrar = try await ScriptedRegistrar("tcp")
    let line = try LineUnderTest()
    try await registrar.signIn(line)
    let place = try #require(registrar.contactPort)
    let own = connection(to: place, from: 1)
    let stranger = connection(to: place, from: 2)
    defer {
      close(own)
      if stranger >= 0 { close(stranger) }
    }
    func say(_ mark: String, _ descriptor: Int32) {
      let bytes = Array(ScriptedDialog.invite(registrar, from: mark).utf8)
      _ = bytes.withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
    }
    if stranger >= 0 { say("stranger", stranger) }
    try await line.log("dropped a request from 127.0.0.2")
    say("own", own)
    try await rings("own", line)
    let rang = line.seen.contains {
      if case .call(let report) = $0 { report.number?.string == "stranger" } else { false }
    }
    #expect(!rang)
  }

  /// The second registrar of a list, whoever `sip.trusted` names, and the proxies on the way may call.
  @Test(arguments: ["udp", "tcp"], ["127.0.0.2", "127.0.0.0/29", "Path", "Service-Route"])
  func theSecondRegistrarAndTheTrustedMayCall(_ transport: String, _ trusted: String) async throws {
    let registrar = try await ScriptedRegistrar(transport)
    let line = try LineUnderTest()
    var settings: [(String, JSONValue)] = []
    switch trusted {
    case "127.0.0.2":
      let list = "127.0.0.1:\(registrar.port),127.0.0.2:\(registrar.port)"
      settings = [("registrar", .string(list))]
    case "127.0.0.0/29": settings = [("trusted", .string(trusted))]
    default:
      registrar.answer("REGISTER") { heard in
        (
          "200 OK", ["Contact: \(heard.header("contact"))", "\(trusted): <sip:127.0.0.2;lr>"]
        )
      }
    }
    try await registrar.signIn(line, settings)
    let place = try #require(registrar.contactPort)
    let bytes = Array(ScriptedDialog.invite(registrar, from: "other").utf8)
    if transport == "udp" {
      try BareSocket(host: 2).send(bytes, to: place)
    } else {
      let descriptor = connection(to: place, from: 2)
      #expect(descriptor >= 0)
      _ = bytes.withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
    }
    try await rings("other", line)
  }
}
