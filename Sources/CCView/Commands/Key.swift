// What a person does at the keyboard, without a terminal in it.

/// One thing from the keyboard: a key, or a paste as a whole.
public enum Key: Hashable, Sendable {
  /// A character; never a control.
  case character(Character)
  /// Control and a letter, lower case: `.control("x")`. `^_` is `.control("_")`.
  case control(Character)
  case enter
  case tab
  case backTab
  case backspace
  case delete
  case escape
  case up, down, left, right
  case home, end, pageUp, pageDown
  /// Control-Left and Control-Right, or Alt with them.
  case wordLeft, wordRight
  /// F1 to F12.
  case function(Int)
  /// A paste, bracketed or recognised by its speed (design section 8): one event, unwashed.
  case paste(String)
  /// A sequence that is a key and means nothing here.
  case unknown
}
