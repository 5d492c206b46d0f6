// `ccterm doctor --keys`: which keys arrive, and what frees those that do not.

import CCView
import CLinux
import Glibc

/// Shows each key that arrives, until all were seen or the user has had enough.
@MainActor enum KeyTest {
  /// The keys that the desk has, in the order of its help.
  static let wanted: [(key: Key, label: String)] = CommandTable.rows.compactMap { row in
    row.key.map { ($0, row.keyLabel) }
  }

  /// Why a key may not arrive, and what frees it.
  static func advice(_ key: Key) -> String {
    switch key {
    case .function(1):
      "the terminal's help: in its preferences, shortcuts, clear Help (F1)"
    case .function(10):
      "the terminal's menu: in GNOME Terminal, Preferences, General, take \u{201C}Enable the menu "
        + "accelerator key\u{201D} out; in the desk ^Q quits too"
    case .function(11): "full screen: clear that shortcut of the terminal"
    case .function:
      "a laptop's media key: hold Fn, or set \u{201C}function keys first\u{201D} (macOS: Keyboard "
        + "settings); in tmux: set -g xterm-keys on; in the desk ^X and its letter do the same"
    case .backTab: "screen and old consoles send Tab alone: ^X and a letter reach every command"
    case .control("z"), .control("c"), .control("l"):
      "a program around the terminal keeps it: see the bindings of tmux or screen"
    default: "see the bindings of the terminal, and of tmux or screen around it"
    }
  }

  static func run() throws(Failure) {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
      throw .usage("--keys needs a terminal.")
    }
    var usual = termios()
    guard tcgetattr(STDIN_FILENO, &usual) == 0 else {
      throw .failed("the terminal's modes cannot be read: \(Files.reason()).")
    }
    let labels = wanted.map(\.label).joined(separator: " ")
    let signals = try Signals(Signals.ends)
    var raw = usual
    cfmakeraw(&raw)
    // What is printed still begins at the left.
    raw.c_oflag = usual.c_oflag
    cc_guard_arm(STDOUT_FILENO, &usual, "", 0)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw)
    Say.out("Press each of these, in any order; ^D ends:\n  \(labels)")
    let seen = listen(signals)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &usual)
    cc_guard_disarm()
    let unseen = wanted.filter { !seen.contains($0.key) }
    guard !unseen.isEmpty else { return Say.out("All of them arrive.") }
    Say.out("Not seen:")
    var groups: [(labels: [String], advice: String)] = []
    for (key, label) in unseen {
      let advice = advice(key)
      if let index = groups.firstIndex(where: { $0.advice == advice }) {
        groups[index].labels.append(label)
      } else {
        groups.append(([label], advice))
      }
    }
    for group in groups { Say.out("  \(group.labels.joined(separator: " ")): \(group.advice)") }
  }

  private static func listen(_ signals: Signals) -> Set<Key> {
    var reader = KeyReader()
    var seen = Set<Key>()
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let now = SystemClock.now().uptime
      let wait =
        reader.deadline.map { Int32(clamping: max(0, $0 - now + 999_999) / 1_000_000) } ?? -1
      var entries = [STDIN_FILENO, signals.descriptor].map {
        pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
      }
      let ready = poll(&entries, 2, wait)
      if entries[1].revents != 0 { return seen }
      var keys: [Key] = []
      var bytes: ArraySlice<UInt8> = []
      if ready > 0 {
        let count = read(STDIN_FILENO, &buffer, buffer.count)
        guard count > 0 else { return seen }
        bytes = buffer[..<count]
        keys = reader.feed(bytes, at: SystemClock.now().uptime)
      } else if ready == 0 {
        keys = reader.flush(at: SystemClock.now().uptime)
      } else if errno != EINTR {
        return seen
      }
      for key in keys {
        if key == .control("d") { return seen }
        seen.insert(key)
        show(key, bytes)
      }
      if wanted.allSatisfy({ seen.contains($0.key) }) { return seen }
    }
  }

  private static func show(_ key: Key, _ bytes: ArraySlice<UInt8>) {
    let name = wanted.first { $0.key == key }.map { "\($0.label) arrives" } ?? words(key)
    let sent = bytes.prefix(12).map { byte in
      let hex = String(byte, radix: 16)
      return hex.count == 1 ? "0\(hex)" : hex
    }
    Say.out(
      "  \(name)\(String(repeating: " ", count: max(1, 24 - name.count)))\(sent.joined(separator: " "))"
    )
  }

  private static func words(_ key: Key) -> String {
    switch key {
    case .character: "a character"
    case .control(let letter): "^\(letter.uppercased()), which the desk does not use"
    case .function(let number): "F\(number), which the desk does not use"
    case .paste: "a paste"
    case .unknown: "a key that is not known"
    default: "a key that the desk's fields use"
    }
  }
}
