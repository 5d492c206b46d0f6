// A YAML file as flat entries, by libyaml's event parser.

import CYaml

/// Reads the part of YAML that a configuration needs: one document of maps and scalars.
///
/// Lists, anchors, tags and a second document are refused by name: there is no key that takes one, and
/// what is not read must not look as if it were.
enum YamlReader {
  /// How deep maps may stand in one another.
  static let depth = 8

  /// The entries of a file in their order.
  static func read(_ bytes: [UInt8]) throws(YamlError) -> [YamlEntry] {
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else {
      throw YamlError(line: 1, problem: "there is no memory to read it")
    }
    defer { yaml_parser_delete(&parser) }
    let result = bytes.withUnsafeBufferPointer { input in
      yaml_parser_set_input_string(&parser, input.baseAddress, input.count)
      return Result { () throws(YamlError) in
        var walk = Walk(&parser)
        return try walk.document()
      }
    }
    return try result.get()
  }
}

/// One walk through the events of a file.
private struct Walk {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private var entries = [YamlEntry]()
  private var lines = [String: Int]()

  init(_ parser: UnsafeMutablePointer<yaml_parser_t>) { self.parser = parser }

  private enum Event {
    case mapStart, mapEnd, listStart, alias, documentStart, end, other
    case scalar(String?)
  }

  mutating func document() throws(YamlError) -> [YamlEntry] {
    var documents = 0
    while true {
      let (event, line) = try next()
      switch event {
      case .end: return entries
      case .documentStart:
        documents += 1
        guard documents == 1 else {
          throw YamlError(line: line, problem: "a second document has no place here")
        }
      case .mapStart: try map(below: "", depth: 1)
      case .scalar(nil): break
      case .scalar, .listStart, .alias:
        throw YamlError(line: line, problem: "\u{201C}key: value\u{201D} is expected")
      case .mapEnd, .other: break
      }
    }
  }

  private mutating func map(below prefix: String, depth: Int) throws(YamlError) {
    while true {
      let (event, line) = try next()
      switch event {
      case .mapEnd: return
      case .scalar(let name?) where !name.isEmpty:
        try value(of: prefix.isEmpty ? name : "\(prefix).\(name)", depth: depth)
      case .alias: throw YamlError(line: line, problem: "an alias has no place here")
      default: throw YamlError(line: line, problem: "a key is expected")
      }
    }
  }

  private mutating func value(of key: String, depth: Int) throws(YamlError) {
    let (event, line) = try next()
    switch event {
    case .scalar(let text):
      if let first = lines[key] {
        throw YamlError(line: line, problem: "\(key) stands in line \(first) already")
      }
      lines[key] = line
      entries.append(YamlEntry(key: key, value: text, line: line))
    case .mapStart:
      guard depth < YamlReader.depth else {
        throw YamlError(line: line, problem: "the keys are nested too deeply")
      }
      try map(below: key, depth: depth + 1)
    case .listStart:
      let form = key == "locked" ? ": \(Configuration.lockForm)" : ""
      throw YamlError(line: line, problem: "\(key) takes no list\(form)")
    case .alias: throw YamlError(line: line, problem: "an alias has no place here")
    default: throw YamlError(line: line, problem: "\(key) has no value that can be read")
    }
  }

  private func next() throws(YamlError) -> (Event, Int) {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else {
      let problem = parser.pointee.problem.map { String(cString: $0) } ?? "it is no YAML"
      let mark = max(parser.pointee.problem_mark.line, parser.pointee.context_mark.line)
      throw YamlError(line: Int(mark) + 1, problem: problem)
    }
    defer { yaml_event_delete(&event) }
    return (Self.meaning(of: event), Int(event.start_mark.line) + 1)
  }

  private static func meaning(of event: yaml_event_t) -> Event {
    switch event.type {
    case YAML_STREAM_END_EVENT: return .end
    case YAML_DOCUMENT_START_EVENT: return .documentStart
    case YAML_MAPPING_START_EVENT: return .mapStart
    case YAML_MAPPING_END_EVENT: return .mapEnd
    case YAML_SEQUENCE_START_EVENT: return .listStart
    case YAML_ALIAS_EVENT: return .alias
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let text = String(
        decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
      return .scalar(isPlain && (text.isEmpty || text == "~" || text == "null") ? nil : text)
    default: return .other
    }
  }
}
