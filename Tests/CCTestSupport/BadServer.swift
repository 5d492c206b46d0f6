// Servers that are none: each is wrong in one way that the world knows.

import CLinux
import Foundation

/// A TCP server on loopback that behaves badly, on a thread of its own.
public final class BadServer: @unchecked Sendable {
  /// What it does with whoever connects.
  public enum Kind: String, Sendable, CaseIterable {
    /// Nobody listens at the port.
    case closed
    /// It closes at once.
    case closesAtOnce
    /// It never says a word, and keeps the connection.
    case hangs
    /// It reads what comes, and closes then.
    case closesAfterHello
    /// It reads what comes, and never answers.
    case readsAndHangs
    /// It answers like TLS, a part of it, and stops there.
    case beginsTLS
    /// The same, and then it resets the connection.
    case beginsTLSAndResets
    /// It reads what comes and resets the connection.
    case resets
    /// It sends bytes that mean nothing, without end.
    case garbage
    /// It sends a few bytes that mean nothing, and stays.
    case someGarbage
    /// It greets, and answers, like a web server.
    case web
    /// It greets like a mail server.
    case mail
    /// It sends one byte a tenth of a second.
    case drips
  }

  /// The port.
  public let port: UInt16
  private let kind: Kind
  private let listener: Int32
  private let accepted = Mutexed((count: 0, isOver: false))

  /// Starts one.
  public init(_ kind: Kind) throws {
    self.kind = kind
    port = Ports.free()
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard kind != .closed else { return }
    guard Ports.withLoopback(port, { bind(listener, $0, $1) }) == 0, listen(listener, 64) == 0
    else { throw NotInTime("a bad server") }
    let thread = Thread { [self] in run() }
    thread.start()
  }

  /// How many have connected.
  public var connections: Int { accepted.with { $0.count } }

  /// Ends it.
  public func stop() { accepted.with { $0.isOver = true } }

  private struct Guest {
    var descriptor: Int32
    var heard = false
    var isDone = false
    var nextAt = Date.distantPast
  }

  private func run() {
    var guests: [Guest] = []
    defer {
      for guest in guests where !guest.isDone { close(guest.descriptor) }
      close(listener)
    }
    while !accepted.with({ $0.isOver }) {
      var entries = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
      for guest in guests where !guest.isDone {
        entries.append(pollfd(fd: guest.descriptor, events: Int16(POLLIN), revents: 0))
      }
      _ = poll(&entries, nfds_t(entries.count), 20)
      if entries[0].revents != 0 {
        let descriptor = accept(listener, nil, nil)
        if descriptor >= 0 {
          _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
          accepted.with { $0.count += 1 }
          guests.append(Guest(descriptor: descriptor))
        }
      }
      for index in guests.indices where !guests[index].isDone { serve(&guests[index]) }
      guests.removeAll(where: \.isDone)
    }
  }

  private func serve(_ guest: inout Guest) {
    if kind == .closesAtOnce { return end(&guest) }
    if kind == .hangs { return }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(guest.descriptor, &buffer, buffer.count)
    if count == 0 || count < 0 && errno != EAGAIN { return end(&guest) }
    let isFirst = count > 0 && !guest.heard
    guest.heard = guest.heard || count > 0
    switch kind {
    case .closesAfterHello: if isFirst { end(&guest) }
    case .resets: if isFirst { end(&guest, reset: true) }
    case .beginsTLS: if isFirst { say(guest, Self.partOfTLS) }
    case .beginsTLSAndResets:
      if isFirst {
        say(guest, Self.partOfTLS)
        end(&guest, reset: true)
      }
    case .garbage:
      say(guest, (0..<2048).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 101) | 0x80 })
    case .someGarbage: if isFirst { say(guest, (0..<64).map { UInt8(0xA0 + $0 % 16) }) }
    case .web:
      if isFirst {
        say(guest, Array("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n".utf8))
        end(&guest)
      }
    case .mail:
      if guest.nextAt == .distantPast {
        guest.nextAt = .distantFuture
        say(guest, Array("220 mail.example ESMTP\r\n".utf8))
      }
    case .drips:
      if guest.nextAt < Date() {
        guest.nextAt = Date().addingTimeInterval(0.1)
        say(guest, [UInt8.random(in: 0x80...0xFF)])
      }
    case .closed, .closesAtOnce, .hangs, .readsAndHangs: break
    }
  }

  /// A record of the handshake that says it is 90 bytes long, and 20 of them.
  private static let partOfTLS: [UInt8] =
    [0x16, 0x03, 0x03, 0x00, 0x5A, 0x02, 0x00, 0x00, 0x56, 0x03, 0x03]
    + [UInt8](repeating: 0x41, count: 14)

  private func say(_ guest: Guest, _ bytes: [UInt8]) {
    _ = bytes.withUnsafeBytes {
      send(guest.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
  }

  private func end(_ guest: inout Guest, reset: Bool = false) {
    if reset {
      var option = linger(l_onoff: 1, l_linger: 0)
      setsockopt(
        guest.descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
    close(guest.descriptor)
    guest.isDone = true
  }
}
