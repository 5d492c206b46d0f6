// One desk per account and user.

import CCCore
import CCView
import Glibc

/// Holds the account while the desk runs: the kernel lets go of it however the desk ends.
@MainActor final class DeskLock {
  private let descriptor: Int32

  /// Takes the locks of these accounts, all or none.
  ///
  /// - Throws: `Failure.failed` that says since when and where the other desk runs.
  static func take(
    _ identities: [DeskIdentity], folder: String, at now: Instant, zone: Zone
  ) throws(Failure) -> [DeskLock] {
    var locks: [DeskLock] = []
    for identity in identities {
      locks.append(try DeskLock(identity, folder: folder, at: now, zone: zone))
    }
    return locks
  }

  private init(
    _ identity: DeskIdentity, folder: String, at now: Instant, zone: Zone
  ) throws(Failure) {
    let name = identity.shown
    let path = "\(folder)/desk-\(Self.fileName(identity.key)).lock"
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw .failed("\(path) cannot be made: \(Files.reason()).") }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      defer { close(file) }
      guard code == EWOULDBLOCK else { throw .failed("\(path): \(Files.reason(code)).") }
      throw .failed(Self.sentence(name, Self.owner(file), at: now, zone: zone))
    }
    descriptor = file
    let terminal = ttyname(STDIN_FILENO).map { String(cString: $0) } ?? "no terminal"
    ftruncate(file, 0)
    Say.write("\(getpid()) \(now.unix) \(terminal)\n", to: file)
  }

  isolated deinit { close(descriptor) }

  private static func sentence(
    _ name: String, _ owner: (pid: String, since: Int64, terminal: String)?, at now: Instant,
    zone: Zone
  ) -> String {
    let account = SafeText(name).string
    guard let owner else { return "a desk for \(account) runs already." }
    let when = zone.clock(owner.since, seenAt: now.unix)
    let place = owner.terminal == "no terminal" ? "without a terminal" : "on \(owner.terminal)"
    return "a desk for \(account) runs already, since \(when), \(place) (process \(owner.pid))."
  }

  private static func owner(_ file: Int32) -> (pid: String, since: Int64, terminal: String)? {
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = pread(file, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    let line = SafeText(bytes: bytes[..<count].prefix { $0 != 0x0A }).string
    let parts = line.split(separator: " ", maxSplits: 2).map(String.init)
    guard parts.count == 3, let since = Int64(parts[1]) else { return nil }
    return (parts[0], since, parts[2])
  }

  /// A name as part of a file's: letters, digits and `.@-` stay; what is changed or long gets a hash.
  static func fileName(_ name: String) -> String {
    let plain = name.unicodeScalars.map { scalar -> Character in
      let isPlain =
        scalar.isASCII
        && (scalar.properties.isAlphabetic || ".@-0123456789".contains(Character(scalar)))
      return isPlain ? Character(scalar) : "_"
    }
    let text = String(plain.prefix(60))
    return text == name ? text : "\(text)-\(DeskIdentity.hash(name))"
  }
}
