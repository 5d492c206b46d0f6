// Reading back what was written down of a call, so that nothing in it can break a message.

import CCJSON

/// Takes texts, lists and numbers out of a record; each is nil where it could not stand in a header.
struct RecordReader {
  let json: JSONValue

  /// Longer texts, or lists, are no telephone's.
  static let longest = 4_096
  static let most = 16

  init(_ json: JSONValue) { self.json = json }

  /// Whether a text can stand in a header: it has no control characters, and ends.
  static func isWhole(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= longest
      && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
  }

  /// A header's value.
  func text(_ name: String) -> String? {
    json[name]?.string.flatMap { Self.isWhole($0) ? $0 : nil }
  }

  /// A text that holds no spaces either: a Call-ID, a URI.
  func word(_ name: String) -> String? { text(name).flatMap { $0.contains(" ") ? nil : $0 } }

  /// An address that can be called.
  func uri(_ name: String) -> String? { word(name).flatMap { NameAddress($0) == nil ? nil : $0 } }

  /// Values of several headers of one name.
  func texts(_ name: String) -> [String]? {
    guard case .array(let list)? = json[name], list.count <= Self.most else { return nil }
    let texts = list.compactMap(\.string)
    return texts.count == list.count && texts.allSatisfy(Self.isWhole) ? texts : nil
  }

  /// A sequence number.
  func number(_ name: String) -> UInt32? { json[name]?.int.flatMap { UInt32(exactly: $0) } }
}
