// Small steps in the text of a header: lists, quotes, folds.

/// What every reader of a header needs; total, and linear in the text.
enum HeaderText {
  /// The parts between separators that stand neither in quotes nor in angle brackets.
  static func split(_ text: some StringProtocol, at separator: Character) -> [String] {
    var parts: [String] = []
    var part = ""
    var isQuoted = false
    var isEscaped = false
    var isInBrackets = false
    for character in text {
      if isEscaped {
        isEscaped = false
      } else if isQuoted {
        if character == "\\" { isEscaped = true }
        if character == "\"" { isQuoted = false }
      } else if character == "\"" {
        isQuoted = true
      } else if character == "<" {
        isInBrackets = true
      } else if character == ">" {
        isInBrackets = false
      } else if character == separator, !isInBrackets {
        parts.append(part)
        part = ""
        continue
      }
      part.append(character)
    }
    return parts + [part]
  }

  /// A folded header as one line: a line end and the blanks behind it are one blank (RFC 3261
  /// section 7.3.1).
  static func unfolded(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == 0x0D || $0 == 0x0A }) else { return text }
    var out = String.UnicodeScalarView()
    var isFold = false
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\r", "\n": isFold = true
      case " ", "\t":
        if !isFold { out.append(scalar) }
      default:
        if isFold { out.append(" ") }
        isFold = false
        out.append(scalar)
      }
    }
    return String(out)
  }

  /// Parameters between semicolons: names in lower case, values without quotes; a name alone has an empty one.
  static func parameters(_ text: some StringProtocol) -> [String: String] {
    var parameters: [String: String] = [:]
    for part in split(text, at: ";").prefix(16) {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard let name = pair.first else { continue }
      parameters[trimmed(name).lowercased()] = pair.count == 2 ? unquoted(pair[1]) : ""
    }
    return parameters
  }

  /// Without the blanks at both ends.
  static func trimmed(_ text: some StringProtocol) -> String {
    var rest = text[...].drop { $0 == " " || $0 == "\t" }
    while rest.last == " " || rest.last == "\t" { rest.removeLast() }
    return String(rest)
  }

  /// The text between quotes, its escapes undone; as it is where there are no quotes.
  static func unquoted(_ text: some StringProtocol) -> String {
    let whole = trimmed(text)
    guard whole.first == "\"" else { return whole }
    var out = ""
    var isEscaped = false
    for character in whole.dropFirst() {
      if isEscaped {
        out.append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "\"" {
        break
      } else {
        out.append(character)
      }
    }
    return out
  }
}
