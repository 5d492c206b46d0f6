// The first byte of the other end: looked at before the library takes it, and not after.

import Foundation
import Testing

@testable import CCFeed

@Suite struct HandshakeTests {
  /// Two ends of a TCP connection on this machine.
  private final class Ends {
    let ours: Int32
    let theirs: Int32

    init() throws {
      let door = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(door) }
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let near = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      let isJoined = withUnsafeMutableBytes(of: &address) { bytes -> Bool in
        guard let raw = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else {
          return false
        }
        return bind(door, raw, size) == 0 && getsockname(door, raw, &size) == 0
          && listen(door, 1) == 0 && connect(near, raw, size) == 0
      }
      ours = near
      theirs = isJoined ? accept(door, nil, nil) : -1
      try #require(isJoined && theirs >= 0)
    }

    deinit {
      close(ours)
      close(theirs)
    }

    /// The other end says something, and the library takes so many bytes of it.
    func say(_ bytes: [UInt8], taken: Int = 0) throws {
      try #require(write(theirs, bytes, bytes.count) == bytes.count)
      var buffer = [UInt8](repeating: 0, count: 64)
      // What was written on this machine is there.
      if taken > 0 { try #require(recv(ours, &buffer, taken, Int32(MSG_WAITALL)) == taken) }
      var one: UInt8 = 0
      if taken < bytes.count { try #require(recv(ours, &one, 1, Int32(MSG_PEEK)) == 1) }
    }
  }

  private static let handshake: [UInt8] = [0x16, 3, 3, 0, 2, 1, 2]

  /// What follows what the library has read is anything at all: a record, or the middle of one.
  @Test(arguments: [(7, [0x14, 3, 3]), (7, [0x17, 3, 3]), (5, [9, 9]), (2, [0x32])])
  func whatComesInTheMiddleOfTLSIsNoStranger(_ taken: Int, _ more: [UInt8]) throws {
    let ends = try Ends()
    var handshake = BusHandshake(try BusLibrary.opened(), isSecure: true)
    try ends.say(Self.handshake.prefix(taken) + more, taken: taken)
    #expect(handshake.stranger(at: ends.ours) == nil)
  }

  @Test(arguments: [0x14, 0x15, 0x16, 0x17] as [UInt8])
  func everyRecordOfTLSIsNoStranger(_ first: UInt8) throws {
    let ends = try Ends()
    var handshake = BusHandshake(try BusLibrary.opened(), isSecure: true)
    try ends.say([first, 3, 3])
    #expect(handshake.stranger(at: ends.ours) == nil)
    // Who speaks TLS where none is expected is told so.
    var plain = BusHandshake(try BusLibrary.opened(), isSecure: false)
    #expect(plain.stranger(at: ends.ours)?.contains("use mqtts://") == true)
  }

  @Test func whoeverElseSpeaksFirstIsOne() throws {
    for (secure, words) in [(true, BusWords.noTLS), (false, BusWords.noBroker)] {
      for close in [false, true] {
        let ends = try Ends()
        var handshake = BusHandshake(try BusLibrary.opened(), isSecure: secure)
        #expect(handshake.stranger(at: ends.ours) == nil, "nothing came yet")
        try ends.say(Array("220 mail.example\r\n".utf8))
        if close { shutdown(ends.theirs, Int32(SHUT_WR)) }
        #expect(handshake.stranger(at: ends.ours) == words)
        // Once is enough.
        #expect(handshake.stranger(at: ends.ours) == nil)
      }
    }
  }
}
