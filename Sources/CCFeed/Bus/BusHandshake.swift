// Who stands at the other end, before it has taken us: a broker, somebody else, or nobody any more.

import CMosquitto
import Glibc

/// What the library does not say while a connection is made.
///
/// libmosquitto goes on as if nothing were when the other end goes away in the middle of TLS, and wants
/// to write its first packet before it can: a loop that believed it would not sleep. So the first byte
/// and the end are looked at here, in the socket, without taking them out of it.
struct BusHandshake {
  private let library: BusLibrary
  private let isSecure: Bool
  private var isTLSDone: Bool
  private var hasSeenFirst = false

  init(_ library: BusLibrary, isSecure: Bool) {
    self.library = library
    self.isSecure = isSecure
    isTLSDone = !isSecure
  }

  /// Whether there is something to write that can be written now.
  mutating func wantsWrite(_ handle: OpaquePointer) -> Bool {
    let call = library.call.pointee
    if !isTLSDone, let tls = call.tls(handle), let isDone = call.tls_is_done {
      isTLSDone = isDone(tls) == 1
      // In the handshake only OpenSSL knows: 2 is SSL_WRITING.
      if !isTLSDone { return call.tls_wants?(tls) == 2 }
    }
    return call.wants_write(handle)
  }

  /// What the first byte shows, before the library reads it; nil: a broker may have sent it.
  ///
  /// Once the library has taken anything, which it may do while it connects, what comes next is the middle
  /// of something, and the library's to judge.
  mutating func stranger(at socket: Int32) -> String? {
    guard !hasSeenFirst else { return nil }
    var bytes: [UInt8] = [0, 0]
    let count = recv(socket, &bytes, bytes.count, Self.look)
    guard count > 0 else { return nil }
    hasSeenFirst = true
    if isSecure && isTLSDone || Self.isRead(socket) { return nil }
    // TLS has records of these kinds (RFC 8446 section 5.1); MQTT begins with the answer to our first
    // packet.
    let isTLS = (0x14...0x17).contains(bytes[0])
    if isSecure {
      return isTLS ? nil : BusWords.noTLS
    }
    if isTLS, count < 2 || bytes[1] == 3 { return "what answers speaks TLS: use mqtts://" }
    return bytes[0] == 0x20 ? nil : BusWords.noBroker
  }

  /// Why nothing will come any more, after the library has read and found nothing; nil: something may.
  func end(of socket: Int32, _ words: BusWords, wasUp: Bool) -> String? {
    var byte: UInt8 = 0
    let count = recv(socket, &byte, 1, Self.look)
    let code = errno
    if count == 0 || count < 0 && (code == ECONNRESET || code == EPIPE) {
      return isTLSDone ? words.closed(wasUp: wasUp) : BusWords.cutHandshake
    }
    guard count < 0, code != EAGAIN, code != EINTR else { return nil }
    return words.system(code, wasUp: wasUp)
  }

  /// Whether something that came was taken out of the socket already.
  private static func isRead(_ socket: Int32) -> Bool {
    // struct tcp_info of linux/tcp.h, which is longer than glibc's: tcpi_bytes_received.
    let (place, whole) = (128, 136)
    var info = [UInt8](repeating: 0, count: whole)
    var size = socklen_t(whole)
    var waiting: Int32 = 0
    guard getsockopt(socket, Int32(IPPROTO_TCP), TCP_INFO, &info, &size) == 0, size >= whole,
      ioctl(socket, UInt(FIONREAD), &waiting) == 0
    else { return false }
    let received = info[place..<whole].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    // The end of the stream counts as a byte that came, and never waits.
    return received > UInt64(max(0, waiting)) + 1
  }

  private static let look = Int32(MSG_PEEK | MSG_DONTWAIT)
}
