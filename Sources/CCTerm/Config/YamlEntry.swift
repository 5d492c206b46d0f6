// What a configuration file says: flat, with the line each entry stands in.

/// One value of a YAML file, by its dotted key.
struct YamlEntry: Hashable, Sendable {
  /// `sip.registrar`.
  var key: String
  /// The scalar as it was written; nil for an empty one (`key:` or `key: ~`).
  var value: String?
  /// From 1.
  var line: Int
}

/// Why a file cannot be read, with the line.
struct YamlError: Error, Hashable, Sendable {
  /// From 1.
  var line: Int
  /// Half a sentence: `a list has no place here`.
  var problem: String
}
