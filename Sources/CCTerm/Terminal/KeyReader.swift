// From the bytes of a keyboard to keys.

import CCView

/// Reads keys out of a terminal's bytes, however they are split on their way.
///
/// Not ncurses' `get_wch`: that loses UTF-8 split between two reads, lets unknown sequences through as
/// text and reads byte by byte. Whatever comes in here, what comes out is keys, never a control or a
/// piece of a sequence taken for text. Times are monotonic nanoseconds.
struct KeyReader {
  /// How long a lone ESC waits for the rest of a sequence before it is the Escape key.
  static let escapeWait: Int64 = 25_000_000
  /// How long the rest of a torn sequence may take (design section 8).
  static let sequenceWait: Int64 = 500_000_000
  /// How long a bracketed paste may fall silent before its end counts as lost.
  static let pasteWait: Int64 = 1_000_000_000
  /// The most bytes of a paste that are kept.
  static let pasteLimit = 1 << 20

  /// When `flush(at:)` wants to be called if no byte has come until then.
  private(set) var deadline: Int64?

  private enum State {
    case ground
    /// In a character of UTF-8, `missing` bytes before its end.
    case character(missing: Int)
    /// After ESC, or two of them: Alt with a key that has a sequence.
    case escape(count: Int)
    /// After the Escape key was told: a sequence that follows was torn.
    case torn
    case control
    case linuxFunction
    case single(torn: Bool)
    /// In a report of the old mouse protocol, `missing` bytes before its end.
    case mouse(missing: Int)
    /// In an operating-system command or another string, which ends with BEL or ESC \.
    case string
    case paste
  }

  private var state = State.ground
  private var pending = [UInt8]()
  private var keys = [Key]()
  private var pasteGuard = PasteGuard()

  /// Takes what one read brought, and gives the keys that are complete.
  mutating func feed(_ bytes: some Sequence<UInt8>, at now: Int64) -> [Key] {
    if let deadline, now >= deadline { expire() }
    for byte in bytes { take(byte, now) }
    return pasteGuard.review(take(&keys), at: now)
  }

  /// Ends what has waited too long; call it when `deadline` has come.
  mutating func flush(at now: Int64) -> [Key] {
    if let deadline, now >= deadline { expire() }
    return take(&keys)
  }

  private func take(_ keys: inout [Key]) -> [Key] {
    defer { keys.removeAll(keepingCapacity: true) }
    return keys
  }
}

// MARK: - One byte

extension KeyReader {
  private mutating func take(_ byte: UInt8, _ now: Int64) {
    switch state {
    case .ground: ground(byte, now)
    case .character(let missing): character(byte, missing, now)
    case .escape(let count): escape(byte, count, now)
    case .torn:
      switch byte {
      case UInt8(ascii: "["): enter(.control, until: now + Self.sequenceWait)
      case UInt8(ascii: "O"): enter(.single(torn: true), until: now + Self.sequenceWait)
      default: restart(with: byte, now)
      }
    case .control: control(byte, now)
    case .linuxFunction: finish(KeySequence.linuxFunction(byte))
    case .single(let torn): single(byte, torn, now)
    case .mouse(let missing):
      if missing > 1 { state = .mouse(missing: missing - 1) } else { finish(.unknown) }
    case .string: string(byte, now)
    case .paste: paste(byte, now)
    }
  }

  private mutating func ground(_ byte: UInt8, _ now: Int64) {
    switch byte {
    case 0x20..<0x7F: keys.append(.character(Character(Unicode.Scalar(byte))))
    case 0x1B: enter(.escape(count: 1), until: now + Self.escapeWait)
    case 0x0D: keys.append(.enter)
    case 0x09: keys.append(.tab)
    case 0x08, 0x7F: keys.append(.backspace)
    case 0x00..<0x20:
      // ^A is 1 and so on to ^_; ^@, which Control-Space sends as well, is 0.
      let letter = Unicode.Scalar(byte + 0x40).properties.lowercaseMapping
      keys.append(.control(Character(letter)))
    case 0xC2...0xDF: open(byte, missing: 1, now)
    case 0xE0...0xEF: open(byte, missing: 2, now)
    case 0xF0...0xF4: open(byte, missing: 3, now)
    default: keys.append(.unknown)  // no beginning of a character in UTF-8
    }
  }

  private mutating func open(_ byte: UInt8, missing: Int, _ now: Int64) {
    pending.append(byte)
    enter(.character(missing: missing), until: now + Self.sequenceWait)
  }

  private mutating func character(_ byte: UInt8, _ missing: Int, _ now: Int64) {
    guard byte & 0xC0 == 0x80 else {
      finish(.unknown)
      return take(byte, now)
    }
    pending.append(byte)
    guard missing == 1 else { return state = .character(missing: missing - 1) }
    let text = String(decoding: pending, as: UTF8.self)
    let scalars = text.unicodeScalars
    // Surrogates, over-long forms and the C1 controls are no text.
    guard let scalar = scalars.first, scalars.count == 1, scalar.value >= 0xA0 else {
      return finish(.unknown)
    }
    finish(.character(Character(scalar)))
  }

