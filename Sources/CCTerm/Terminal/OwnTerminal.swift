// A terminal, opened once more for us alone.

import Glibc

/// Opens terminals so that writing to them never waits, without forcing that upon the shell, which shares
/// the descriptors that we were started with.
enum OwnTerminal {
  /// The device behind a descriptor of a terminal (ioctl_tty(2)).
  private static let getDevice: UInt = 0x8004_5432  // TIOCGDEV

  /// A descriptor of the same terminal; nil where there is no way to one.
  ///
  /// By its name, or, where that is another user's (after su), as our controlling terminal.
  static func open(like descriptor: Int32) -> Int32? {
    var name = [CChar](repeating: 0, count: 128)
    let isNamed = ttyname_r(descriptor, &name, name.count) == 0
    let names = (isNamed ? [name] : []) + [Array("/dev/tty".utf8CString)]
    guard let wanted = device(descriptor) else { return nil }
    for name in names {
      let found = Glibc.open(name, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
      guard found >= 0 else { continue }
      if device(found) == wanted { return found }
      close(found)
    }
    return nil
  }

  private static func device(_ descriptor: Int32) -> UInt32? {
    var device: UInt32 = 0
    return ioctl(descriptor, getDevice, &device) == 0 ? device : nil
  }
}
