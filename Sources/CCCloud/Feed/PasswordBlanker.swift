// Making passwords unreadable before anything is read.

/// Overwrites the values of members named `password` in the bytes of a JSON text.
///
/// The vendor sends every seat's password with the list of seats (contract section 5.1). Nobody here
/// needs one, so none is ever decoded: each becomes as many `x`, and the text stays the JSON it was.
enum PasswordBlanker {
  static func blank(_ bytes: inout [UInt8]) {
    let name = Array("password".utf8)
    var at = 0
    while at < bytes.count {
      guard bytes[at] == UInt8(ascii: "\"") else {
        at += 1
        continue
      }
      let end = endOfString(bytes, at)
      let isName = bytes[(at + 1)..<max(at + 1, end)].elementsEqual(name)
      at = end + 1
      guard isName, let start = startOfValue(bytes, at) else { continue }
      let valueEnd = endOfString(bytes, start)
      for index in (start + 1)..<max(start + 1, valueEnd) { bytes[index] = UInt8(ascii: "x") }
      at = valueEnd + 1
    }
  }

  /// Where the string that begins here ends; the end of the text where it does not.
  private static func endOfString(_ bytes: [UInt8], _ start: Int) -> Int {
    var at = start + 1
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "\\") {
        at += 2
      } else if bytes[at] == UInt8(ascii: "\"") {
        return at
      } else {
        at += 1
      }
    }
    return bytes.count
  }

  /// Where a string stands as the value of what came before; nil where none does.
  private static func startOfValue(_ bytes: [UInt8], _ from: Int) -> Int? {
    var at = from
    var sawColon = false
    while at < bytes.count {
      switch bytes[at] {
      case 0x20, 0x09, 0x0A, 0x0D: at += 1
      case UInt8(ascii: ":") where !sawColon:
        sawColon = true
        at += 1
      case UInt8(ascii: "\"") where sawColon: return at
      default: return nil
      }
    }
    return nil
  }
}