  private mutating func escape(_ byte: UInt8, _ count: Int, _ now: Int64) {
    switch byte {
    case UInt8(ascii: "["): enter(.control, until: now + Self.sequenceWait)
    case UInt8(ascii: "O"): enter(.single(torn: false), until: now + Self.sequenceWait)
    case 0x1B:
      if count > 1 { keys.append(.escape) }
      enter(.escape(count: 2), until: now + Self.escapeWait)
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"),
      UInt8(ascii: "X"):
      enter(.string, until: now + Self.escapeWait)
    case 0xC2...0xF4:
      // Alt and a letter outside ASCII: the letter must be eaten whole.
      pending.append(byte)
      enter(
        .character(missing: byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3), until: now + Self.sequenceWait)
      pending[0] = 0
    default: finish(.unknown)  // Alt and a letter
    }
  }

  private mutating func control(_ byte: UInt8, _ now: Int64) {
    switch byte {
    case UInt8(ascii: "[") where pending.isEmpty: state = .linuxFunction
    case UInt8(ascii: "M") where pending.isEmpty: state = .mouse(missing: 3)
    case UInt8(ascii: "$") where pending.allSatisfy { $0 >= 0x30 && $0 < 0x3A } && !pending.isEmpty:
      finish(KeySequence.control(pending, final: byte))
    case 0x20..<0x40:
      if pending.count < 32 { pending.append(byte) }
      deadline = now + Self.sequenceWait
    case UInt8(ascii: "~") where pending == Self.pasteStart:
      enter(.paste, until: now + Self.pasteWait)
    case UInt8(ascii: "~") where pending == Self.pasteEnd:
      finish(nil)  // the end of a paste whose end was taken for lost
    case 0x40..<0x7F: finish(KeySequence.control(pending, final: byte))
    default:
      finish(.unknown)
      take(byte, now)
    }
  }

  private mutating func single(_ byte: UInt8, _ torn: Bool, _ now: Int64) {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ";"):
      if pending.count < 32 { pending.append(byte) }
      deadline = now + Self.sequenceWait
    case 0x20..<0x7F: finish(KeySequence.single(pending, final: byte))
    default:
      finish(.unknown)
      take(byte, now)
    }
  }

  private mutating func string(_ byte: UInt8, _ now: Int64) {
    switch byte {
    case 0x07: finish(.unknown)
    case 0x1B:
      // Its end, ESC \, and any other sequence begin alike; "Alt and a backslash" is unknown too.
      finish(nil)
      take(byte, now)
    default: deadline = now + Self.sequenceWait
    }
  }
}

// MARK: - Pastes

extension KeyReader {
  private static let pasteStart = Array("200".utf8)
  private static let pasteEnd = Array("201".utf8)
  private static let pasteTail = Array("\u{1B}[201~".utf8)

  private mutating func paste(_ byte: UInt8, _ now: Int64) {
    deadline = now + Self.pasteWait
    // Past the limit only the last bytes go round, so that the end is still seen.
    if pending.count >= Self.pasteLimit + Self.pasteTail.count {
      pending.remove(at: Self.pasteLimit)
    }
    pending.append(byte)
    guard byte == UInt8(ascii: "~"), pending.suffix(Self.pasteTail.count) == Self.pasteTail[...]
    else { return }
    pending.removeLast(Self.pasteTail.count)
    finishPaste()
  }

  private mutating func finishPaste() {
    let text = String(decoding: pending.prefix(Self.pasteLimit), as: UTF8.self)
    finish(.paste(PasteGuard.withPlainLineEnds(text)))
  }
}

// MARK: - Changing state

extension KeyReader {
  private mutating func enter(_ next: State, until end: Int64) {
    if case .character = next {} else { pending.removeAll(keepingCapacity: true) }
    state = next
    deadline = end
  }

  private mutating func finish(_ key: Key?) {
    if let key { keys.append(key) }
    pending.removeAll(keepingCapacity: pending.count < 4096)
    state = .ground
    deadline = nil
  }

  private mutating func restart(with byte: UInt8, _ now: Int64) {
    finish(nil)
    take(byte, now)
  }

  private mutating func expire() {
    switch state {
    case .ground: deadline = nil
    case .escape(let count):
      let told = deadline ?? 0
      for _ in 0..<count { keys.append(.escape) }
      finish(nil)
      enter(.torn, until: told - Self.escapeWait + Self.sequenceWait)
    case .torn: finish(nil)
    case .single(torn: true) where pending.isEmpty:
      finish(.character("O"))  // Escape, and a moment later a capital O: typed, not torn
    case .paste: finishPaste()
    case .character, .control, .linuxFunction, .single, .mouse, .string: finish(.unknown)
    }
  }
}
