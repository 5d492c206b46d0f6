// Whether somebody answers at a host and port.

import Glibc

/// Looks at a place of the network, and waits so long for a sign of life.
enum Reach {
  /// What came of it.
  enum Answer: Hashable {
    case answers(milliseconds: Int)
    case unknownName
    case refused
    case silent
    case failed(String)

    var words: String {
      switch self {
      case .answers(let milliseconds): "answers in \(milliseconds) ms"
      case .unknownName: "its name is not known"
      case .refused: "nobody listens there"
      case .silent: "no answer in 3 s"
      case .failed(let why): why
      }
    }
  }

  static let patience: Int32 = 3_000

  /// Connects over TCP.
  @MainActor static func tcp(_ host: String, _ port: UInt16) -> Answer {
    look(host, port, SOCK_STREAM) { descriptor, address, length in
      guard connect(descriptor, address, length) == 0 || errno == EINPROGRESS else {
        return code(errno)
      }
      guard wait(descriptor, POLLOUT) else { return .silent }
      var error: Int32 = 0
      var size = socklen_t(MemoryLayout<Int32>.size)
      getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size)
      return error == 0 ? nil : code(error)
    }
  }

  /// Sends a datagram and waits for any other.
  @MainActor static func udp(
    _ host: String, _ port: UInt16, saying text: (_ own: UInt16) -> String
  ) -> Answer {
    look(host, port, SOCK_DGRAM) { descriptor, address, length in
      guard connect(descriptor, address, length) == 0 else { return code(errno) }
      let bytes = Array(text(ownPort(descriptor)).utf8)
      guard send(descriptor, bytes, bytes.count, 0) == bytes.count else { return code(errno) }
      guard wait(descriptor, POLLIN) else { return .silent }
      var byte: UInt8 = 0
      return recv(descriptor, &byte, 1, 0) >= 0 ? nil : code(errno)
    }
  }

  @MainActor private static func look(
    _ host: String, _ port: UInt16, _ type: __socket_type,
    _ attempt: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Answer?
  ) -> Answer {
    var hints = addrinfo()
    hints.ai_socktype = Int32(type.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, String(port), &hints, &found) == 0 else { return .unknownName }
    defer { freeaddrinfo(found) }
    var answer = Answer.unknownName
    var next = found
    while let entry = next?.pointee {
      next = entry.ai_next
      let began = SystemClock.now().uptime
      let descriptor = socket(
        entry.ai_family, entry.ai_socktype | Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue),
        0)
      guard descriptor >= 0, let address = entry.ai_addr else { continue }
      defer { close(descriptor) }
      guard let trouble = attempt(descriptor, address, entry.ai_addrlen) else {
        return .answers(milliseconds: Int((SystemClock.now().uptime - began) / 1_000_000))
      }
      answer = trouble
    }
    return answer
  }

  private static func wait(_ descriptor: Int32, _ events: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    return poll(&entry, 1, patience) > 0
  }

  private static func code(_ code: Int32) -> Answer {
    code == ECONNREFUSED ? .refused : .failed(Files.reason(code).lowercased())
  }

  private static func ownPort(_ descriptor: Int32) -> UInt16 {
    var address = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = getsockname(descriptor, $0, &length)
      }
      return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
        UInt16(bigEndian: $0.pointee.sin_port)
      }
    }
  }
}
