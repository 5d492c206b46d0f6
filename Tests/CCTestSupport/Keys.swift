// Keys written as text: `<F2>i`, `<C-x>h`, `132<Enter>`.

import CCView
import Testing

/// Reads key strings for tests.
public enum Keys {
  /// The keys of a text; `<...>` names one that has no character, `<lt>` is `<`.
  public static func parse(_ text: String) -> [Key] {
    var keys: [Key] = []
    var rest = text[...]
    while let first = rest.first {
      if first == "<", let end = rest.firstIndex(of: ">") {
        keys.append(named(String(rest[rest.index(after: rest.startIndex)..<end])))
        rest = rest[rest.index(after: end)...]
      } else {
        keys.append(.character(first))
        rest = rest.dropFirst()
      }
    }
    return keys
  }

  private static func named(_ name: String) -> Key {
    if name.count == 3, name.hasPrefix("C-"), let letter = name.last { return .control(letter) }
    if name.hasPrefix("F"), let number = Int(name.dropFirst()) { return .function(number) }
    if name.hasPrefix("paste:") { return .paste(String(name.dropFirst(6))) }
    guard let key = names[name] else {
      Issue.record("no key <\(name)>")
      return .unknown
    }
    return key
  }

  private static let names: [String: Key] = [
    "Enter": .enter, "Tab": .tab, "S-Tab": .backTab, "BS": .backspace, "Del": .delete,
    "Esc": .escape, "Up": .up, "Down": .down, "Left": .left, "Right": .right, "Home": .home,
    "End": .end, "PgUp": .pageUp, "PgDn": .pageDown, "C-Left": .wordLeft, "C-Right": .wordRight,
    "lt": .character("<"),
  ]
}
